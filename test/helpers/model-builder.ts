// Builds a resolved Model step by step, for tests of what comes after resolving: graph, layout, export, explain.
// What is said is kept as it is: names, inodes, indexes and PIDs are the caller's, nothing is guessed.
import type { Container } from '../../shared/model/container.ts';
import type { Certainty } from '../../shared/model/evidence.ts';
import type { Finding } from '../../shared/model/finding.ts';
import type { Forward } from '../../shared/model/forward.ts';
import type { Host } from '../../shared/model/host.ts';
import {
  containerId,
  linkId,
  namespaceId,
  processId,
  type ContainerId,
  type EntityId,
  type LinkId,
  type NamespaceId,
  type NamespaceKind,
  type ProcessId,
} from '../../shared/model/id.ts';
import type { Address, Link } from '../../shared/model/link.ts';
import { modelFormatVersion, type Model } from '../../shared/model/model.ts';
import type { Namespace, NamespaceRole } from '../../shared/model/namespace.ts';
import type { Process } from '../../shared/model/process.ts';
import type { Relation, RelationKind } from '../../shared/model/relation.ts';
import type { Route } from '../../shared/model/route.ts';
import type { Socket } from '../../shared/model/socket.ts';
import { completenessOf, type Counted } from '../../shared/resolve/completeness.ts';

const at = (section: string, line = 1) => [{ frame: 0, section, line }];

/** `10.4.0.9/24` or `fe80::1/64` as an address; link-local ones get scope link. */
export function address(text: string, fields: Partial<Address> = {}): Address {
  const [local = '', prefix = ''] = text.split('/');
  const family = local.includes(':') ? 'inet6' : 'inet';
  const scope = local.startsWith('fe80:') ? 'link' : local === '::1' || local.startsWith('127.') ? 'host' : 'global';
  return { family, local, prefixLength: Number(prefix), scope, dynamic: false, ...fields };
}

export class ModelBuilder {
  readonly #host: Host;
  readonly #namespaces = new Map<NamespaceId, Namespace>();
  readonly #processes = new Map<ProcessId, Process>();
  readonly #containers: Container[] = [];
  readonly #links: Link[] = [];
  readonly #relations: Relation[] = [];
  readonly #routes: Route[] = [];
  readonly #sockets: Socket[] = [];
  readonly #forwards: Forward[] = [];
  readonly #findings: Finding[] = [];

