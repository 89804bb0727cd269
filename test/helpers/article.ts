// The article's questions, asked of a model of its host: the same for a live host and for its replayed transcript.
// The seventh, that nothing is left behind on the host, cannot be told from a model: the lab's test compares the host
// before and after.
import { expect } from 'vitest';
import type { Container } from '../../shared/model/container.ts';
import type { Evidence } from '../../shared/model/evidence.ts';
import {
  linkId,
  namespaceId,
  namespaceKinds,
  processId,
  type EntityId,
  type NamespaceId,
} from '../../shared/model/id.ts';
import type { Link } from '../../shared/model/link.ts';
import type { Model } from '../../shared/model/model.ts';
import type { Process } from '../../shared/model/process.ts';
import type { Relation, RelationKind } from '../../shared/model/relation.ts';
import type { Transcript } from '../../shared/model/transcript.ts';
import { explain } from '../../shared/explain/explain.ts';
import { prove } from '../../shared/explain/prove.ts';
import type { LabTruth } from '../lab/lab-truth.ts';

/**
 * Throws where an answer is missing or wrong. `truth`: what the host said of itself when it was collected; without it
 * the answers only have to agree with each other and with the article. `transcript`: then every answer's evidence has to
 * lead back to it.
 */
export function assertArticle(model: Model, truth?: LabTruth, transcript?: Transcript): void {
  const host = new ArticleHost(model, transcript);
  const nginx = host.container('nginx-d8e2d');
  containerAndItsNamespaces(host, nginx, truth);
  const childNetns = cableToTheBridge(host, nginx, truth);
  childNetnsByNameAndPath(host, childNetns, truth);
  parentIsTheHost(host, childNetns, truth);
  tapAndTheWayOut(host, childNetns, truth);
  publishedPort(host, nginx, truth);
}

class ArticleHost {
  readonly model: Model;
  private readonly transcript: Transcript | undefined;

  constructor(model: Model, transcript: Transcript | undefined) {
    this.model = model;
    this.transcript = transcript;
  }

  container(name: string): Container {
    return one(
      this.model.containers.filter((container) => container.name === name),
      `container ${name}`,
    );
  }
  process(id: EntityId | undefined): Process {
    return one(
      this.model.processes.filter((process) => process.id === id),
      `process ${id}`,
    );
  }
  withRole(role: Process['roles'][number]): Process {
    return one(
      this.model.processes.filter((process) => process.roles.includes(role)),
      `process with role ${role}`,
    );
  }
  link(id: EntityId | undefined): Link {
    return one(
      this.model.links.filter((link) => link.id === id),
      `link ${id}`,
    );
  }
  linkNamed(netns: NamespaceId, name: string): Link {
    return one(
      this.model.links.filter((link) => link.netns === netns && link.name === name),
      `${name} in ${netns}`,
    );
  }
  hostNetns(): NamespaceId {
    const id = this.model.host.initialNamespaces.net?.id;
    if (!id) throw new Error('no host network namespace');
    return id;
  }
  /** The one relation of a kind that touches an entity; its evidence has to stand in the transcript. */
  relation(kind: RelationKind, entity: EntityId): Relation {
    const found = one(
      this.model.relations.filter((each) => each.kind === kind && (each.from === entity || each.to === entity)),
      `${kind} of ${entity}`,
    );
    this.proven(found.evidence);
    return found;
  }
  proven(evidence: readonly Evidence[]): void {
    expect(evidence.length).toBeGreaterThan(0);
    if (!this.transcript) return;
    for (const each of evidence) {
      const proof = prove(this.transcript, each);
      expect(proof?.command).toBeTruthy();
      expect(proof?.lines.some((line) => line.says)).toBe(true);
    }
  }
}

function one<T>(found: readonly T[], what: string): T {
  const [first] = found;
  if (first === undefined || found.length !== 1) throw new Error(`${found.length} instead of one: ${what}`);
  return first;
}

