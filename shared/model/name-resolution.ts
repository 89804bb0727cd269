// How the processes of one mount namespace find names: the files of its /etc that say it.
import type { Evidence } from './evidence.ts';
import type { NamespaceId, ProcessId } from './id.ts';

export interface Nameserver {
  readonly address: string;
  readonly evidence: readonly Evidence[];
}

/** A line of hosts(5). */
export interface HostsEntry {
  readonly address: string;
  readonly names: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** One of the files that were read. */
export interface NameFile {
  /** As its processes open it: `/etc/resolv.conf`. */
  readonly path: string;
  /** Where that leads, where it is a symbolic link. */
  readonly leadsTo?: string;
  /** Where a mount over it comes from: a path in its own file system, as mountinfo tells it. */
  readonly mountedFrom?: string;
  readonly evidence: readonly Evidence[];
}

export interface NameResolution {
  readonly mountNamespace: NamespaceId;
  /** Through whose root directory the files were read. */
  readonly readThrough: ProcessId;
  /** In the order they are asked; most C libraries heed the first three. */
  readonly nameservers: readonly Nameserver[];
  readonly search: readonly string[];
  readonly options: readonly string[];
  /** Of systemd-resolved, where its list was there too: whom its stub 127.0.0.53 asks. */
  readonly upstream: readonly Nameserver[];
  readonly hosts: readonly HostsEntry[];
  /** /etc/hostname: what a boot would set; the name in use is the UTS namespace's. */
  readonly hostname?: string;
  /** Where names are looked for, in order: the line `hosts:` of nsswitch.conf. */
  readonly lookUp?: readonly string[];
  readonly files: readonly NameFile[];
  readonly evidence: readonly Evidence[];
}
