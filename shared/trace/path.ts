// What a trace says: the paths a packet may take, hop by hop. Words for it are in shared/explain (en/trace.ts).
import type { Certainty, Evidence } from '../model/evidence.ts';
import type { ContainerId, EntityId, ForwardId, LinkId, NamespaceId, ProcessId, SocketId } from '../model/id.ts';

export type TraceProtocol = 'tcp' | 'udp' | 'icmp';

/** Where the packet comes from. `outside`: from the network, at the host's own network namespace. */
export type TraceStart =
  | { readonly kind: 'netns'; readonly netns: NamespaceId }
  | { readonly kind: 'process'; readonly process: ProcessId }
  | { readonly kind: 'container'; readonly container: ContainerId }
  | { readonly kind: 'outside' };

/** What it is sent to. `internet`: an address that only a default route leads to. */
export type TraceTarget =
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'netns'; readonly netns: NamespaceId }
  | { readonly kind: 'process'; readonly process: ProcessId }
  | { readonly kind: 'container'; readonly container: ContainerId }
  | { readonly kind: 'internet' };

export interface TraceRequest {
  readonly from: TraceStart;
  readonly to: TraceTarget;
  readonly protocol?: TraceProtocol;
  readonly port?: number;
}

/** The first packet of a new connection, by a socket that is bound to no device and sets no mark. */
export interface Packet {
  readonly family: 'inet' | 'inet6';
  readonly protocol: TraceProtocol | undefined;
  /** `undefined`: not chosen yet, or not known. */
  readonly source: string | undefined;
  readonly destination: string;
  readonly port: number | undefined;
}

/** An address, with a port where one is meant. */
export interface Place {
  readonly address: string;
  readonly port?: number;
}

/** What a path was refused for. */
export type DropReason =
  | 'firewall'
  | 'route'
  | 'link-down'
  | 'no-carrier'
  /** A bridge's port that is locked, and the forwarding table does not have its source there. */
  | 'port-locked'
  /** A rule redirects it to here, and the device that it came in by has no address. */
  | 'redirect-nowhere'
  | 'hop-limit'
  | 'martian'
  | 'own-source'
  /** It is for another, and this network namespace does not forward what comes in there. */
  | 'not-forwarded'
  /** rp_filter: the way back to its source is another one, or there is none. */
  | 'reverse-path';

/** Why a path cannot be followed further. */
export type LostReason =
  | 'netns-not-seen'
  | 'peer-not-seen'
  | 'device-not-known'
  | 'kind-not-followed'
  | 'tunnel'
  | 'open-vswitch'
  | 'tap-not-served'
  | 'tap-server'
  | 'group-address'
  | 'encapsulated'
  | 'nobody-answers'
  /** The frame is for a hardware address that nobody has who hears it. */
  | 'nobody-takes'
  | 'too-long'
  | 'loop';

export type HopEvent =
  /** A process in there sends it. */
  | { readonly kind: 'sent'; readonly process: ProcessId | undefined; readonly packet: Packet }
  /** It comes in from the network. */
  | { readonly kind: 'arrived'; readonly link: LinkId; readonly packet: Packet }
  /** The kernel looked up where to. */
  | {
      readonly kind: 'routed';
      readonly destination: string;
      readonly type: string;
      readonly table: string;
      readonly priority: number | undefined;
      readonly gateway: string | undefined;
      readonly device: string | undefined;
      /** Chosen by this route; absent where the packet had one. */
      readonly source: string | undefined;
      /** One of so many next hops, by turns. */
      readonly of: number;
      /** Goes on for another host: this network namespace is a router to it. */
      readonly forwarded: boolean;
    }
  /** The firewall gives it other addresses. */
  | {
      readonly kind: 'rewritten';
      readonly by: 'dnat' | 'redirect' | 'snat' | 'masquerade';
      readonly before: Place | undefined;
      /** `undefined`: one of several addresses. */
      readonly after: Place | undefined;
      readonly chain: string;
      readonly text: string;
    }
  /** The firewall has rules at this hook. `verdict`: what is certain of them. */
  | {
      readonly kind: 'filtered';
      readonly hook: string;
      readonly chains: readonly string[];
      readonly verdict: 'passed' | 'not-known';
    }
  /** It goes out at a device, to a neighbour. */
  | {
      readonly kind: 'out';
      readonly device: string;
      readonly neighbour: string | undefined;
      readonly mac: string | undefined;
      readonly state: string | undefined;
    }
  /** Both ends of one wire. */
  | { readonly kind: 'pair'; readonly from: LinkId; readonly to: LinkId }
  /** Through a bridge. `by`: its forwarding table knew the port, it asks all ports, or it is for the bridge itself. */
  | {
      readonly kind: 'bridged';
      readonly bridge: LinkId;
      readonly port: LinkId | undefined;
      readonly mac: string | undefined;
      readonly by: 'fdb' | 'flooded' | 'itself';
      readonly vlan: number | undefined;
    }
  /** Down to the device below, up from it, to a member or from it to its master. */
  | {
      readonly kind: 'stacked';
      readonly from: LinkId;
      readonly to: LinkId;
      readonly as: 'down' | 'up' | 'member' | 'master';
    }
  /** A process takes it from the device and sends it with a socket of its own. */
  | { readonly kind: 'user-mode'; readonly process: ProcessId; readonly to: Place; readonly mapped: boolean }
  /** A process takes the connection and makes another one. */
  | {
      readonly kind: 'handed-on';
      readonly forward: ForwardId;
      readonly process: ProcessId | undefined;
      readonly to: Place;
    }
  // From here on: how a path ends.
  | {
      readonly kind: 'delivered';
      readonly address: string;
      readonly port: number | undefined;
      readonly socket: SocketId | undefined;
      readonly processes: readonly ProcessId[];
    }
  | { readonly kind: 'answered-by-server'; readonly process: ProcessId; readonly address: string }
  | { readonly kind: 'nobody-listens'; readonly address: string; readonly port: number }
  | { readonly kind: 'no-route'; readonly destination: string }
  | { readonly kind: 'dropped'; readonly reason: DropReason; readonly chain: string; readonly text: string }
  | { readonly kind: 'leaves'; readonly link: LinkId; readonly seen: boolean }
  | { readonly kind: 'lost'; readonly reason: LostReason; readonly detail: string };

