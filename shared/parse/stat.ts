// /proc/PID/stat (proc_pid_stat(5)) through `grep -aH ''`:
//
//   1 (systemd) S 0 1 1 0 -1 4194560 …
//
// The name stands in brackets as it is, and may hold brackets, blanks and newlines itself: `) R 1 (`. So the fields
// are counted from the last `)` of the file, which the kernel writes. After it: state (field 3), ppid (4), flags (9),
// priority (18), nice (19), starttime (22, clock ticks after boot), rt_priority (40), policy (41).
import type { Evidence } from '../model/evidence.ts';
import type { Scheduling } from '../model/scheduling.ts';
import { evidenceAt, unparsableAt } from './parsed.ts';
import type { Parsed, Source, Unparsable } from './parsed.ts';
import { forEachProcFile } from './proc-lines.ts';

export interface ProcessStat {
  readonly pid: number;
  readonly name: string;
  readonly state: string;
  readonly ppid: number;
  readonly kernelThread: boolean;
  readonly startTicks: number;
  readonly scheduling: Scheduling | undefined;
  readonly evidence: Evidence;
}

export function parseStat(source: Source): Parsed<ProcessStat> {
  const facts: ProcessStat[] = [];
  const bad: Unparsable[] = [];
  const unparsable = forEachProcFile(source, 'stat', ({ pid, content, line }) => {
    const fact = readStat(pid, content, evidenceAt(source, line));
    if (fact) facts.push(fact);
    else bad.push(unparsableAt(source, line, content));
  });
  return { facts, unparsable: [...unparsable, ...bad] };
}

/** PF_KTHREAD of include/linux/sched.h. */
const kernelThreadFlag = 0x00200000;

function readStat(pid: number, content: string, evidence: Evidence): ProcessStat | undefined {
  const open = content.indexOf('(');
  const close = content.lastIndexOf(')');
  if (open === -1 || close < open) return undefined;
  // Field 3 is fields[0].
  const fields = content.slice(close + 2).split(' ', 39);
  const [state, ppid] = fields;
  const flags = fields[6];
  const startTicks = fields[19];
  if (!state || !isNumber(ppid) || !isNumber(flags) || !isNumber(startTicks)) return undefined;
  return {
    pid,
    name: content.slice(open + 1, close),
    state,
    ppid: Number(ppid),
    kernelThread: (Number(flags) & kernelThreadFlag) !== 0,
    startTicks: Number(startTicks),
    scheduling: schedulingOf(fields, evidence),
    evidence,
  };
}

/** include/uapi/linux/sched.h; 4 was reserved for one that never came. */
const policies: Readonly<Record<string, string>> = {
  0: 'SCHED_OTHER',
  1: 'SCHED_FIFO',
  2: 'SCHED_RR',
  3: 'SCHED_BATCH',
  5: 'SCHED_IDLE',
  6: 'SCHED_DEADLINE',
  7: 'SCHED_EXT',
};

function schedulingOf(fields: readonly string[], evidence: Evidence): Scheduling | undefined {
  const { 15: priority, 16: nice, 37: realtimePriority, 38: policy } = fields;
  if (!isSigned(priority) || !isSigned(nice) || !isNumber(realtimePriority) || !isNumber(policy)) return undefined;
  return {
    policy: policies[policy] ?? policy,
    priority: Number(priority),
    realtimePriority: Number(realtimePriority),
    nice: Number(nice),
    evidence,
  };
}

const isSigned = (word: string | undefined): word is string => word !== undefined && /^-?\d{1,4}$/.test(word);
const isNumber = (word: string | undefined): word is string => word !== undefined && /^\d+$/.test(word);
