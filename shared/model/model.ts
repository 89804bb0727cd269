// The resolved model of one host at one time. Written as JSON by `nsatlas show --format json`,
// described by model.schema.json beside this file: names may be added, never changed.
import type { Completeness } from './completeness.ts';
import type { Container } from './container.ts';
import type { Finding } from './finding.ts';
import type { Firewall } from './firewall.ts';
import type { Forward } from './forward.ts';
import type { Host } from './host.ts';
import type { NamespaceId } from './id.ts';
import type { Link } from './link.ts';
import type { MountTable } from './mount.ts';
import type { Namespace } from './namespace.ts';
import type { NameResolution } from './name-resolution.ts';
import type { Netconf } from './netconf.ts';
import type { OvsBridge } from './open-vswitch.ts';
import type { Process } from './process.ts';
import type { Sandbox } from './sandbox.ts';
import type { Relation } from './relation.ts';
import type { Neighbour, NextHop, Route, Rule } from './route.ts';
import type { PacketSocket, Socket, UnixSocket } from './socket.ts';
import type { VirtualService } from './virtual-service.ts';

export const modelFormatVersion = 1;

export interface Model {
  readonly formatVersion: typeof modelFormatVersion;
  readonly host: Host;
  readonly namespaces: readonly Namespace[];
  readonly processes: readonly Process[];
  readonly containers: readonly Container[];
  readonly sandboxes: readonly Sandbox[];
  readonly links: readonly Link[];
  readonly relations: readonly Relation[];
  readonly routes: readonly Route[];
  readonly rules: readonly Rule[];
  readonly neighbours: readonly Neighbour[];
  readonly nextHops: readonly NextHop[];
  /** None where the host's tools do not tell them. */
  readonly netconfs: readonly Netconf[];
  readonly sockets: readonly Socket[];
  /** Network namespaces whose sockets are all in the list: there, what is not in it is not there. */
  readonly socketsSeenIn: readonly NamespaceId[];
  readonly unixSockets: readonly UnixSocket[];
  readonly packetSockets: readonly PacketSocket[];
  readonly nameResolution: readonly NameResolution[];
  readonly mountTables: readonly MountTable[];
  readonly forwards: readonly Forward[];
  readonly firewalls: readonly Firewall[];
  readonly virtualServices: readonly VirtualService[];
  /** Bridges of Open vSwitch, by its database. */
  readonly ovsBridges: readonly OvsBridge[];
  readonly findings: readonly Finding[];
  readonly completeness: Completeness;
}
