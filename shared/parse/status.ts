// /proc/PID/status (proc_pid_status(5)) through `grep -aH ''`; of its sixty lines these:
//
//   Name:\tsystemd           \n and \\ in it are escaped by the kernel
//   State:\tS (sleeping)
//   PPid:\t1
//   Uid:\t1000\t1000\t1000\t1000     real, effective, saved, file system; in the reader's user namespace
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
  /** Effective. */
  readonly uid: number | undefined;
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
    if (draft?.pid !== pid) {
      draft = {
        pid,
        name: undefined,
        state: undefined,
        ppid: undefined,
        uid: undefined,
        nsPids: [],
        kernelThread: undefined,
        threads: undefined,
        rights: { capabilities: {}, evidence: [] },
        cpus: undefined,
        evidence: evidenceAt(source, line),
      };
      facts.push(draft);
    }
    const field = fieldOf(current);
    if (field === undefined) return;
    const { content } = current;
    const right = rightsFields.get(field);
    const isRead = isStatusField(field) ? readField(draft, field, content, () => evidenceAt(source, line)) : true;
    if (!isRead || right?.(draft.rights, content.slice(field.length)) === false)
      bad.push(unparsableAt(source, line, content));
    if (told.has(field)) draft.rights.evidence.push(evidenceAt(source, line));
  });
  return { facts, unparsable: [...unparsable, ...bad] };
}

const fields = [
  'Name:\t',
  'State:\t',
  'PPid:\t',
  'Uid:\t',
  'NSpid:\t',
  'Threads:\t',
  'Kthread:\t',
  'Cpus_allowed_list:\t',
] as const;
type Field = (typeof fields)[number];
const isStatusField = (field: string): field is Field => (fields as readonly string[]).includes(field);
/** Lines that the facts about rights lead back to. */
const told: ReadonlySet<string> = new Set(['CapEff:\t', 'NoNewPrivs:\t', 'Seccomp:\t', 'Groups:\t']);

const all = [...new Set<string>([...fields, ...rightsFields.keys()])];
const fieldsByCode = new Map<number, readonly string[]>(
  all.map((field) => [field.charCodeAt(0), all.filter((other) => other.startsWith(field.charAt(0)))]),
);

function fieldOf(line: ProcLine): string | undefined {
  return fieldsByCode.get(line.firstCode)?.find((field) => line.startsWith(field));
}

/** False when a field we know does not have its form. */
function readField(draft: Draft, field: Field, content: string, at: () => Evidence): boolean {
  switch (field) {
    case 'Name:\t':
      draft.name = unescapeName(content.slice(field.length));
      return true;
    case 'State:\t':
      draft.state = /^[A-Za-z]/.exec(content.slice(field.length))?.[0];
      return draft.state !== undefined;
    case 'PPid:\t':
      draft.ppid = numbers(content)?.[0];
      return draft.ppid !== undefined;
    case 'Uid:\t':
      draft.uid = numbers(content)?.[1];
      return draft.uid !== undefined;
    case 'NSpid:\t':
      draft.nsPids = numbers(content) ?? [];
      return draft.nsPids.length > 0;
    case 'Threads:\t':
      draft.threads = numbers(content)?.[0];
      return draft.threads !== undefined;
    case 'Kthread:\t':
      draft.kernelThread = content.endsWith('\t1');
      return true;
    case 'Cpus_allowed_list:\t': {
      const list = content.slice(field.length);
      if (cpuList.test(list)) draft.cpus = { list, evidence: at() };
      return draft.cpus !== undefined;
    }
  }
}

/** cpuset(7), list format; a machine has at most some thousands of CPUs. */
const cpuList = /^\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?)*$/;

function numbers(content: string): readonly number[] | undefined {
  const words = content.split('\t').slice(1);
  return words.every((word) => /^\d+$/.test(word)) ? words.map(Number) : undefined;
}

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
