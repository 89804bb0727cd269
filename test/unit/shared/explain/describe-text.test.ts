// The text overview and the one-line summary.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeText } from '../../../../shared/explain/describe-text.ts';
import { explain } from '../../../../shared/explain/explain.ts';
import { summarise, summariseInShort } from '../../../../shared/explain/summarise.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { aHost, aLink, anEntities, aNamespace, aProcess, at, net } from '../../../helpers/entities.ts';
import { referenceEntities } from '../../../helpers/reference-entities.ts';

const expected = path.resolve(import.meta.dirname, '../../../fixtures/text/article.txt');

describe('describeText', () => {
  it('of the article’s host', async () => {
    await expect(describeText(resolveModel(referenceEntities()))).toMatchFileSnapshot(expected);
  });

  it('says what keeps a namespace that nobody is in', () => {
    const evidence = [at('ns')];
    const text = describeText(
      resolveModel(
        anEntities({
          processes: [aProcess(7, { argv: 'perl', namespaces: { user: 30 } })],
          namespaces: [
            aNamespace(net(9), { keptBy: [{ by: 'thread', process: 'process:7', tid: 12, evidence }] }),
            aNamespace(net(10), { keptBy: [{ by: 'socket', process: 'process:7', fd: 3, evidence }] }),
            aNamespace(net(11), { keptBy: [{ by: 'lsns', evidence }] }),
            aNamespace('user:[20]', {
              keptBy: [{ by: 'namespace', namespace: 'user:[30]', as: 'parent', evidence }],
            }),
          ],
        }),
      ),
    );
    expect(text).toContain('thread 12 of perl[7] · net:[9] · no process\n    Thread: thread 12 of perl[7]\n');
    expect(text).toContain('no process\n    Socket: file descriptor 3 of perl[7]\n');
    expect(text).toContain('net:[11] · net:[11] · no process\n    Kept by: not known\n');
    expect(text).toContain('parent of ns of perl[7] · user:[20] · no process · Parent of: ns of perl[7] · user:[30]\n');
  });

  it('gives no path that leads elsewhere, where the mount that keeps one is covered', () => {
    const mount = {
      by: 'mount' as const,
      path: '/run/netns/a',
      mountNamespace: undefined,
      evidence: [at('mountinfo')],
    };
    const covered = aNamespace(net(9), { keptBy: [{ ...mount, covered: true }] });
    const covering = aNamespace(net(10), { keptBy: [{ ...mount, reachableAs: '/run/netns/a' }] });
    const model = resolveModel(anEntities({ namespaces: [covered, covering] }));
    const text = describeText(model);
    expect(text).toContain('net:[9] · no process\n    Mounted at: /run/netns/a · covered by another mount\n');
    expect(text).toContain('netns a · net:[10] · no process\n    opens as /run/netns/a\n');
    expect(text.match(/netns a ·|opens as/g)).toHaveLength(2);
    const explained = explain(model, net(9));
    expect(explained?.groups.flatMap(({ facts }) => facts.map(({ label }) => label))).not.toContain('Opens as');
    expect(explained?.tryIt).toBeUndefined();
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

describe('summariseInShort', () => {
  const links = [aLink(net(1), 1, 'lo')];
  const seen = aProcess(2, { namespaces: { net: 1 } });
  const closed = aProcess(1, { uid: 0, user: 'root' });

  it('says what is closed, and that sudo shows more', () => {
    expect(summariseInShort(resolveModel(anEntities({ links, processes: [seen] })))).toBe(
      'Nothing is closed to ec2-user.',
    );
    expect(summariseInShort(resolveModel(anEntities({ links, processes: [seen, closed] })))).toBe(
      '1 of 2 processes closed to ec2-user, more with sudo',
    );
  });

  it('says first that the run broke off', () => {
    const model = resolveModel(anEntities({ host: aHost({ complete: false }), links, processes: [seen, closed] }));
    expect(summariseInShort(model)).toMatch(/^The run broke off, 1 of 2 processes closed to /);
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
