// The host that was asked, and with what right.
import type { Certainty, Evidence } from './evidence.ts';
import type { NamespaceId, NamespaceKind } from './id.ts';
import type { Privilege } from './transcript.ts';

export interface Host {
  readonly hostname: string;
  /** uname -r and -m. */
  readonly kernel: string;
  readonly architecture: string;
  /** PRETTY_NAME of os-release. */
  readonly os: string | undefined;
  readonly bootId: string | undefined;
  /** The host's clock when the run began, ISO 8601 UTC. */
  readonly collectedAt: string | undefined;
  /** When it booted, ISO 8601 UTC: the clock less the time since. */
  readonly bootedAt?: string;
  /** Number of the last capability this kernel knows, capabilities(7). */
  readonly lastCapability?: number;
  readonly user: { readonly name: string; readonly uid: number };
  /** Who logged in, where that is not `user`: sudo made them root. */
  readonly login?: { readonly name: string; readonly uid: number };
  /** Rights that were used in this run, in order. */
  readonly privileges: readonly Privilege[];
  /** Tool → version as it says it; a missing tool is absent. */
  readonly tools: Readonly<Record<string, string>>;
  /** Tools that were looked for and are not there. */
  readonly toolsMissing?: readonly string[];
  /**
   * The host's own namespaces: those of PID 1. `inferred` where /proc/1 is closed and they were taken from elsewhere; `rule`
   * says from where: `initial.first-process`, `initial.fixed-inode` or `initial.login-shell`.
   */
  readonly initialNamespaces: Readonly<
    Partial<Record<NamespaceKind, { readonly id: NamespaceId; readonly certainty: Certainty; readonly rule?: string }>>
  >;
  /** False when the transcript broke off. */
  readonly complete: boolean;
  readonly evidence: readonly Evidence[];
}

/** Root of the user namespace that was asked. */
export const isRoot = ({ user, privileges }: Host): boolean => user.uid === 0 || privileges.includes('root');

/** As whom the host was asked: `ec2-user`, `root by sudo from ec2-user`. */
export const whoAsked = ({ user, login }: Host): string =>
  login === undefined ? user.name : `${user.name} by sudo from ${login.name}`;
