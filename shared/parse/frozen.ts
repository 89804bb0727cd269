// Which control groups are frozen, by one grep over files of those that processes are in. The key of the answer:
//
//   2 / /sys/fs/cgroup 0          version, root of the mount in its hierarchy, mount point, how many were not asked
//
//   /sys/fs/cgroup/system.slice/docker-0123….scope/cgroup.events:frozen 1     version 2 (5.2): so are those below it
//   /sys/fs/cgroup/freezer/docker/0123…/freezer.state:FROZEN                  version 1: THAWED, FREEZING, FROZEN
//
// The path between mount point and file is one of /proc/PID/cgroup, less the root.
import type { Evidence } from '../model/evidence.ts';
import type { FreezerState } from '../model/freezer.ts';
import type { Frame } from '../model/transcript.ts';
import { evidenceAt, evidenceOf, unparsableAt } from './parsed.ts';
import type { Parsed, Source, Unparsable } from './parsed.ts';
import { forEachProcLine } from './proc-lines.ts';

export type CgroupVersion = 1 | 2;

export interface FrozenCgroup {
  readonly version: CgroupVersion;
  /** As /proc/PID/cgroup says it. */
  readonly path: string;
  readonly state: FreezerState;
  readonly evidence: Evidence;
}

export interface FrozenAnswer extends Parsed<FrozenCgroup> {
  /** Control groups beyond the limit. */
  readonly notAsked: number;
}

const states: Readonly<Record<CgroupVersion, Readonly<Record<string, FreezerState>>>> = {
  1: { FROZEN: 'frozen', FREEZING: 'freezing', THAWED: 'thawed' },
  2: { 'frozen 1': 'frozen', 'frozen 0': 'thawed' },
};
const files = { 1: '/freezer.state', 2: '/cgroup.events' } as const;

export function parseFrozenCgroups(source: Source & Pick<Frame, 'key'>): FrozenAnswer {
  const [, digit, root = '', place = '', notAsked] = /^([12]) (\/\S*) (\/\S*) (\d{1,9})$/.exec(source.key) ?? [];
  if (digit === undefined) {
    return { facts: [], unparsable: [{ evidence: evidenceOf(source), text: source.key.slice(0, 160) }], notAsked: 0 };
  }
  const version = digit === '1' ? 1 : 2;
  const facts: FrozenCgroup[] = [];
  const unparsable: Unparsable[] = [];
  source.output.split('\n').forEach((text, at) => {
    if (text === '') return;
    // A path may have colons, what the kernel says has none.
    const colon = text.lastIndexOf(':');
    const file = text.slice(0, Math.max(0, colon));
    const word = text.slice(colon + 1);
    const state = Object.hasOwn(states[version], word) ? states[version][word] : undefined;
    if (state === undefined || !file.startsWith(place) || !file.endsWith(files[version])) {
      unparsable.push(unparsableAt(source, at + 1, text));
      return;
    }
    const path = (root === '/' ? '' : root) + file.slice(place.length, -files[version].length);
    facts.push({ version, path, state, evidence: evidenceAt(source, at + 1) });
  });
  return { facts, unparsable, notAsked: Number(notAsked) };
}

/** In which group of the hierarchies that can freeze a process is. */
export interface CgroupMember {
  readonly pid: number;
  readonly version: CgroupVersion;
  readonly path: string;
  readonly evidence: Evidence;
}

/** From the answer about /proc/PID/cgroup, whose form is in cgroup.ts. Lines nobody can read are told there. */
export function parseCgroupMembers(source: Source): readonly CgroupMember[] {
  const members: CgroupMember[] = [];
  forEachProcLine(source, (current) => {
    if (!current.isFile('cgroup')) return;
    const { pid, content, line } = current;
    const form = /^(?:(0::)|\d+:(?:[^:]*,)?freezer(?:,[^:]*)?:)(\/.*)$/.exec(content);
    const path = form?.[2];
    if (path === undefined) return;
    members.push({ pid, version: form?.[1] === undefined ? 1 : 2, path, evidence: evidenceAt(source, line) });
  });
  return members;
}
