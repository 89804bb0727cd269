// The schema of the JSON that `nsatlas show --format json` writes: up to date with the types, and true of real models.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { modelSchema, schemaFile } from '../../../../build/model-schema.mjs';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { referenceEntities } from '../../../helpers/reference-entities.ts';
import { schemaErrors } from '../../../helpers/validate-model.ts';

const committed = readFileSync(schemaFile, 'utf8');

describe('model.schema.json', () => {
  it('is what the types say: else run `npm run schema`', async () => {
    expect(committed).toBe(await modelSchema());
  }, 30_000);

  it('is true of a resolved model, written as JSON and read again', () => {
    expect(schemaErrors(resolveModel(referenceEntities()))).toEqual([]);
  });

  it('refuses what is missing, and ids of another form', () => {
    const { findings: _, ...incomplete } = resolveModel(referenceEntities());
    expect(schemaErrors(incomplete)).toEqual([" must have required property 'findings'"]);
    const links = incomplete.links.map((link) => ({ ...link, netns: 'net:4026531840' as 'net:[1]' }));
    expect(schemaErrors({ ...incomplete, findings: [], links })[0]).toMatch(/^\/links\/0\/netns must match pattern/);
  });

  it('holds the names other programs rely on', () => {
    const schema = JSON.parse(committed) as {
      properties: Record<string, unknown>;
      $defs: Record<string, { properties: Record<string, unknown> }>;
    };
    const names = ['formatVersion', 'host', 'namespaces', 'processes', 'containers', 'links', 'relations'];
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining([...names, 'routes', 'sockets', 'findings']));
    const of = (type: string) => Object.keys(schema.$defs[type]?.properties ?? {});
    expect(of('Namespace')).toEqual(expect.arrayContaining(['id', 'kind', 'inode']));
    expect(of('Link')).toEqual(expect.arrayContaining(['id', 'netns', 'ifindex', 'name', 'kind', 'addresses']));
    expect(of('Relation')).toEqual(expect.arrayContaining(['kind', 'from', 'to', 'certainty', 'evidence']));
  });
});
