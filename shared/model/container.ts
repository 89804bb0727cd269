// A container: what a runtime calls one. Recognised from procfs and state files, without asking an engine.
import type { Evidence } from './evidence.ts';
import type { ContainerId, ProcessId } from './id.ts';

export interface Container {
  readonly id: ContainerId;
  /** The runtime's full id. */
  readonly runtimeId: string;
  /** Who runs it, as far as is known: `containerd`, `docker`, `podman`, `runc`, `crun`, `lxc` … */
  readonly engine: string;
  /** containerd's namespace (`default`, `moby`, `k8s.io`), not a kernel namespace. */
  readonly engineNamespace?: string;
  /** `nginx-d8e2d`; the first 12 digits of the id where no name is known. */
  readonly name: string;
  readonly image?: string;
  readonly init?: ProcessId;
  readonly processIds: readonly ProcessId[];
  /** containerd-shim or conmon that watches it. */
  readonly monitor?: ProcessId;
  /** Engine's networks it was attached to, by their names. */
  readonly networks: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** Names of the rules that recognised it: `runc-state`, `containerd-shim-argv`, `cgroup-path` … */
  readonly recognisedBy: readonly string[];
  readonly evidence: readonly Evidence[];
}
