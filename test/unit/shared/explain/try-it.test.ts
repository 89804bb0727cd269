// The command that enters a network namespace, by whatever leads there.
import { describe, expect, it } from 'vitest';
import { explain } from '../../../../shared/explain/explain.ts';
import { quoted } from '../../../../shared/explain/try-it.ts';
import type { Keeper } from '../../../../shared/model/namespace.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { aHost, anEntities, aNamespace, aProcess, at, net } from '../../../helpers/entities.ts';

const evidence = [at('ns')];
const mount = (fields: Partial<Extract<Keeper, { by: 'mount' }>>): Keeper => ({
  by: 'mount',
  path: '/run/netns/a',
  mountNamespace: undefined,
  evidence,
  ...fields,
});

/** The login user has the user namespace 30, and PID 7 is in it; PID 8 is in the host's. */
const tryIt = (keptBy: readonly Keeper[], ...inside: readonly number[]) => {
  const model = resolveModel(
    anEntities({
      host: aHost({ initialNamespaces: { user: { id: 'user:[1]', certainty: 'certain' } } }),
      namespaces: [aNamespace(net(9), { keptBy })],
      processes: [7, 8].map((pid) =>
        aProcess(pid, { namespaces: { user: pid === 7 ? 30 : 1, net: inside.includes(pid) ? 9 : 5 } }),
      ),
    }),
  );
  return explain(model, net(9))?.tryIt?.replace(' ip -d address show', '');
};

describe('a network namespace is entered', () => {
  it.each<[string, readonly Keeper[], readonly number[], string | undefined]>([
    ['by a process, from inside its user namespace', [], [7], 'nsenter -t 7 -U --preserve-credentials -n'],
    ['by a process of the host’s user namespace, as root', [], [8], 'sudo nsenter -t 8 -n'],
    ['by its mount', [mount({ reachableAs: '/run/netns/a' })], [], 'sudo nsenter --net=/run/netns/a'],
    [
      'by its mount as the owner of another mount namespace sees it',
      [mount({ reachableAs: '/proc/7/root/run/netns/a b' })],
      [],
      "nsenter -t 7 -U --preserve-credentials --net='/proc/7/root/run/netns/a b'",
    ],
    ['by an open file', [{ by: 'fd', process: 'process:7', fd: 3, evidence }], [], 'sudo nsenter --net=/proc/7/fd/3'],
    [
      'by a thread',
      [{ by: 'thread', process: 'process:7', tid: 12, evidence }],
      [],
      'sudo nsenter --net=/proc/7/task/12/ns/net',
    ],
    ['by a socket', [{ by: 'socket', process: 'process:7', fd: 4, evidence }], [], 'sudo nsenter -t 7 -N 4'],
    [
      'not by a mount that is covered, where something else leads there',
      [mount({ covered: true }), { by: 'fd', process: 'process:7', fd: 3, evidence }],
      [],
      'sudo nsenter --net=/proc/7/fd/3',
    ],
    ['by nothing, where only lsns lists it', [{ by: 'lsns', evidence }], [], undefined],
  ])('%s', (_, keptBy, inside, command) => expect(tryIt(keptBy, ...inside)).toBe(command));
});

describe('a word for a shell', () => {
  it.each([
    ['eth0', 'eth0'],
    ['$(reboot)', `'$(reboot)'`],
    ["it's", String.raw`'it'\''s'`],
    ['back\\slash', String.raw`'back\slash'`],
    ['br\ufffdff', String.raw`$'br\xff'`],
    ["'\\\ufffdfe0", String.raw`$'\'\\\xfe0'`],
    ['a\ufffdb', `'a\ufffdb'`],
  ])('%s', (text, word) => {
    expect(quoted(text)).toBe(word);
  });
});
