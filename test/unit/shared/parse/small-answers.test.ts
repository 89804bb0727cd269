// host, accounts, subuid, id-map, nsid, standard error.
import { describe, expect, it } from 'vitest';
import { parseAccounts } from '../../../../shared/parse/accounts.ts';
import {
  byteOrderOf,
  parseBootId,
  parseDate,
  parseId,
  parseNumber,
  parseOsRelease,
  parseUname,
} from '../../../../shared/parse/host-facts.ts';
import { parseIdMaps } from '../../../../shared/parse/id-map.ts';
import { parseNetnsIds } from '../../../../shared/parse/nsid.ts';
import { causeOf, parseRefusals } from '../../../../shared/parse/refusals.ts';
import { parseSubordinateRanges } from '../../../../shared/parse/subuid.ts';
import { aFrame, sourceText } from '../../../helpers/frames.ts';

describe('host', () => {
  it('reads uname', () => {
    expect(parseUname('Linux ip-172-31-40-91 6.1.112 x86_64\n')).toEqual({
      hostname: 'ip-172-31-40-91',
      kernel: '6.1.112',
      architecture: 'x86_64',
    });
    expect(parseUname('')).toBeUndefined();
  });

  it.each([
    ['NAME="x"\nPRETTY_NAME="Amazon Linux 2023"\n', 'Amazon Linux 2023'],
    ['PRETTY_NAME=\'a "b"\'', 'a "b"'],
    ['PRETTY_NAME=Alpine', 'Alpine'],
    ['PRETTY_NAME="cost \\$5"', 'cost $5'],
    ['ID=x', undefined],
  ])('reads the name in %j', (text, name) => expect(parseOsRelease(text)).toBe(name));

  it.each([
    ['uid=1000(ec2-user) gid=1000(ec2-user) groups=1000(ec2-user)', { uid: 1000, name: 'ec2-user' }],
    ['uid=4711 gid=0(root)', { uid: 4711, name: '4711' }],
    ['id: no such user', undefined],
  ])('reads %j', (text, id) => expect(parseId(text)).toEqual(id));

  it('takes only what has the form', () => {
    expect(parseNumber('1143\n')).toBe(1143);
    expect(parseNumber('x')).toBeUndefined();
    expect(parseDate('2026-11-23T15:58:28Z\n')).toBe('2026-11-23T15:58:28Z');
    expect(parseDate('yesterday')).toBeUndefined();
    expect(parseBootId('75f84325-510c-4c11-8a28-dc671f37f96c\n')).toBe('75f84325-510c-4c11-8a28-dc671f37f96c');
    expect([byteOrderOf('s390x'), byteOrderOf('x86_64'), byteOrderOf('ppc64le')]).toEqual(['big', 'little', 'little']);
  });
});

describe('accounts and ranges', () => {
  it('reads accounts, not nss_compat lines', () => {
    const { facts, unparsable } = parseAccounts(aFrame('host', 'root:0\n+::\nec2-user:1000\nbad\n'));
    expect(facts.map(({ name, uid }) => [name, uid])).toEqual([
      ['root', 0],
      ['ec2-user', 1000],
    ]);
    expect(unparsable).toHaveLength(1);
  });

  it('reads subordinate ranges', () => {
    expect(parseSubordinateRanges(aFrame('host', '# who\nec2-user:100000:65536\n1001:165536:65536\n')).facts).toEqual([
      { user: 'ec2-user', start: 100000, count: 65536 },
      { user: '1001', start: 165536, count: 65536 },
    ]);
  });

  it('reads id maps', () => {
    expect(
      parseIdMaps(aFrame('id-map', sourceText('id-map/rootless.txt'))).facts.map(({ pid, of, range }) => [
        pid,
        of,
        ...Object.values(range),
      ]),
    ).toEqual([
      [83, 'uid', 0, 0, 4294967295],
      [92, 'uid', 0, 1000, 1],
      [92, 'uid', 1, 100000, 65536],
      [83, 'gid', 0, 0, 4294967295],
      [92, 'gid', 0, 1000, 1],
      [92, 'gid', 1, 100000, 65536],
    ]);
  });
});

describe('nsid', () => {
  it('gives the ids that were given out, and says where there is none', () => {
    const { facts, unparsable } = parseNetnsIds(aFrame('nsid', sourceText('nsid/two-known-two-unassigned.txt')));
    expect(unparsable).toEqual([]);
    expect(facts).toMatchObject([
      { netns: 'net:[4026532182]', netnsid: -1, evidence: { line: 1 } },
      { netns: 'net:[4026532255]', netnsid: -1, evidence: { line: 2 } },
      { netns: 'net:[4026532330]', netnsid: 0, evidence: { line: 3 } },
      { netns: 'net:[4026532407]', netnsid: 1, evidence: { line: 4 } },
    ]);
  });
});

describe('refusals', () => {
  it.each(['refusals/find-ns.txt', 'refusals/gnu-ls.txt', 'refusals/busybox-ls.txt'])('reads %s', (name) => {
    const refusals = parseRefusals(sourceText(name));
    expect(refusals).toHaveLength(10);
    expect(refusals.every(({ pid, cause }) => pid === 1 && cause === 'not-permitted')).toBe(true);
    expect(refusals.map(({ file }) => file).sort()[0]).toBe('ns/cgroup');
  });

  it.each([
    ["find: '/proc/1228/fd': No such file or directory", 'gone'],
    ['grep: /proc/77/cmdline: No such process', 'gone'],
    ["nsenter: reassociate to namespace 'ns/net' failed: Operation not permitted", 'not-permitted'],
    ['find: unrecognized: -printf', 'not-supported'],
    ['sh: 1: lsns: not found', 'not-supported'],
    ['Segmentation fault', undefined],
  ])('takes %j as %j', (text, cause) => expect(causeOf(text)).toBe(cause));
});
