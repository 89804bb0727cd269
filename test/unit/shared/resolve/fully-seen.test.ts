// What was left out does not all cast doubt on networks: only where a network namespace may be behind it.
import { describe, expect, it } from 'vitest';
import type { Entities } from '../../../../shared/model/entities.ts';
import { closedNetnsId } from '../../../../shared/model/id.ts';
import type { ProcessId } from '../../../../shared/model/id.ts';
import type { MountTable } from '../../../../shared/model/mount.ts';
import type { Finding } from '../../../../shared/model/finding.ts';
import { isFullySeen, isLookedBehind } from '../../../../shared/resolve/fully-seen.ts';
import { indexOf, isListed } from '../../../../shared/resolve/known.ts';
import type { Known } from '../../../../shared/resolve/known.ts';
import { aHost, aLink, aNamespace, anEntities, aProcess, at, net } from '../../../helpers/entities.ts';

const root = aHost({
  user: { name: 'root', uid: 0 },
  initialNamespaces: { pid: { id: 'pid:[4026531836]', certainty: 'certain' } },
});

const table = (readThrough: ProcessId): MountTable => ({
  mountNamespace: 'mnt:[2]',
  readThrough,
  count: 0,
  countAsOnHost: 0,
  mounts: [],
});

const cut = (rule: string, section?: string): Finding => ({
  id: `finding:${rule}`,
  kind: 'too-large',
  rule,
  subjects: ['host'],
  message: '',
  values: section === undefined ? {} : { section },
  evidence: [],
});

function known(findings: readonly Finding[], fields: Partial<Entities> = {}): Known {
  const entities = anEntities({
    host: root,
    processes: [aProcess(1, { namespaces: { net: 1, pid: 4026531836 } })],
    links: [aLink(net(1), 1, 'lo')],
    findings,
    ...fields,
  });
  const none = { containers: [], sandboxes: [], netnsIds: [], relations: [], forwards: [], findings: [] };
  return { ...none, rootlessKits: [], roles: new Map(), namespaces: new Map(), entities, index: indexOf(entities) };
}

describe('lsns looked behind open files and sockets', () => {
  const lookedBehind = (lsns: string | undefined, findings: readonly Finding[] = []) =>
    isLookedBehind(known(findings, { host: { ...root, tools: lsns === undefined ? {} : { lsns } } }));

  it.each([
    [undefined, false],
    ['lsns from util-linux 2.40.4', false],
    ['lsns from util-linux 2.41', true],
  ])('%s: %s', (lsns, looked) => expect(lookedBehind(lsns)).toBe(looked));

  it('but not where it gave up', () => {
    const gaveUp = (section: string, rule = 'section.undiscovered'): Finding => ({
      ...cut(rule, section),
      kind: 'undiscovered',
    });
    expect(lookedBehind('lsns from util-linux 2.41', [gaveUp('lsns')])).toBe(false);
    expect(lookedBehind('lsns from util-linux 2.41', [gaveUp('fdb'), gaveUp('lsns', 'lsns.old')])).toBe(true);
  });
});

describe('everything was seen', () => {
  it.each([
    ['where nothing was left out', [], true],
    ['though mounts are not all listed', [cut('mounts.cut')], true],
    ['though control groups were not all asked', [cut('cgroups.not-asked')], true],
    ['though not all were asked for their firewall rules', [cut('firewall.not-asked')], true],
    ['but not where mountinfo itself was cut', [cut('section.too-large', 'mountinfo')], false],
  ])('%s', (_, findings, seen) => expect(isFullySeen(known(findings))).toBe(seen));

  it.each([
    ['hidden', false],
    ['not-permitted', false],
    ['timed-out', false],
    ['connection-lost', false],
    ['gone', true],
    ['note', true],
  ] as const)('with a finding of kind %s: %s', (kind, seen) => {
    expect(isFullySeen(known([{ ...cut('any'), kind }]))).toBe(seen);
    // More of links that are known hides none.
    expect(isFullySeen(known([{ ...cut('any', 'fdb'), kind }]))).toBe(true);
  });

  const first = aProcess(1, { namespaces: { net: 1, pid: 4026531836 } });
  it.each<[string, Partial<Entities>, boolean]>([
    ['though a zombie has no namespaces any more', { processes: [first, aProcess(9, { state: 'Z' })] }, true],
    [
      'but not where the main thread alone has ended: others may be anywhere',
      { processes: [first, aProcess(9, { state: 'Z', threads: 2 })] },
      false,
    ],
    ['but not where what is mounted in a mount namespace was not read', { namespaces: [aNamespace('mnt:[2]')] }, false],
    ['with all mounts read', { namespaces: [aNamespace('mnt:[2]')], mountTables: [table('process:1')] }, true],
    [
      'but not where they were read from inside a chroot',
      {
        processes: [
          first,
          aProcess(2, { namespaces: { net: 1 }, rootDirectory: { path: '/srv', evidence: at('root') } }),
        ],
        namespaces: [aNamespace('mnt:[2]')],
        mountTables: [table('process:2')],
      },
      false,
    ],
    ['but not where a process hides its network namespace', { processes: [first, aProcess(9)] }, false],
    [
      'but not where it hides that one alone',
      { processes: [first, aProcess(9, { namespaces: { user: 1, pid: 4026531836 } })] },
      false,
    ],
    ['but not by somebody who is not root', { host: { ...root, user: { name: 'bob', uid: 1001 } } }, false],
    ['but not in a run that broke off', { host: { ...root, complete: false } }, false],
    [
      'but not where of a link it is not known what it is',
      { links: [aLink(net(1), 1, 'lo'), aLink(net(1), 2, 'eth0', { kind: 'unknown' })] },
      false,
    ],
    ['but not where a network namespace was not entered', { namespaces: [aNamespace(net(2))] }, false],
    [
      // A host that is a container itself: processes outside, and their network namespaces, do not show in its /proc.
      'but not in another PID namespace than the initial one',
      { host: { ...root, initialNamespaces: { pid: { id: 'pid:[4026532700]', certainty: 'certain' } } } },
      false,
    ],
    ['but not where it is unknown in which PID namespace', { host: { ...root, initialNamespaces: {} } }, false],
  ])('%s', (_, fields, seen) => expect(isFullySeen(known([], fields))).toBe(seen));

  it('but not where of a process /proc/PID/net alone told where it is', () => {
    const first = aProcess(1, { namespaces: { net: 1, pid: 4026531836 } });
    const closed = {
      ...aProcess(2, { namespaces: { net: 1 } }),
      netnsBy: { rule: 'netns.proc-net-known', evidence: [] },
    };
    expect(isFullySeen(known([], { processes: [first, closed] }))).toBe(false);
  });

  it('but not where of a network namespace /proc/PID/net alone tells, though it has but its loopback', () => {
    const id = closedNetnsId(7);
    const { namespaces, links } = known([]).entities;
    const told = { id, kind: 'net', procNet: { devInode: 7, localAddresses: [] } } as const;
    const more = {
      namespaces: [...namespaces, { ...told, processIds: [], leaderIds: [], keptBy: [], evidence: [] }],
      links: [...links, aLink(id, 1, 'lo')],
    };
    expect(isFullySeen(known([], more))).toBe(false);
    expect(isListed(known([], more).index, net(1))).toBe(true);
    expect(isListed(known([], more).index, id)).toBe(false);
  });
});
