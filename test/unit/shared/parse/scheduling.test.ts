// When and where a process may run: fields of stat, one line of status.
import { describe, expect, it } from 'vitest';
import { parseStat } from '../../../../shared/parse/stat.ts';
import { parseStatus } from '../../../../shared/parse/status.ts';
import { aFrame, quoted, sourceText } from '../../../helpers/frames.ts';

describe('stat', () => {
  it('tells policy, priority and nice', () => {
    const frame = aFrame('stat', sourceText('stat/policies-and-nice.txt'));
    const { facts, unparsable } = parseStat(frame);
    expect(unparsable).toEqual([]);
    const told = facts.map(({ scheduling }) => scheduling);
    expect(told.map((one) => [one?.policy, one?.priority, one?.realtimePriority, one?.nice])).toEqual([
      ['SCHED_OTHER', 20, 0, 0],
      ['SCHED_OTHER', 27, 0, 7],
      ['SCHED_FIFO', -51, 50, 0],
      ['SCHED_RR', -4, 3, 0],
      ['SCHED_BATCH', 20, 0, 0],
      ['SCHED_IDLE', 20, 0, 0],
      ['SCHED_DEADLINE', -101, 0, 0],
    ]);
    expect(quoted(frame, told[2]?.evidence ?? {})).toMatch(/ -51 0 1 .* 50 1 /);
  });

  it('counts them behind a name with brackets and newlines', () => {
    const { facts } = parseStat(aFrame('stat', sourceText('stat/name-with-newline-bracket-backslash.txt')));
    expect(facts.map(({ scheduling }) => scheduling?.policy)).toEqual(['SCHED_OTHER', 'SCHED_OTHER']);
    expect(facts[0]?.scheduling?.evidence).toEqual({ frame: 0, section: 'stat', line: 1 });
  });

  it('gives a policy that is not known by its number, and none where the line ends before it', () => {
    const line = (fields: string) => `/proc/9/stat:9 (x) S 1 9 9 0 -1 0 ${'0 '.repeat(8)}20 -5 1 0 77 ${fields}\n`;
    const whole = parseStat(aFrame('stat', line(`${'0 '.repeat(17)}0 12 0`))).facts[0];
    expect(whole).toMatchObject({ startTicks: 77, scheduling: { policy: '12', nice: -5 } });
    expect(parseStat(aFrame('stat', line('0 0'))).facts[0]).toMatchObject({ startTicks: 77, scheduling: undefined });
  });
});

describe('status', () => {
  it('tells the CPUs a process may run on', () => {
    const frame = aFrame('status', sourceText('status/one-cpu-and-all.txt'));
    const { facts, unparsable } = parseStatus(frame);
    expect(unparsable).toEqual([]);
    expect(facts.map(({ cpus }) => cpus?.list)).toEqual(['1', '0-1']);
    expect(quoted(frame, facts[0]?.cpus?.evidence ?? {})).toBe('/proc/10516/status:Cpus_allowed_list:\t1');
  });

  it.each(['0-3,8-11', '0', '5,7'])('takes the list %j', (list) => {
    const text = `/proc/7/status:Name:\tx\n/proc/7/status:Cpus_allowed_list:\t${list}\n`;
    expect(parseStatus(aFrame('status', text)).facts[0]?.cpus?.list).toBe(list);
  });

  it.each(['', '0-', 'all', '3-1-2'])('says of %j that it is no such list', (list) => {
    const text = `/proc/7/status:Name:\tx\n/proc/7/status:Cpus_allowed_list:\t${list}\n`;
    const { facts, unparsable } = parseStatus(aFrame('status', text));
    expect(facts).toMatchObject([{ name: 'x', cpus: undefined }]);
    expect(unparsable).toHaveLength(1);
  });
});
