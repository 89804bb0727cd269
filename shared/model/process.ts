// A process as /proc shows it.
import type { Certainty, Evidence } from './evidence.ts';
import type { Freezer } from './freezer.ts';
import type { ProcessRights } from './rights.ts';
import type { ContainerId, NamespaceId, NamespaceKind, ProcessId } from './id.ts';
import type { CpuAffinity, Scheduling } from './scheduling.ts';

/** Programs that matter for how namespaces are wired, recognised by their command line. */
export type ProcessRole =
  | 'rootlesskit-parent'
  | 'rootlesskit-child'
  | 'slirp4netns'
  | 'pasta'
  | 'containerd'
  | 'containerd-shim'
  | 'conmon'
  | 'dockerd'
  | 'crio'
  | 'lxc-monitor'
  | 'systemd-nspawn'
  | 'vpnkit'
  | 'docker-proxy'
  | 'rootlessport'
  /** The collector itself and what it started; hidden unless asked for. */
  | 'collector';

/** What a process is called in one of the PID namespaces it is in. */
export interface ProcessNumber {
  readonly pid: number;
  readonly namespace: NamespaceId;
  /** Of the namespace: as sure as the parents it follows from. */
  readonly certainty: Certainty;
}

export interface Process {
  readonly id: ProcessId;
  readonly pid: number;
  readonly ppid: number | undefined;
  /** The kernel's name of the thread group leader, at most 15 bytes (PR_SET_NAME). */
  readonly comm: string;
  /** Arguments; empty for kernel threads and zombies. */
  readonly argv: readonly string[];
  /** One letter, proc_pid_stat(5): R, S, D, Z, T, I … */
  readonly state: string | undefined;
  /** Clock ticks after boot, stat field 22; with the PID it identifies a process within one boot. */
  readonly startTicks: number | undefined;
  /** Effective uid and its account's name on the host, where known. */
  readonly uid: number | undefined;
  readonly user?: string;
  readonly kernelThread: boolean;
  /** When it started by the host's clock, ISO 8601 UTC; where that and the time since boot are known. */
  readonly startedAt?: string;
  readonly threads?: number;
  /** Its main thread has ended, others live: this one tells what namespaces it is in, and which files it has open. */
  readonly livingThread?: number;
  readonly scheduling?: Scheduling;
  readonly cpus?: CpuAffinity;
  /** Not of kernel threads. */
  readonly rights?: ProcessRights;
  /** The kinds that could be read; a missing kind has a finding. */
  readonly namespaces: Readonly<Partial<Record<NamespaceKind, NamespaceId>>>;
  /** PID in each PID namespace from the reader's inwards (status, NSpid). */
  readonly nsPids: readonly number[];
  /** Where those count, as far as it is known; only where there are several. */
  readonly numbers?: readonly ProcessNumber[];
  /** Where its root directory is not that of its mount namespace (chroot), as the collector's user sees it. */
  readonly rootDirectory?: { readonly path: string; readonly evidence: Evidence };
  /** cgroup v2 path, or the path of the first v1 hierarchy that says something. */
  readonly cgroup?: string;
  /** What version 1 says, on a host that has both and where it is another path. */
  readonly cgroupVersion1?: string;
  /** Where its control group was asked. */
  readonly freezer?: Freezer;
  readonly roles: readonly ProcessRole[];
  readonly container?: ContainerId;
  /** Where its links in /proc/PID/ns are closed and /proc/PID/net told its network namespace: how. */
  readonly netnsBy?: { readonly rule: string; readonly evidence: readonly Evidence[] };
  /** Where each of `namespaces` stands. */
  readonly namespaceEvidence?: Readonly<Partial<Record<NamespaceKind, Evidence>>>;
  /** Where the rest stands. */
  readonly evidence: readonly Evidence[];
}

/** Not one of its links in /proc/PID/ns could be read. */
export const isClosed = ({
  namespaces,
  netnsBy,
}: {
  readonly namespaces: object;
  readonly netnsBy?: object | undefined;
}): boolean => Object.keys(namespaces).every((kind) => kind === 'net' && netnsBy !== undefined);

/** A zombie, or what is left of one. One whose main thread alone has ended shows the same letter: others run on. */
export const hasEnded = ({
  state,
  threads,
}: {
  readonly state?: string | undefined;
  readonly threads?: number | undefined;
}): boolean => state === 'X' || (state === 'Z' && (threads ?? 1) <= 1);

/** Its main thread has ended (Z), and others live: what it is in and holds is told by one of these. */
export const mainThreadEnded = ({
  state,
  threads,
}: {
  readonly state?: string | undefined;
  readonly threads?: number | undefined;
}): boolean => state === 'Z' && (threads ?? 1) > 1;

/** Below /proc, where what it is in and has open is told. */
export const namespacesIn = ({ pid, livingThread }: Pick<Process, 'pid' | 'livingThread'>): string =>
  livingThread === undefined ? `${pid}` : `${pid}/task/${livingThread}`;