/** 1. Its process, name, id; its eight namespaces, and which of them are the host's. */
function containerAndItsNamespaces(host: ArticleHost, nginx: Container, truth: LabTruth | undefined): void {
  const init = host.process(nginx.init);
  const told = truth?.containers.find(({ name }) => name === nginx.name);
  if (truth) {
    expect(nginx.runtimeId).toBe(told?.id);
    expect(init.pid).toBe(told?.pid);
    expect(init.namespaces).toEqual(ids(told?.namespaces));
    expect(nginx.monitor).toBe(processId(told?.shimPid ?? 0));
  }
  expect(init.argv[0]).toMatch(/^nginx: master process/);
  expect(Object.keys(init.namespaces).sort()).toEqual([...namespaceKinds].sort());
  const relation = host.relation('init', nginx.id);
  expect(relation.certainty).toBe('certain');
  for (const kind of namespaceKinds) {
    const namespace = one(
      host.model.namespaces.filter(({ id }) => id === init.namespaces[kind]),
      `${kind} of nginx`,
    );
    const role = { time: 'host', user: 'rootlesskit-child' }[kind as string] ?? 'container';
    expect([kind, namespace.role]).toEqual([kind, role]);
    if (role === 'container') {
      expect(namespace.name).toBe('nginx-d8e2d');
      expect(namespace.processIds).toContain(init.id);
    }
  }
  // Its workers, which run as another user of the container, are in it as well.
  for (const id of nginx.processIds) expect(host.process(id).container).toBe(nginx.id);
  expect(nginx.processIds.length).toBeGreaterThan(1);
}

/** 2. eth0, its address, its peer in RootlessKit's child netns, the peer's master. */
function cableToTheBridge(host: ArticleHost, nginx: Container, truth: LabTruth | undefined): NamespaceId {
  const netns = host.process(nginx.init).namespaces.net ?? 'net:[0]';
  const eth0 = host.linkNamed(netns, 'eth0');
  expect(eth0.addresses.map(({ local, prefixLength }) => `${local}/${prefixLength}`)).toContain('10.4.0.9/24');
  const pair = host.relation('veth-peer', eth0.id);
  expect(pair.certainty).toBe('certain');
  const veth = host.link(pair.from === eth0.id ? pair.to : pair.from);
  const child = one(
    host.model.namespaces.filter(({ id }) => id === veth.netns),
    'namespace of the peer',
  );
  expect(child.role).toBe('rootlesskit-child');
  const master = host.relation('master', veth.id);
  expect(master.certainty).toBe('certain');
  expect(host.link(master.to).name).toBe('nerdctl0');
  for (const told of truth?.containers ?? []) {
    const container = host.container(told.name);
    const own = linkId(namespaceId('net', told.namespaces.net), told.eth0.ifindex);
    const peer = linkId(namespaceId('net', truth?.rootlesskit.netns ?? 0), told.veth.ifindex);
    const its = host.relation('veth-peer', own);
    expect([its.from, its.to].sort()).toEqual([own, peer].sort());
    expect(its.certainty).toBe('certain');
    expect(host.link(peer).name).toBe(told.veth.name);
    expect(host.link(own).addresses.map(({ local }) => local)).toContain(told.ip);
    expect(container.runtimeId).toBe(told.id);
  }
  const facts = explain(host.model, eth0.id)?.groups.flatMap((group) => group.facts) ?? [];
  expect(facts.find((fact) => fact.label === 'Peer')).toMatchObject({ entity: veth.id, certainty: 'certain' });
  return veth.netns;
}

