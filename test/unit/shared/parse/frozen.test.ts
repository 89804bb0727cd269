// Which control groups are frozen, in both versions, and who is in them.
import { describe, expect, it } from 'vitest';
import { parseCgroupMembers, parseFrozenCgroups } from '../../../../shared/parse/frozen.ts';
import { aFrame, quoted, sourceText } from '../../../helpers/frames.ts';

const id = 'a'.repeat(63) + '7';

describe('frozen', () => {
  it('is told by cgroup.events, of groups below a frozen one too', () => {
    const text = sourceText('frozen/version-2-one-in-a-frozen-one.txt');
    const frame = aFrame('frozen', text, { key: '2 / /sys/fs/cgroup 0' });
    const { facts, unparsable, notAsked } = parseFrozenCgroups(frame);
    expect(facts).toMatchObject([
      { version: 2, path: '/docker-a.scope', state: 'thawed' },
      { version: 2, path: '/docker-b.scope/in', state: 'frozen' },
    ]);
    expect(quoted(frame, facts[1]?.evidence ?? {})).toMatch(/in\/cgroup\.events:frozen 1$/);
    expect([unparsable, notAsked]).toEqual([[], 0]);
  });

  it('is told by freezer.state', () => {
    const frame = aFrame('frozen', sourceText('frozen/version-1.txt'), { key: '1 / /sys/fs/cgroup/freezer 3' });
    const { facts, notAsked } = parseFrozenCgroups(frame);
    expect(facts).toMatchObject([
      { version: 1, path: `/fixture/docker/${id}`, state: 'frozen' },
      { version: 1, path: '/fixture/thawed', state: 'thawed' },
    ]);
    expect(notAsked).toBe(3);
  });

  it.each([
    ['1 / /f 0', '/f/a/freezer.state:FREEZING', [['/a', 'freezing']]],
    // The mount shows a part of the hierarchy only.
    ['2 /pod /cg 0', '/cg/a/cgroup.events:frozen 1', [['/pod/a', 'frozen']]],
    ['2 / /cg 0', '/cg/a:b/cgroup.events:frozen 0', [['/a:b', 'thawed']]],
  ])('with key %j, of %j', (key, line, groups) =>
    expect(parseFrozenCgroups(aFrame('frozen', line, { key })).facts.map(({ path, state }) => [path, state])).toEqual(
      groups,
    ),
  );

  it.each([
    ['2 / /cg 0', '/cg/a/cgroup.events:frozen 2'],
    ['2 / /cg 0', '/cg/a/freezer.state:FROZEN'],
    ['2 / /cg 0', '/elsewhere/a/cgroup.events:frozen 1'],
    ['1 / /cg 0', '/cg/a/freezer.state:toString'],
    ['3 / /cg', '/cg/a/cgroup.events:frozen 1'],
  ])('gives back with key %j what it cannot read: %j', (key, line) => {
    const { facts, unparsable } = parseFrozenCgroups(aFrame('frozen', line, { key }));
    expect([facts.length, unparsable.length]).toEqual([0, 1]);
  });
});

describe('cgroup', () => {
  it('tells the group of each hierarchy that can freeze', () => {
    const members = parseCgroupMembers(aFrame('cgroup', sourceText('cgroup/freezer-of-version-1.txt')));
    expect(members.map(({ pid, version, path }) => [pid, version, path])).toEqual([
      [5246, 1, `/fixture/docker/${id}`],
      [5246, 2, '/'],
      [5248, 1, '/fixture/thawed'],
      [5248, 2, '/'],
    ]);
  });

  it('finds the freezer among other controllers', () => {
    const text =
      '/proc/9/cgroup:3:cpu,freezer,pids:/a:b\n/proc/9/cgroup:4:freezers:/c\n/proc/9/cgroup:5:name=freezer:/d\n';
    expect(parseCgroupMembers(aFrame('cgroup', text))).toMatchObject([{ version: 1, path: '/a:b' }]);
  });
});
