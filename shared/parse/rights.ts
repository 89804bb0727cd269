// The lines of /proc/PID/status (proc_pid_status(5)) that say what a process may do:
//
//   Uid:\t1000\t1000\t1000\t1000      real, effective, saved, file system; in the reader's user namespace
//   Gid:\t1000\t1000\t1000\t1000
//   Groups:\t4 10 1000               supplementary ones; nothing behind the tab when there are none
//   CapInh:\t0000000000000000        CapPrm, CapEff, CapBnd, CapAmb (4.3): 16 hex digits
//   NoNewPrivs:\t0                   4.10
//   Seccomp:\t2                      3.8: 0 disabled, 1 strict, 2 filter
//   Seccomp_filters:\t1              5.9
import type { CapabilitySets, ProcessRights } from '../model/rights.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
export type RightsDraft = Omit<Writable<ProcessRights>, 'capabilities'> & {
  readonly capabilities: Writable<CapabilitySets>;
};

/** False when a line we know does not have its form. */
type Read = (draft: RightsDraft, value: string) => boolean;

const capabilities =
  (set: keyof CapabilitySets): Read =>
  (draft, value) => {
    const fits = /^[0-9a-f]{8,16}$/.test(value);
    if (fits) draft.capabilities[set] = value;
    return fits;
  };

const numbers =
  (name: 'uids' | 'gids' | 'groups', separator: string): Read =>
  (draft, value) => {
    const words = value.split(separator).filter((word) => word !== '');
    const fits = words.every((word) => /^\d{1,10}$/.test(word)) && (name === 'groups' || words.length === 4);
    if (fits) draft[name] = words.map(Number);
    return fits;
  };

const seccompModes = ['disabled', 'strict', 'filter'] as const;

/** By what the line begins with. */
export const rightsFields: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['Uid:\t', numbers('uids', '\t')],
  ['Gid:\t', numbers('gids', '\t')],
  ['Groups:\t', numbers('groups', ' ')],
  ['CapInh:\t', capabilities('inheritable')],
  ['CapPrm:\t', capabilities('permitted')],
  ['CapEff:\t', capabilities('effective')],
  ['CapBnd:\t', capabilities('bounding')],
  ['CapAmb:\t', capabilities('ambient')],
  [
    'NoNewPrivs:\t',
    (draft, value) => {
      if (value === '0' || value === '1') draft.noNewPrivs = value === '1';
      return draft.noNewPrivs !== undefined;
    },
  ],
  [
    'Seccomp:\t',
    (draft, value) => {
      const mode = /^[0-2]$/.test(value) ? seccompModes[Number(value)] : undefined;
      if (mode !== undefined) draft.seccomp = mode;
      return mode !== undefined;
    },
  ],
  [
    'Seccomp_filters:\t',
    (draft, value) => {
      if (/^\d{1,6}$/.test(value)) draft.seccompFilters = Number(value);
      return draft.seccompFilters !== undefined;
    },
  ],
]);
