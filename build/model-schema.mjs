// Writes shared/model/model.schema.json, the contract of `nsatlas show --format json`, from the types of shared/model and
// their comments: `npm run schema`. A test fails when it was forgotten.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'prettier';
import { createGenerator } from 'ts-json-schema-generator';
import style from './prettier.config.mjs';

const root = path.resolve(import.meta.dirname, '..');
export const schemaFile = path.join(root, 'shared/model/model.schema.json');

const kinds = '(cgroup|ipc|mnt|net|net/dev|pid|time|user|uts)';
const namespace = `${kinds}:\\[\\d+\\]`;
/** What the template literal types of shared/model/id.ts mean; the generator knows them as any text. */
const patterns = {
  NamespaceId: `^${namespace}$`,
  ProcessId: '^process:\\d+$',
  LinkId: `^link:${namespace}/\\d+$`,
  ContainerId: '^container:.+$',
  SocketId: '^socket:.+$',
  RouteId: '^route:.+$',
  ForwardId: '^forward:.+$',
  UndiscoveredId: '^undiscovered:.+$',
  Privilege: '^(user|root|userns:\\d+)$',
};

/** The schema as text. Objects are open: names may be added later, never changed. */
export async function modelSchema() {
  const generated = createGenerator({
    path: path.join(root, 'shared/model/model.ts'),
    tsconfig: path.join(root, 'shared/tsconfig.json'),
    type: 'Model',
    topRef: false,
    // `npm run check` does that, with the project's own compiler.
    skipTypeCheck: true,
    additionalProperties: true,
  }).createSchema('Model');
  const { $schema: _, definitions, ...top } = generated;
  for (const [name, pattern] of Object.entries(patterns)) {
    const definition = definitions?.[name];
    if (typeof definition !== 'object' || definition.type !== 'string')
      throw new Error(`no text type ${name} any more`);
    definition.pattern = pattern;
  }
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://nsatlas.invalid/model.schema.json',
    title: 'nsatlas model',
    description: 'The namespaces of one Linux host at one time, and how they connect.',
    ...to2020(top),
    $defs: to2020(definitions),
  };
  return await format(JSON.stringify(schema), { parser: 'json', printWidth: style.printWidth ?? 80 });
}

/**
 * The generator writes draft 7; tuples and the place of definitions were renamed since.
 *
 * @param {any} value
 * @returns {any}
 */
function to2020(value) {
  if (Array.isArray(value)) return value.map(to2020);
  if (typeof value === 'string') return value.replace(/^#\/definitions\//, '#/$defs/');
  if (typeof value !== 'object' || value === null) return value;
  const { items, additionalItems: _, ...rest } = value;
  return {
    ...Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, to2020(inner)])),
    ...(Array.isArray(items) ? { prefixItems: to2020(items), items: false } : items ? { items: to2020(items) } : {}),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await writeFile(schemaFile, await modelSchema());
}
