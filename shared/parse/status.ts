// /proc/PID/status (proc_pid_status(5)) through `grep -aH ''`; of its sixty lines these:
//
//   Name:\tsystemd           \n and \\ in it are escaped by the kernel
//   State:\tS (sleeping)
//   PPid:\t1
//   NSpid:\t122351\t1        PID in each PID namespace, from the reader's inwards
//   Threads:\t12
//   Kthread:\t0              kernel 6.8 and newer
//   Cpus_allowed_list:\t0-3,8
//
// and what it may do (rights.ts).
import type { Evidence } from '../model/evidence.ts';
import type { ProcessRights } from '../model/rights.ts';
import type { CpuAffinity } from '../model/scheduling.ts';
import { evidenceAt, unparsableAt } from './parsed.ts';
import type { Parsed, Source, Unparsable } from './parsed.ts';
import { forEachProcLine } from './proc-lines.ts';
import type { ProcLine } from './proc-lines.ts';
import { rightsFields } from './rights.ts';
import type { RightsDraft } from './rights.ts';

export interface ProcessStatus {
  readonly pid: number;
  readonly name: string | undefined;
  readonly state: string | undefined;
  readonly ppid: number | undefined;
  readonly nsPids: readonly number[];
  readonly kernelThread: boolean | undefined;
  readonly threads: number | undefined;
  readonly rights: ProcessRights;
  readonly cpus: CpuAffinity | undefined;
  /** The line of the name. */
  readonly evidence: Evidence;
}

type Draft = { -readonly [K in keyof ProcessStatus]: ProcessStatus[K] } & {
  readonly rights: RightsDraft & { readonly evidence: Evidence[] };
};

export function parseStatus(source: Source): Parsed<ProcessStatus> {
  const facts: Draft[] = [];
  const bad: Unparsable[] = [];
  let draft: Draft | undefined;

  const unparsable = forEachProcLine(source, (current) => {
    if (!current.isFile('status')) return;
    const { pid, line } = current;
    if (draft?.pid !== pid) facts.push((draft = emptyDraft(pid, evidenceAt(source, line))));
    const field = fieldOf(current);
    if (!field) return;
    const { content } = current;
    if (!field.read(draft, content.slice(field.begins.length), source, line))
      bad.push(unparsableAt(source, line, content));
  });
  return { facts, unparsable: [...unparsable, ...bad] };
}

const emptyDraft = (pid: number, evidence: Evidence): Draft => ({
  pid,
  name: undefined,
  state: undefined,
  ppid: undefined,
  nsPids: [],
  kernelThread: undefined,
  threads: undefined,
  rights: { capabilities: {}, evidence: [] },
  cpus: undefined,
  evidence,
});

interface Field {
  readonly begins: string;
  /** `value`: behind that. False when it does not have its form. */
  readonly read: (draft: Draft, value: string, source: Source, line: number) => boolean;
}

const fields: readonly Field[] = [
  {
    begins: 'Name:\t',
    read: (draft, value) => {
      draft.name = unescapeName(value);
      return true;
    },
  },
  {
    begins: 'State:\t',
    read: (draft, value) => {
      draft.state = /^[A-Za-z]/.exec(value)?.[0];
      return draft.state !== undefined;
    },
  },
  {
    begins: 'PPid:\t',
    read: (draft, value) => {
      draft.ppid = number(value);
      return draft.ppid !== undefined;
    },
  },
  {
    begins: 'NSpid:\t',
    read: (draft, value) => {
      const pids = value.split('\t').map(number);
      const fits = pids.every((pid) => pid !== undefined);
      if (fits) draft.nsPids = pids;
      return fits;
    },
  },
  {
    begins: 'Threads:\t',
    read: (draft, value) => {
      draft.threads = number(value);
      return draft.threads !== undefined;
    },
  },
  {
    begins: 'Kthread:\t',
    read: (draft, value) => {
      draft.kernelThread = value === '1';
      return true;
    },
  },
  {
    begins: 'Cpus_allowed_list:\t',
    read: (draft, list, source, line) => {
      const fits = cpuList.test(list);
      if (fits) draft.cpus = { list, evidence: evidenceAt(source, line) };
      return fits;
    },
  },
  ...[...rightsFields].map(([begins, read]): Field => ({
    begins,
    read: (draft, value, source, line) => {
      if (told.has(begins)) draft.rights.evidence.push(evidenceAt(source, line));
      return read(draft.rights, value);
    },
  })),
];
/** Lines that the facts about rights lead back to. */
const told: ReadonlySet<string> = new Set(['CapEff:\t', 'NoNewPrivs:\t', 'Seccomp:\t', 'Groups:\t']);

/** Of the sixty lines most are told apart by their first letter. */
const fieldsByCode = new Map<number, readonly Field[]>(
  fields.map(({ begins }) => [begins.charCodeAt(0), fields.filter((other) => other.begins[0] === begins[0])]),
);
const fieldOf = (line: ProcLine): Field | undefined =>
  fieldsByCode.get(line.firstCode)?.find(({ begins }) => line.startsWith(begins));

const number = (value: string): number | undefined => (/^\d+$/.test(value) ? Number(value) : undefined);

/** cpuset(7), list format; a machine has at most some thousands of CPUs. */
const cpuList = /^\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?)*$/;

/** Undoes the kernel's string_escape_mem(ESCAPE_SPACE | ESCAPE_SPECIAL, "\n\\") of fs/proc/array.c. */
export function unescapeName(name: string): string {
  return name.includes('\\')
    ? name.replace(/\\([nrtvfabe\\"])/g, (_, letter: string) => escapes[letter] ?? letter)
    : name;
}
const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  f: '\f',
  a: '\x07',
  b: '\b',
  e: '\x1b',
};
