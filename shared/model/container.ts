// A container: what a runtime calls one. Recognised from procfs and state files, without asking an engine; where an
// engine answers, what it says is added, and never makes a container that no process shows.
// What merely has namespaces of its own (a browser's sandbox, a systemd unit) is a Sandbox (sandbox.ts).
import type { ContainerNetwork, ContainerPort } from './engine.ts';
import type { Evidence } from './evidence.ts';
import type { FreezerState } from './freezer.ts';
import type { ContainerId, ProcessId } from './id.ts';

export interface Container {
  readonly id: ContainerId;
  /** The runtime's full id; before it whose it is, `1001/ID`, where another container is known by the same. */
  readonly runtimeId: string;
  /** Who runs it, as far as is known: `containerd`, `docker`, `podman`, `runc`, `crun`, `lxc`, `systemd-nspawn` … */
  readonly engine: string;
  /** containerd's namespace (`default`, `moby`, `k8s.io`), not a kernel namespace. */
  readonly engineNamespace?: string;
  /** `nginx-d8e2d`; the first 12 digits of the id where no name is known. */
  readonly name: string;
  readonly image?: string;
  /**
   * Absent: one application. `machine`: a system that boots by an init of its own (LXC, Incus, systemd-nspawn);
   * `pod-sandbox`: holds a pod's namespaces for the others and does nothing itself (pause, Podman's infra).
   */
  readonly kind?: 'machine' | 'pod-sandbox';
  /** The pod it is one of: its containers share a network namespace. */
  readonly pod?: Pod;
  /** Compose project and service. */
  readonly project?: string;
  readonly service?: string;
  /** The container inside which it runs: its engine is a process of that one (Docker in Docker, kind, k3s, LXC in LXC). */
  readonly parent?: ContainerId;
  /** `sha256:…`, as an engine says it. */
  readonly imageId?: string;
  readonly init?: ProcessId;
  /** That of its first process: frozen is what engines call paused. */
  readonly freezer?: FreezerState;
  readonly processIds: readonly ProcessId[];
  /** containerd-shim or conmon that watches it. */
  readonly monitor?: ProcessId;
  /** Engine's networks it was attached to, by their names. */
  readonly networks: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** The same networks, with addresses and bridges, as an engine describes them. */
  readonly attachments?: readonly ContainerNetwork[];
  /** Published ports by the engine's word. */
  readonly ports?: readonly ContainerPort[];
  /** Who said what no process shows: `docker`, `GET /containers/json on /run/docker.sock`. */
  readonly toldBy?: readonly {
    readonly engine: string;
    readonly question: string;
    readonly evidence: readonly Evidence[];
  }[];
  /** Names of the rules that recognised it: `runc-state`, `containerd-shim-argv`, `cgroup-path` … */
  readonly recognisedBy: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** Containers that were started together and share namespaces: Kubernetes' or Podman's. */
export interface Pod {
  /** Kubernetes' uid or Podman's id where known, else `namespace/name`. */
  readonly id: string;
  readonly name?: string;
  /** Kubernetes' namespace, not a kernel namespace. */
  readonly namespace?: string;
  /** Kubernetes' class of service, by the pod's cgroup. */
  readonly qos?: 'guaranteed' | 'burstable' | 'besteffort';
}
