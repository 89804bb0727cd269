// Builds Entities for tests: every function fills in what a test does not care about.
// What is said is kept as it is; nothing is derived but the ids.
import type { Entities, UnresolvedNamespace, UnresolvedProcess } from '../../shared/model/entities.ts';
import type { Evidence } from '../../shared/model/evidence.ts';
import type { Host } from '../../shared/model/host.ts';
import {
  linkId,
  namespaceId,
  parseNamespaceId,
  processId,
  type NamespaceId,
  type NamespaceKind,
} from '../../shared/model/id.ts';
import type { Address, Link } from '../../shared/model/link.ts';
import type { Route } from '../../shared/model/route.ts';
import type { Socket } from '../../shared/model/socket.ts';

/** Evidence that a test can recognise: `at('net', 3)` stands for line 3 of some `net` frame. */
export const at = (section: string, line = 1): Evidence => ({ frame: 0, section, line });

export const net = (inode: number): NamespaceId => namespaceId('net', inode);

export function aHost(fields: Partial<Host> = {}): Host {
  return {
    hostname: 'ip-172-31-40-91',
    kernel: '6.1.119-129.201.amzn2023.x86_64',
    architecture: 'x86_64',
    os: 'Amazon Linux 2023',
    bootId: '5f0a4d4e-0f60-4d7b-9f83-52f1f4a0d9a1',
    collectedAt: '2025-12-10T14:40:00Z',
    user: { name: 'ec2-user', uid: 1000 },
    privileges: ['user'],
    tools: {},
    initialNamespaces: {},
    complete: true,
    evidence: [at('host')],
    ...fields,
  };
}

/** Empty but for what is given. Namespaces that links or processes name but nobody listed are added, without processes. */
export function anEntities(fields: Partial<Entities> = {}): Entities {
  const entities: Entities = {
    host: aHost(),
    collectorPid: undefined,
    namespaces: [],
    processes: [],
    links: [],
    routes: [],
    rules: [],
    neighbours: [],
    nextHops: [],
    netconfs: [],
    sockets: [],
    unixSockets: [],
    packetSockets: [],
    nameResolution: [],
    mountTables: [],
    socketsSeenIn: [],
    firewalls: [],
    virtualServices: [],
    ovsBridges: [],
    runtimeStates: [],
    machines: [],
    engineAnswers: [],
    rootlessKits: [],
    tunHolders: [],
    netnsIds: [],
    subuids: [],
    netnsNotEntered: [],
    findings: [],
    ...fields,
  };
  return { ...entities, namespaces: withMembers(entities) };
}

function withMembers(entities: Entities): readonly UnresolvedNamespace[] {
  const namespaces = new Map(entities.namespaces.map((namespace) => [namespace.id, namespace]));
  const mentioned = [
    ...entities.links.map((link) => link.netns),
    ...entities.processes.flatMap((process) => Object.values(process.namespaces)),
  ];
  for (const id of mentioned) if (!namespaces.has(id)) namespaces.set(id, aNamespace(id));
  return [...namespaces.values()].map((namespace) => {
    const members = entities.processes.filter((process) => process.namespaces[namespace.kind] === namespace.id);
    const ids = new Set(members.map((process) => process.id));
    const leaders = members
      .filter((process) => process.ppid === undefined || !ids.has(processId(process.ppid)))
      .sort((a, b) => (a.startTicks ?? 0) - (b.startTicks ?? 0) || a.pid - b.pid);
    return { ...namespace, processIds: members.map((p) => p.id), leaderIds: leaders.map((p) => p.id) };
  });
}

export function aNamespace(id: NamespaceId, fields: Partial<UnresolvedNamespace> = {}): UnresolvedNamespace {
  const parsed = parseNamespaceId(id);
  if (!parsed) throw new Error(`not a namespace id: ${id}`);
  return { ...parsed, processIds: [], leaderIds: [], keptBy: [], evidence: [at('ns')], ...fields };
}

/** Namespaces are given as inodes by kind; `argv` may be one string, split at spaces. */
export function aProcess(
  pid: number,
  fields: Partial<Omit<UnresolvedProcess, 'argv' | 'namespaces'>> & {
    readonly argv?: string | readonly string[];
    readonly namespaces?: Partial<Record<NamespaceKind, number>>;
  } = {},
): UnresolvedProcess {
  const { argv = [], namespaces = {}, ...rest } = fields;
  const words = typeof argv === 'string' ? argv.split(' ') : argv;
  const ids = Object.entries(namespaces).map(([kind, inode]) => [kind, namespaceId(kind as NamespaceKind, inode)]);
  return {
    id: processId(pid),
    pid,
    ppid: 1,
    comm: (words[0] ?? 'kthread').split('/').at(-1)?.slice(0, 15) ?? '',
    argv: words,
    state: 'S',
    startTicks: pid,
    uid: 1000,
    user: 'ec2-user',
    kernelThread: false,
    namespaces: Object.fromEntries(ids),
    nsPids: [pid],
    evidence: [at('status', pid)],
    ...rest,
  };
}

export function aLink(netns: NamespaceId, ifindex: number, name: string, fields: Partial<Link> = {}): Link {
  return {
    id: linkId(netns, ifindex),
    netns,
    ifindex,
    name,
    kind: name === 'lo' ? 'loopback' : 'physical',
    operState: name === 'lo' ? 'UNKNOWN' : 'UP',
    flags: ['UP', 'LOWER_UP'],
    mtu: 1500,
    altNames: [],
    addresses: [],
    data: {},
    evidence: [{ frame: 1, section: 'net', line: 1, columns: [ifindex, ifindex + 1] }],
    ...fields,
  };
}

/** `10.4.0.9/24` as an address of a link. */
export function anAddress(text: string, fields: Partial<Address> = {}): Address {
  const [local = '', length = '32'] = text.split('/');
  return {
    family: local.includes(':') ? 'inet6' : 'inet',
    local,
    prefixLength: Number(length),
    scope: 'global',
    dynamic: false,
    ...fields,
  };
}

export function aRoute(netns: NamespaceId, destination: string, link: Link, fields: Partial<Route> = {}): Route {
  return {
    id: `route:${netns}/main/${destination}/${link.name}/${fields.metric ?? 0}`,
    netns,
    family: 'inet',
    table: 'main',
    type: 'unicast',
    destination,
    device: link.name,
    link: link.id,
    evidence: [at('net', 2)],
    ...fields,
  };
}

/** A listening TCP socket at `address:port`, bound to no device. */
export function aSocket(netns: NamespaceId, listen: string, fields: Partial<Socket> = {}): Socket {
  const colon = listen.lastIndexOf(':');
  const local = { address: listen.slice(0, colon), port: Number(listen.slice(colon + 1)) };
  return {
    id: `socket:${netns}/tcp/${listen}`,
    netns,
    protocol: 'tcp',
    local,
    remote: { address: '0.0.0.0', port: 0 },
    state: 'LISTEN',
    device: '',
    inode: 1000 + local.port,
    uid: 1000,
    processIds: [],
    evidence: [at('socket', local.port)],
    ...fields,
  };
}
