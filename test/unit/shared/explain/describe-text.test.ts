// The text overview and the one-line summary.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeText } from '../../../../shared/explain/describe-text.ts';
import { summarise } from '../../../../shared/explain/summarise.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { aHost, aLink, anEntities, aProcess, net } from '../../../helpers/entities.ts';
import { referenceEntities } from '../../../helpers/reference-entities.ts';

const expected = path.resolve(import.meta.dirname, '../../../fixtures/text/article.txt');

describe('describeText', () => {
  it('of the article’s host', async () => {
    await expect(describeText(resolveModel(referenceEntities()))).toMatchFileSnapshot(expected);
  });

  it('does not depend on the order of what came in', () => {
    const entities = referenceEntities();
    const turned = {
      ...entities,
      links: [...entities.links].reverse(),
      processes: [...entities.processes].reverse(),
      namespaces: [...entities.namespaces].reverse(),
      routes: [...entities.routes].reverse(),
      runtimeStates: [...entities.runtimeStates].reverse(),
    };
    expect(describeText(resolveModel(turned))).toBe(describeText(resolveModel(entities)));
  });
});

describe('summarise', () => {
  const closed = { processes: [aProcess(1, { uid: 0, user: 'root' }), aProcess(2, { namespaces: { net: 1 } })] };
  const links = [aLink(net(1), 1, 'lo')];

  it('says that all was seen', () => {
    const processes = [aProcess(2, { namespaces: { net: 1 } })];
    expect(summarise(resolveModel(anEntities({ links, processes })))).toBe(
      'Seen: 1 of 1 network namespaces, 1 of 1 processes’ namespaces. Nothing is closed to ec2-user.',
    );
  });

  it('says what is closed and what sudo adds', () => {
    expect(summarise(resolveModel(anEntities({ links, ...closed })))).toBe(
      'Seen: 1 of 1 network namespaces, 1 of 2 processes’ namespaces. With sudo: 1 more process’s namespaces.',
    );
  });

  it('does not send root to sudo', () => {
    const host = aHost({ user: { name: 'root', uid: 0 } });
    expect(summarise(resolveModel(anEntities({ host, links, ...closed })))).not.toContain('sudo');
  });

  it('says that the run broke off', () => {
    const host = aHost({ complete: false });
    expect(summarise(resolveModel(anEntities({ host, links })))).toMatch(
      /^The run broke off.*Collect again to have it whole\.$/,
    );
  });
});