export type EndKind = Extract<
  HopEvent['kind'],
  'delivered' | 'answered-by-server' | 'nobody-listens' | 'no-route' | 'dropped' | 'leaves' | 'lost'
>;

/** What could not be decided at a hop, and what it would take. */
export interface Doubt {
  readonly code:
    /** Whether this network namespace forwards is not known (ip netconf did not tell). */
    | 'forwarding'
    /** Does not forward IPv6, but for links with force_forwarding (Linux 6.17), which ip does not tell. */
    | 'force-forwarding'
    /** rp_filter, which is not known, may drop it: the way back to its source is another, or its source is not known. */
    | 'reverse-path'
    /** rp_filter is on, and may drop it: which way back there is is not decided. */
    | 'way-back'
    /** Whether a rule of the firewall, that drops or rewrites, is for it is not known. */
    | 'may-drop'
    | 'may-rewrite'
    /** It is; but an earlier rule may decide otherwise. */
    | 'drops-if-reached'
    | 'rewrites-if-reached'
    /** What a rule does is not known; that it rewrites is, but not to what. */
    | 'unread-rule'
    | 'unread-rewrite'
    /** Chains of equal priority rewrite or drop it, each otherwise: which is asked first is not told. */
    | 'equal-priority'
    /** In a nat chain, which is asked only where the kernel keeps connections: no rule that was read makes it. */
    | 'drops-if-tracked'
    /** A rule may take its connection away (notrack): then it is not rewritten. */
    | 'may-not-track'
    | 'firewall-not-read'
    | 'firewall-in-part'
    | 'firewall-cut'
    /** A bridge's port is locked, and whether the forwarding table has its source there is not known. */
    | 'port-locked'
    /** bridge-nf-call-iptables, or chains of the family bridge, which are not followed. */
    | 'bridge-firewall'
    /** A policy rule asks what is not known. */
    | 'policy-rule'
    | 'rules-not-seen'
    /** The tables local and main are one as long as no rule was ever added. */
    | 'merged-tables'
    /** A route is for what has a TOS or a source that this may have. */
    | 'route-asks'
    | 'several-routes'
    | 'one-of'
    | 'link-down-route'
    /** Whether the link is up was not told; in which mode a macvlan is. */
    | 'link-state'
    | 'mode-not-told'
    | 'source-not-known'
    /** It has a loopback address as its source: only with route_localnet, which is not asked, does it leave. */
    | 'route-localnet'
    /** No neighbour entry: who has the address answers. */
    | 'neighbour-not-known'
    | 'neighbour-failed'
    | 'flooded'
    | 'several-ends'
    | 'xdp'
    /** IPsec policies are not asked for, and somebody here may have set some. */
    | 'ipsec'
    /** A queueing discipline that is not the kernel's own may drop it. */
    | 'qdisc'
    | 'v6-only'
    /** To which device a socket is bound is not told; it is to one, and by which the packet comes is not known; a VRF's. */
    | 'device-not-told'
    | 'other-device'
    | 'vrf-socket'
    /** Several sockets would take it: the kernel chooses by a hash (SO_REUSEPORT), or by what is not told. */
    | 'several-sockets'
    | 'sockets-not-seen'
    /** A virtual service may take it before a socket does. */
    | 'ipvs'
    /** What the process does with it is known by its kind alone. */
    | 'user-mode'
    | 'host-loopback'
    | 'host';
  /** The rule, chain or selector as it stands. */
  readonly text: string;
}

export interface Hop {
  readonly event: HopEvent;
  readonly netns: NamespaceId | undefined;
  /** What it is at: to be shown when the hop is chosen. */
  readonly entity: EntityId;
  /** Everything it touches: entities and relations, to be lit. */
  readonly through: readonly string[];
  /** As sure as the least sure thing it rests on, hops before it too. */
  readonly certainty: Certainty;
  /** Names of the resolver's rules it rests on. */
  readonly rules: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly doubts: readonly Doubt[];
}

export interface TracedPath {
  /** The last one is the end. */
  readonly hops: readonly Hop[];
  readonly end: EndKind;
  readonly certainty: Certainty;
}

export interface Trace {
  readonly packet: Packet;
  /** At least one; several where it is not decided which. The likely one first. */
  readonly paths: readonly TracedPath[];
  /** There are more. */
  readonly more: boolean;
}

/** Nothing can be traced, and why. */
export interface NotTraced {
  readonly problem:
    | 'start-not-there'
    | 'start-netns-not-known'
    | 'start-not-listed'
    | 'target-not-there'
    | 'target-netns-not-known'
    | 'target-without-address'
    | 'no-address'
    /** Nothing that comes from the network gets to a loopback address (RFC 1122, 3.2.1.3). */
    | 'loopback-from-outside';
  readonly value: string;
}

/** As sure as the least sure. */
export const leastSure = (certainties: readonly Certainty[]): Certainty =>
  certainties.includes('ambiguous') ? 'ambiguous' : certainties.includes('inferred') ? 'inferred' : 'certain';
