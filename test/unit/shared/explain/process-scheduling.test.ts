// When and where a process may run is said of those that are not like the others.
import { describe, expect, it } from 'vitest';
import { explain } from '../../../../shared/explain/explain.ts';
import { prove } from '../../../../shared/explain/prove.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { assemble } from '../../../../shared/snapshot/assemble.ts';
import { aFrame, aTranscript, sourceText } from '../../../helpers/frames.ts';

const transcript = aTranscript([
  aFrame('status', sourceText('status/one-cpu-and-all.txt')),
  aFrame('stat', sourceText('stat/policies-and-nice.txt')),
]);
const model = resolveModel(assemble(transcript));

const said = (pid: number) =>
  explain(model, `process:${pid}`)
    ?.groups.flatMap(({ facts }) => facts)
    .filter(({ label }) => ['Scheduling', 'Nice', 'Runs on CPUs'].includes(label)) ?? [];

describe('a process', () => {
  it.each([
    [10516, ['Runs on CPUs: 1 (1 of 2)']],
    [10517, ['Nice: 7']],
    [10518, ['Scheduling: SCHED_FIFO, priority 50']],
    [10519, ['Scheduling: SCHED_RR, priority 3']],
    [10520, ['Scheduling: SCHED_BATCH']],
    [10521, ['Scheduling: SCHED_IDLE']],
    [10522, ['Scheduling: SCHED_DEADLINE']],
  ])('%i says what is odd about it', (pid, words) =>
    expect(said(pid).map(({ label, value }) => `${label}: ${value}`)).toEqual(words),
  );

  it('shows the lines behind it', () => {
    const proofs = said(10516).flatMap(({ evidence }) => evidence.map((one) => prove(transcript, one)));
    const says = proofs.flatMap((proof) => proof?.lines.filter((line) => line.says) ?? []);
    expect(says.map(({ text }) => text)).toEqual([expect.stringContaining('Cpus_allowed_list:')]);
  });

  it('is told in the model whether it is odd or not', () => {
    expect(model.processes.find(({ pid }) => pid === 10517)).toMatchObject({
      scheduling: { policy: 'SCHED_OTHER', priority: 27, realtimePriority: 0, nice: 7 },
      cpus: { list: '0-1' },
    });
  });

  it('is not asked about its CPUs in transcripts from before that', () => {
    const status = sourceText('status/one-cpu-and-all.txt').replace(/.*Cpus_allowed_list.*\n/g, '');
    const older = resolveModel(assemble(aTranscript([aFrame('status', status)])));
    expect(older.processes.map(({ cpus, scheduling }) => [cpus, scheduling])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
    expect(older.findings.filter(({ kind }) => kind === 'unparsable')).toEqual([]);
  });
});
