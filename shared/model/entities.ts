// What assembling the parsed sources gives, before anything is linked: the input of shared/resolve.
// Namespaces, processes and containers are without roles, names and owners here: those are resolved.
import type { EngineAnswer } from './engine.ts';
import type { Evidence } from './evidence.ts';
import type { Finding, FindingKind } from './finding.ts';
import type { UnresolvedFirewall } from './firewall.ts';
import type { Host } from './host.ts';
import type { NamespaceId, ProcessId } from './id.ts';
import type { Link } from './link.ts';
import type { MountTable } from './mount.ts';
import type { IdMapRange, Namespace } from './namespace.ts';
import type { NameResolution } from './name-resolution.ts';
import type { Netconf } from './netconf.ts';
import type { OvsBridge } from './open-vswitch.ts';
import type { Process } from './process.ts';
import type { Neighbour, NextHop, Route, Rule } from './route.ts';
import type { PacketSocket, Socket, UnixSocket } from './socket.ts';
import type { VirtualService } from './virtual-service.ts';

/** A container runtime's own record of one container: runc's or crun's state.json (libcontainer State). */
export interface RuntimeState {
  readonly runtimeId: string;
  readonly initPid: number | undefined;
  /** init_process_start: ticks after boot; guards against a reused PID. */
  readonly initStartTicks: number | undefined;
  /** Path of state.json as it was read. */
  readonly path: string;
  /** OCI annotations (libcontainer keeps them as labels `key=value`). */
  readonly annotations: Readonly<Record<string, string>>;
  readonly evidence: readonly Evidence[];
}

/** What systemd-machined wrote down about a virtual machine or container: /run/systemd/machines/NAME. */
export interface MachineRecord {
  readonly name: string;
  readonly class: 'container' | 'vm';
  readonly leader: number | undefined;
  /** `systemd-nspawn@web.service`, `machine-web.scope`. */
  readonly unit?: string;
  /** Who registered it: `systemd-nspawn`, `libvirt-lxc`. */
  readonly service?: string;
  readonly evidence: readonly Evidence[];
}

/** What was found in one RootlessKit state directory. */
export interface RootlessKitState {
  readonly stateDir: string;
  readonly parent: ProcessId;
  readonly child: ProcessId | undefined;
  /** The `netns` file exists (--detach-netns). */
  readonly detached: boolean;
  /** Seen from the collector's mount namespace: an ordinary, empty file; only there to be mounted over. */
  readonly netnsFileOnHost?: { readonly type: string; readonly size: number; readonly evidence: readonly Evidence[] };
  /** Network namespace mounted over it inside the child's mount namespace, with the path that opens it from outside. */
  readonly netns?: { readonly id: NamespaceId; readonly reachableAs: string; readonly evidence: readonly Evidence[] };
  /** GET /v1/info: network driver (`slirp4netns`), port driver (`builtin`), child IP. */
  readonly info?: {
    readonly version?: string;
    readonly networkDriver?: string;
    readonly portDriver?: string;
    readonly childIp?: string;
    readonly evidence: readonly Evidence[];
  };
  /** Why the published ports were not told, and what was said; absent where they were, or were not asked for. */
  readonly portsRefused?: {
    readonly kind: Extract<FindingKind, 'not-permitted' | 'not-supported' | 'undiscovered'>;
    readonly example: string;
    readonly evidence: readonly Evidence[];
  };
  /** GET /v1/ports; `undefined` when the API did not answer. */
  readonly ports?: readonly {
    readonly id: number;
    readonly protocol: string;
    readonly parentIp: string;
    readonly parentPort: number;
    readonly childIp: string;
    readonly childPort: number;
    readonly evidence: readonly Evidence[];
  }[];
  readonly evidence: readonly Evidence[];
}

/** A process that holds /dev/net/tun open, and the device it is attached to (fdinfo `iff:`). */
export interface TunHolder {
  readonly process: ProcessId;
  readonly fd: number;
  /** Interface name in the network namespace of the device, which is not told. */
  readonly interfaceName: string | undefined;
  /** Where it was opened, so where the device was made or attached to; it may have been moved since. */
  readonly netns?: NamespaceId;
  readonly evidence: readonly Evidence[];
}

/** What a network namespace calls another: one line of `lsns -o NS,NETNSID` run inside `observer`. */
export interface NetnsIdObservation {
  readonly observer: NamespaceId;
  /** -1: it has no id for it, so none of its links that were listed before leads there. */
  readonly netnsid: number;
  readonly netns: NamespaceId;
  readonly evidence: readonly Evidence[];
}

/** A network namespace that was seen, and whose links could not be listed. */
export interface NetnsNotEntered {
  readonly netns: NamespaceId;
  readonly kind: Extract<
    FindingKind,
    'not-permitted' | 'not-supported' | 'gone' | 'too-large' | 'timed-out' | 'connection-lost' | 'undiscovered'
  >;
  /** What the host said. */
  readonly example?: string;
  readonly evidence: readonly Evidence[];
}

/** A range of /etc/subuid or /etc/subgid. */
export interface SubordinateRange {
  readonly user: string;
  readonly start: number;
  readonly count: number;
}

export type UnresolvedNamespace = Omit<Namespace, 'role' | 'name' | 'identity' | 'owner' | 'parent' | 'ownerUidBy'> & {
  /** From lsns where it can tell. */
  readonly owner?: NamespaceId;
  readonly parent?: NamespaceId;
  /** Where lsns says so. */
  readonly relatedBy?: Evidence;
  readonly uidMap?: readonly IdMapRange[];
  readonly gidMap?: readonly IdMapRange[];
};
export type UnresolvedProcess = Omit<Process, 'roles' | 'container' | 'numbers'>;

export interface Entities {
  readonly host: Host;
  /** PID of the collector's shell. */
  readonly collectorPid: number | undefined;
  readonly namespaces: readonly UnresolvedNamespace[];
  readonly processes: readonly UnresolvedProcess[];
  readonly links: readonly Link[];
  readonly routes: readonly Route[];
  readonly rules: readonly Rule[];
  readonly neighbours: readonly Neighbour[];
  readonly nextHops: readonly NextHop[];
  readonly netconfs: readonly Netconf[];
  readonly sockets: readonly Socket[];
  readonly unixSockets: readonly UnixSocket[];
  readonly packetSockets: readonly PacketSocket[];
  readonly nameResolution: readonly NameResolution[];
  readonly mountTables: readonly MountTable[];
  /** Network namespaces whose sockets are all in the list. */
  readonly socketsSeenIn: readonly NamespaceId[];
  readonly firewalls: readonly UnresolvedFirewall[];
  readonly virtualServices: readonly VirtualService[];
  /** Without `link`. */
  readonly ovsBridges: readonly OvsBridge[];
  readonly runtimeStates: readonly RuntimeState[];
  readonly machines: readonly MachineRecord[];
  readonly engineAnswers: readonly EngineAnswer[];
  readonly rootlessKits: readonly RootlessKitState[];
  readonly tunHolders: readonly TunHolder[];
  readonly netnsIds: readonly NetnsIdObservation[];
  readonly subuids: readonly SubordinateRange[];
  readonly netnsNotEntered: readonly NetnsNotEntered[];
  readonly findings: readonly Finding[];
}
