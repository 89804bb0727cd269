// Frames about processes, for transcripts that a test makes up.
import type { Frame } from '../../shared/model/transcript.ts';
import { aFrame } from './frames.ts';

const all = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'time', 'user', 'uts'];

/** PID, parent, start, and the inodes in which they differ from the host's. */
export function processFrames(
  rows: readonly {
    pid: number;
    ppid?: number;
    start?: number;
    name?: string;
    state?: string;
    inodes?: Record<string, number> | null;
  }[],
): readonly Frame[] {
  const ns = rows.flatMap(({ pid, inodes = {} }) =>
    inodes === null ? [] : all.map((kind, at) => `/proc/${pid}/ns/${kind} ${kind}:[${inodes[kind] ?? at + 1}]`),
  );
  const status = rows.flatMap(({ pid, ppid = 1, name = 'x', state = 'S' }) =>
    [`Name:\t${name}`, `State:\t${state} (x)`, `PPid:\t${ppid}`, 'Uid:\t0\t0\t0\t0', `NSpid:\t${pid}`].map(
      (line) => `/proc/${pid}/status:${line}`,
    ),
  );
  const stat = rows.map(
    ({ pid, ppid = 1, start = pid, name = 'x', state = 'S' }) =>
      `/proc/${pid}/stat:${pid} (${name}) ${state} ${ppid} 0 0 0 0 0${' 0'.repeat(12)} ${start}`,
  );
  return [
    aFrame('ns', `${ns.join('\n')}\n`),
    aFrame('status', `${status.join('\n')}\n`),
    aFrame('stat', `${stat.join('\n')}\n`),
  ];
}