  constructor(host: Partial<Host> & Pick<Host, 'hostname'>) {
    this.#host = {
      kernel: '6.1.119-129.201.amzn2023.x86_64',
      architecture: 'x86_64',
      os: 'Amazon Linux 2023',
      bootId: '5f0a4d4e-0f60-4d7b-9f83-52f1f4a0d9a1',
      collectedAt: '2024-12-10T14:40:00Z',
      user: { name: 'ec2-user', uid: 1000 },
      privileges: ['user'],
      tools: {},
      initialNamespaces: {},
      complete: true,
      evidence: at('host'),
      ...host,
    };
  }

  namespace(
    kind: NamespaceKind,
    inode: number,
    role: NamespaceRole,
    name: string,
    fields: Partial<Namespace> = {},
  ): NamespaceId {
    const id = namespaceId(kind, inode);
    this.#namespaces.set(id, {
      id,
      kind,
      inode,
      role,
      name,
      identity: `${kind}/${inode}`,
      processIds: [],
      leaderIds: [],
      keptBy: [],
      evidence: at('ns'),
      ...fields,
    });
    return id;
  }

  /** `namespaces`: those it is in; it is listed in each of them, and leads where nobody did before. */
  process(
    pid: number,
    comm: string,
    namespaces: readonly NamespaceId[],
    fields: Partial<Omit<Process, 'id' | 'pid' | 'comm' | 'namespaces'>> = {},
  ): ProcessId {
    const id = processId(pid);
    const byKind: Partial<Record<NamespaceKind, NamespaceId>> = {};
    for (const namespace of namespaces) {
      byKind[namespace.slice(0, namespace.indexOf(':')) as NamespaceKind] = namespace;
      const known = this.#namespaces.get(namespace);
      if (known === undefined) throw new Error(`${comm} is in ${namespace}, which nobody made`);
      this.#namespaces.set(namespace, {
        ...known,
        processIds: [...known.processIds, id],
        leaderIds: known.leaderIds.length === 0 ? [id] : known.leaderIds,
      });
    }
    this.#processes.set(id, {
      id,
      pid,
      ppid: 1,
      comm,
      argv: [comm],
      state: 'S',
      startTicks: pid * 10,
      uid: 0,
      user: 'root',
      kernelThread: false,
      nsPids: [pid],
      roles: [],
      namespaces: byKind,
      evidence: at('status'),
      ...fields,
    });
    return id;
  }

  link(
    netns: NamespaceId,
    ifindex: number,
    name: string,
    kind: string,
    fields: Partial<Omit<Link, 'id' | 'netns' | 'ifindex' | 'name' | 'kind'>> = {},
  ): LinkId {
    const id = linkId(netns, ifindex);
    this.#links.push({
      id,
      netns,
      ifindex,
      name,
      kind,
      operState: 'UP',
      flags: ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'],
      mtu: 1500,
      altNames: [],
      addresses: [],
      data: {},
      evidence: at('net'),
      ...fields,
    });
    return id;
  }

  loopback(netns: NamespaceId): LinkId {
    return this.link(netns, 1, 'lo', 'loopback', {
      operState: 'UNKNOWN',
      flags: ['LOOPBACK', 'UP', 'LOWER_UP'],
      mtu: 65536,
      mac: '00:00:00:00:00:00',
      addresses: [address('127.0.0.1/8'), address('::1/128')],
    });
  }

  container(
    runtimeId: string,
    name: string,
    fields: Partial<Omit<Container, 'id' | 'runtimeId' | 'name'>> = {},
  ): ContainerId {
    const id = containerId(runtimeId);
    this.#containers.push({
      id,
      runtimeId,
      engine: 'containerd',
      name,
      processIds: [],
      networks: [],
      labels: {},
      recognisedBy: ['runc-state'],
      evidence: at('runtime-state'),
      ...fields,
    });
    return id;
  }

  relate(kind: RelationKind, from: EntityId, to: EntityId, rule: string, certainty: Certainty = 'certain'): string {
    const id = `${kind} ${from} ${to}`;
    this.#relations.push({ id, kind, from, to, certainty, rule, evidence: at('net') });
    return id;
  }

  /** The smaller id first, as the contract says. */
  vethPair(a: LinkId, b: LinkId, certainty: Certainty = 'certain'): string {
    return a < b
      ? this.relate('veth-peer', a, b, 'veth.reciprocal', certainty)
      : this.relate('veth-peer', b, a, 'veth.reciprocal', certainty);
  }

  defaultRoute(netns: NamespaceId, gateway: string, device: string, link: LinkId, fields: Partial<Route> = {}): void {
    this.#routes.push({
      id: `route:${netns}/main/default/${device}/${gateway}`,
      netns,
      family: gateway.includes(':') ? 'inet6' : 'inet',
      table: 'main',
      type: 'unicast',
      destination: 'default',
      gateway,
      device,
      link,
      evidence: at('net'),
      ...fields,
    });
  }

  forward(forward: Omit<Forward, 'evidence'>): void {
    this.#forwards.push({ ...forward, evidence: at('rootlesskit-ports') });
    if (forward.forwarder) this.relate('forwarded-by', forward.id, forward.forwarder, forward.rule, forward.certainty);
    if (forward.container) this.relate('forwards-to', forward.id, forward.container, forward.rule, forward.certainty);
    if (forward.socket) this.relate('listens-on', forward.id, forward.socket, forward.rule, forward.certainty);
  }

  socket(socket: Omit<Socket, 'evidence'>): void {
    this.#sockets.push({ ...socket, evidence: at('socket') });
  }

  finding(finding: Omit<Finding, 'evidence'>): void {
    this.#findings.push({ ...finding, evidence: at('ns') });
  }

  build(): Model {
    const model: Counted = {
      formatVersion: modelFormatVersion,
      host: this.#host,
      namespaces: [...this.#namespaces.values()],
      processes: [...this.#processes.values()],
      containers: this.#containers,
      links: this.#links,
      relations: this.#relations,
      routes: this.#routes,
      rules: [],
      neighbours: [],
      nextHops: [],
      netconfs: [],
      sockets: this.#sockets,
      unixSockets: [],
      packetSockets: [],
      nameResolution: [],
      mountTables: [],
      sandboxes: [],
      forwards: this.#forwards,
      firewalls: [],
      socketsSeenIn: [],
      virtualServices: [],
      ovsBridges: [],
      findings: this.#findings,
    };
    return { ...model, completeness: completenessOf(model, []) };
  }
}
