// What container engines say, asked where they answer for this user: facts about containers that no process shows.
import type { Certainty, Evidence } from './evidence.ts';
import type { LinkId, ProcessId } from './id.ts';

/** A network of an engine's, as the engine describes it. */
export interface EngineNetwork {
  readonly name: string;
  /** The engine's own id of it, where it has one. */
  readonly id?: string;
  /** `bridge`, `macvlan`, `host`, `null` … */
  readonly driver?: string;
  /** In CIDR notation. */
  readonly subnets: readonly string[];
  readonly gateways: readonly string[];
  /** Name of its bridge in the network namespace that the engine works in. */
  readonly bridge?: string;
  /** Network plugins that configure it, in order: `bridge`, `portmap`, `firewall`, `tuning`. */
  readonly plugins?: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** A network whose bridge a link was found to be. */
export interface BridgedNetwork extends EngineNetwork {
  readonly engine: string;
  readonly certainty: Certainty;
  readonly rule: string;
}

/** A container's place in one of these networks. */
export interface ContainerNetwork {
  readonly network: string;
  readonly networkId?: string;
  /** Addresses the engine gave, without a prefix length. */
  readonly addresses: readonly string[];
  readonly mac?: string;
  /** Name of the interface inside the container. */
  readonly interfaceName?: string;
  readonly driver?: string;
  readonly subnets: readonly string[];
  readonly gateways: readonly string[];
  /** Name of the network's bridge, as the engine says it. */
  readonly bridge?: string;
  /** That bridge, where the container's interface was seen to lead to it. */
  readonly bridgeLink?: LinkId;
  readonly evidence: readonly Evidence[];
}

/** A port that the engine says it publishes; who hands it on, and whether anybody listens, is a forward's matter. */
export interface ContainerPort {
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  /** `0.0.0.0` where the engine names no address. */
  readonly hostIp: string;
  readonly hostPort: number;
  readonly containerPort: number;
  readonly evidence: readonly Evidence[];
}

/** One engine's words about one container. */
export interface EngineContainer {
  /** The runtime's full id. */
  readonly runtimeId: string;
  /** False only where the engine says so. */
  readonly running: boolean;
  readonly name?: string;
  readonly image?: string;
  /** `sha256:…` */
  readonly imageId?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly networks: readonly ContainerNetwork[];
  /** `undefined`: not asked; an empty list: it publishes none. */
  readonly ports?: readonly ContainerPort[];
  readonly evidence: readonly Evidence[];
}

/** One answer, or one file that an engine keeps. */
export interface EngineAnswer {
  /** `docker`, `podman`, `containerd`, `nerdctl`, `cni`. */
  readonly engine: string;
  /** `GET /containers/json on /run/docker.sock`, `ctr containers ls`, or a file's path. */
  readonly question: string;
  /** Says which containers there are, so that one that no process shows is worth a word. */
  readonly complete: boolean;
  readonly containers: readonly EngineContainer[];
  readonly networks: readonly EngineNetwork[];
  /** Who was asked: a process of the engine's. Files are asked of nobody. */
  readonly by?: ProcessId;
  /** In whose network namespace their bridges are: an engine's process, or RootlessKit's child for it; or the host's. */
  readonly bridgesIn?: ProcessId | 'host';
}