/** 3. RootlessKit's child netns, by its name and its path, and why the host's path is an empty file. */
function childNetnsByNameAndPath(host: ArticleHost, id: NamespaceId, truth: LabTruth | undefined): void {
  if (truth) expect(id).toBe(namespaceId('net', truth.rootlesskit.netns));
  const netns = one(
    host.model.namespaces.filter((namespace) => namespace.id === id),
    id,
  );
  if (truth && !truth.rootlesskit.detached) {
    // Without --detach-netns it is the child's own, and there is no file to explain.
    expect(netns.name).toBe('RootlessKit child · ec2-user');
    expect(netns.processIds).toContain(processId(truth.rootlesskit.childPid));
    return;
  }
  expect(netns.name).toBe('RootlessKit child · ec2-user · detached');
  const stateDir = truth?.rootlesskit.stateDir ?? '/run/user/1000/containerd-rootless';
  const mounts = netns.keptBy.filter((keeper) => keeper.by === 'mount');
  expect(mounts.map((mount) => mount.path)).toContain(`${stateDir}/netns`);
  for (const mount of mounts) {
    expect(mount.reachableAs).toMatch(/^\/proc\/\d+\/root\//);
    host.proven(mount.evidence);
  }
  const note = one(
    host.model.findings.filter(({ rule }) => rule === 'rootlesskit.netns-file-empty-on-host'),
    'finding about the empty file',
  );
  expect(note.subjects).toContain(id);
  const { child } = rootlessKit(host);
  expect(note.message).toContain(`${stateDir}/netns is an empty ordinary file`);
  expect(note.advice).toContain(
    `nsenter -t ${child.pid} -U --preserve-credentials --net=/proc/${child.pid}/root${stateDir}/netns`,
  );
  host.proven(note.evidence);
  expect(explain(host.model, id)?.remarks.map((remark) => remark.text)).toContain(note.message);
}

/** 4. RootlessKit's parent netns is the host's; who runs in it. */
function parentIsTheHost(host: ArticleHost, childNetns: NamespaceId, truth: LabTruth | undefined): void {
  const hostNetns = host.hostNetns();
  const { parent, child } = rootlessKit(host);
  const relation = one(
    host.model.relations.filter(({ kind, from }) => kind === 'rootlesskit-parent-netns' && from === childNetns),
    'parent of the child netns',
  );
  expect(relation).toMatchObject({ to: hostNetns, certainty: 'certain' });
  host.proven(relation.evidence);
  expect(host.model.findings.map(({ rule }) => rule)).toContain('rootlesskit.parent-is-host');
  const [containerd, slirp4netns] = [host.withRole('containerd'), host.withRole('slirp4netns')];
  const inHost = truth?.rootlesskit.detached === false ? [parent, slirp4netns] : [parent, containerd, slirp4netns];
  for (const process of inHost) expect(process.namespaces.net).toBe(hostNetns);
  if (!truth) return;
  expect(hostNetns).toBe(namespaceId('net', truth.namespaces.net));
  const { parentPid, childPid, containerdPid, slirp4netnsPid } = truth.rootlesskit;
  expect([parent.pid, child.pid, containerd.pid, slirp4netns.pid]).toEqual([
    parentPid,
    childPid,
    containerdPid,
    slirp4netnsPid,
  ]);
  expect(child.namespaces).toEqual(ids(truth.rootlesskit.namespaces.child));
}

/** 5. tap0 is served by slirp4netns, which goes out over the host's NIC. */
function tapAndTheWayOut(host: ArticleHost, childNetns: NamespaceId, truth: LabTruth | undefined): void {
  const tap0 = host.linkNamed(childNetns, 'tap0');
  const served = host.relation('served-by', tap0.id);
  const server = host.process(served.to);
  expect(server.roles).toContain('slirp4netns');
  if (truth) expect(server.pid).toBe(truth.rootlesskit.slirp4netnsPid);
  expect(host.relation('works-for', server.id).to).toBe(rootlessKit(host).parent.id);
  const out = host.relation('leaves-through', server.id);
  expect(host.link(out.to)).toMatchObject({ name: 'ens5', netns: host.hostNetns() });
}

/** 6. The published port: who listens, who forwards, which container, which of its ports. */
function publishedPort(host: ArticleHost, nginx: Container, truth: LabTruth | undefined): void {
  const forward = one(
    host.model.forwards.filter(({ listen }) => listen.port === 8080),
    'forward of port 8080',
  );
  const { parent } = rootlessKit(host);
  expect(forward).toMatchObject({
    by: 'rootlesskit',
    protocol: 'tcp',
    listen: { address: '127.0.0.1', port: 8080, netns: host.hostNetns() },
    target: { address: '10.4.0.9', port: 80, netns: host.process(nginx.init).namespaces.net },
    forwarder: parent.id,
    container: nginx.id,
  });
  host.proven(forward.evidence);
  expect(host.relation('forwarded-by', forward.id).to).toBe(parent.id);
  expect(host.relation('forwards-to', forward.id).to).toBe(nginx.id);
  const listening = host.relation('listens-on', forward.id);
  expect(listening.certainty).toBe('certain');
  const socket = one(
    host.model.sockets.filter(({ id }) => id === listening.to),
    'listening socket',
  );
  expect(socket).toMatchObject({ state: 'LISTEN', local: { address: '127.0.0.1', port: 8080 } });
  expect(socket.processIds).toContain(parent.id);
  if (truth) expect(host.model.forwards.length).toBe(truth.ports.length);
}

function rootlessKit(host: ArticleHost): { readonly parent: Process; readonly child: Process } {
  const child = host.withRole('rootlesskit-child');
  const relation = host.relation('rootlesskit-child-of', child.id);
  expect(relation.certainty).toBe('certain');
  const parent = host.process(relation.to);
  expect(parent.roles).toContain('rootlesskit-parent');
  return { parent, child };
}

const ids = (inodes: LabTruth['namespaces'] | undefined): Process['namespaces'] =>
  inodes ? Object.fromEntries(namespaceKinds.map((kind) => [kind, namespaceId(kind, inodes[kind])])) : {};
