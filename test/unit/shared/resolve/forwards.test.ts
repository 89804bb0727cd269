// Published ports: who listens, who forwards, where it ends, and how sure that is.
import { describe, expect, it } from 'vitest';
import type { Entities, RootlessKitState } from '../../../../shared/model/entities.ts';
import type { Route } from '../../../../shared/model/route.ts';
import type { Socket } from '../../../../shared/model/socket.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { aLink, anAddress, anEntities, aProcess, aRoute, aSocket, net } from '../../../helpers/entities.ts';
import {
  childNet,
  hostNet,
  nginxId,
  nginxNet,
  redisId,
  redisNet,
  referenceEntities,
} from '../../../helpers/reference-entities.ts';

/** The reference host with RootlessKit's answer changed. */
function withKit(change: (kit: RootlessKitState) => RootlessKitState, fields: Partial<Entities> = {}) {
  const entities = referenceEntities(fields);
  return resolveModel({ ...entities, rootlessKits: entities.rootlessKits.map(change) });
}
const nginx = `container:${nginxId}`;
const portmap = (kit: RootlessKitState): RootlessKitState => ({
  ...kit,
  ports: kit.ports?.map((port) => ({ ...port, childIp: '', childPort: 8080 })) ?? [],
});

describe('ports of RootlessKit', () => {
  it('handed to a container’s address, with the socket and the container', () => {
    const model = resolveModel(referenceEntities());
    expect(model.forwards).toEqual([
      expect.objectContaining({
        by: 'rootlesskit',
        protocol: 'tcp',
        listen: { address: '127.0.0.1', port: 8080, netns: hostNet },
        target: { address: '10.4.0.9', port: 80, netns: nginxNet },
        forwarder: 'process:122327',
        container: nginx,
        certainty: 'certain',
        rule: 'forward.rootlesskit-api',
      }),
    ]);
    expect(model.relations.find((one) => one.kind === 'listens-on')?.certainty).toBe('certain');
    expect(model.relations.find((one) => one.kind === 'forwards-to')).toMatchObject({
      to: nginx,
      certainty: 'certain',
    });
  });

  it('handed to the child’s own port, and from there where the container’s label says: inferred', () => {
    const { forwards, relations } = withKit(portmap);
    expect(forwards[0]).toMatchObject({
      target: { address: '10.4.0.9', port: 80, netns: nginxNet },
      container: nginx,
      certainty: 'inferred',
      rule: 'forward.rootlesskit-api-portmap',
    });
    expect(relations.find(({ kind }) => kind === 'forwards-to')).toMatchObject({
      certainty: 'inferred',
      rule: 'forward.published-port-annotation',
    });
  });

  it('with two containers that claim the port, none is chosen', () => {
    const states = referenceEntities().runtimeStates;
    const labels = states[0]?.annotations ?? {};
    const claims = states.map((state) => ({
      ...state,
      annotations: { ...state.annotations, 'nerdctl/ports': labels['nerdctl/ports'] ?? '' },
    }));
    const model = withKit(portmap, { runtimeStates: claims });
    expect(model.forwards[0]).toMatchObject({ target: { address: '127.0.0.1', port: 8080, netns: childNet } });
    expect(model.forwards[0]?.container).toBeUndefined();
    expect(model.findings.map((one) => one.rule)).toContain('forward.container-not-found');
  });

  it('without an answer: the listening socket and the label', () => {
    const model = withKit(({ ports: _, ...kit }) => kit);
    expect(model.forwards[0]).toMatchObject({
      certainty: 'inferred',
      rule: 'forward.rootlesskit-socket-and-annotation',
      container: nginx,
    });
    expect(model.findings.map((one) => one.rule)).toContain('rootlesskit.ports-not-told');
  });

  it('without an answer: what others hold, or is elsewhere, or does not listen is none of its', () => {
    const forwardsOf = (socket: Socket) => withKit(({ ports: _, ...kit }) => kit, { sockets: [socket] }).forwards;
    const own = aSocket(hostNet, '127.0.0.1:8080', { processIds: ['process:122327'] });
    expect(forwardsOf(own)).toHaveLength(1);
    expect(forwardsOf({ ...own, processIds: ['process:122373'] })).toEqual([]);
    expect(forwardsOf({ ...own, netns: childNet })).toEqual([]);
    expect(forwardsOf({ ...own, state: 'ESTAB' })).toEqual([]);
    expect(forwardsOf({ ...own, protocol: 'udp', state: 'UNCONN' })).toEqual([]);
    expect(forwardsOf({ ...own, local: { address: '127.0.0.1', port: 8081 } })).toEqual([]);
  });

  it('without an answer and without a label: none', () => {
    const runtimeStates = referenceEntities().runtimeStates.map((state) => ({ ...state, annotations: {} }));
    expect(withKit(({ ports: _, ...kit }) => kit, { runtimeStates }).forwards).toEqual([]);
  });

  it('to an address nobody was seen to have', () => {
    const model = withKit((kit) => ({
      ...kit,
      ports: kit.ports?.map((port) => ({ ...port, childIp: '10.4.0.77' })) ?? [],
    }));
    expect(model.forwards[0]).toMatchObject({
      target: { address: '10.4.0.77', port: 80, netns: undefined },
      certainty: 'certain',
    });
    expect(model.forwards[0]?.container).toBeUndefined();
    expect(model.findings.find((one) => one.rule === 'forward.container-not-found')).toMatchObject({
      message: `127.0.0.1:8080 is handed on to 10.4.0.77:80; no container in ${childNet}, or next to it by a veth pair, was seen to have it.`,
      values: { netns: childNet },
    });
  });

  it('to an address nobody was seen to have: who listens on every address elsewhere is not who answers', () => {
    const model = withKit(
      (kit) => ({ ...kit, ports: kit.ports?.map((port) => ({ ...port, childIp: '10.4.0.77' })) ?? [] }),
      { sockets: [aSocket(childNet, '0.0.0.0:80', { processIds: ['process:122380'] })] },
    );
    expect(model.relations.filter((one) => one.kind === 'reaches')).toEqual([]);
  });

  it('a socket held by somebody else is not RootlessKit’s', () => {
    const model = withKit((kit) => kit, {
      sockets: [aSocket(hostNet, '127.0.0.1:8080', { processIds: ['process:122380'] })],
    });
    expect(model.relations.some((one) => one.kind === 'listens-on')).toBe(false);
  });

  it('a socket of another address or kind is not this port’s, though RootlessKit holds it', () => {
    const processIds = ['process:122327'] as const;
    const of = (...addresses: readonly string[]) =>
      withKit((kit) => kit, { sockets: addresses.map((address) => aSocket(hostNet, address, { processIds })) })
        .relations.filter((one) => one.kind === 'listens-on')
        .map(({ to }) => to);
    expect(of('172.31.40.91:8080', ':::8080')).toEqual([]);
    const udp = aSocket(hostNet, '127.0.0.1:8080', { processIds, protocol: 'udp', state: 'UNCONN' });
    const connected = aSocket(hostNet, '127.0.0.1:8080', { processIds, state: 'ESTAB' });
    for (const socket of [udp, connected])
      expect(withKit((kit) => kit, { sockets: [socket] }).relations.map(({ kind }) => kind)).not.toContain(
        'listens-on',
      );
    expect(of('172.31.40.91:8080', '127.0.0.1:8080')).toEqual([aSocket(hostNet, '127.0.0.1:8080', { processIds }).id]);
  });

  it('a port for all addresses is that of a socket for all, however that is written', () => {
    const everywhere = (kit: RootlessKitState): RootlessKitState => ({
      ...kit,
      ports: kit.ports?.map((port) => ({ ...port, parentIp: '' })) ?? [],
    });
    const sockets = [aSocket(hostNet, '127.0.0.1:8080'), aSocket(hostNet, ':::8080', { protocol: 'tcp6' })];
    const { relations } = withKit(everywhere, { sockets });
    expect(relations.find((one) => one.kind === 'listens-on')?.to).toBe(sockets[1]?.id);
  });

  it('without an answer, a label that publishes another address of the host is not this socket’s', () => {
    const sockets = [aSocket(hostNet, '172.31.40.91:8080', { processIds: ['process:122327'] })];
    expect(withKit(({ ports: _, ...kit }) => kit, { sockets }).forwards).toEqual([]);
  });

  it('a socket whose holder is closed is only inferred', () => {
    const model = withKit((kit) => kit, { sockets: [aSocket(hostNet, '127.0.0.1:8080')] });
    expect(model.relations.find((one) => one.kind === 'forwarded-by')?.certainty).toBe('inferred');
    expect(model.relations.find((one) => one.kind === 'listens-on')).toMatchObject({
      certainty: 'inferred',
      rule: 'forward.socket-same-address',
    });
  });
});

describe('the same address in two users’ containers', () => {
  it('the one next to the forwarding namespace is meant', () => {
    const bobs = net(7);
    const entities = referenceEntities();
    const model = resolveModel({
      ...entities,
      // Bob's container comes first in every order, has the same address, and is joined to another namespace.
      processes: [
        ...entities.processes,
        aProcess(50, { argv: 'nginx', nsPids: [50, 1], namespaces: { net: 7, pid: 8 } }),
      ],
      namespaces: [...entities.namespaces, ...anEntities({ links: [aLink(bobs, 1, 'lo')] }).namespaces],
      links: [...entities.links, aLink(bobs, 2, 'eth0', { kind: 'veth', addresses: [anAddress('10.4.0.9/24')] })],
      runtimeStates: [
        ...entities.runtimeStates,
        {
          ...(entities.runtimeStates[0] ?? never()),
          runtimeId: 'bobs',
          initPid: 50,
          initStartTicks: 50,
          path: '/run/runc/bobs/state.json',
        },
      ],
    });
    expect(model.forwards[0]?.container).toBe(nginx);
  });
});

describe('the same address in two containers next to the forwarding namespace', () => {
  const { processes, links, runtimeStates, sockets } = referenceEntities();
  const redisEth0 = links.find((link) => link.netns === redisNet && link.name === 'eth0') ?? never();
  const nerdctl0 = links.find((link) => link.netns === childNet && link.name === 'nerdctl0') ?? never();
  const both = [`container:${nginxId}`, `container:${redisId}`].sort();
  const handedTo = (fields: Partial<Entities>) =>
    resolveModel(referenceEntities(fields))
      .relations.filter((one) => one.kind === 'forwards-to')
      .map((one) => [one.to, one.certainty]);
  // The other one listens, and it is the only one that is seen to.
  const listening = [
    ...sockets.filter((socket) => socket.netns !== nginxNet),
    aSocket(redisNet, '0.0.0.0:80', { processIds: ['process:126920'] }),
  ];

  it('on a link that leads elsewhere it does not count', () => {
    const elsewhere = aLink(redisNet, 3, 'other0', { kind: 'veth', addresses: [anAddress('10.4.0.9/24')] });
    expect(handedTo({ links: [...links, elsewhere], sockets: listening })).toEqual([[nginx, 'certain']]);
    const without = runtimeStates.filter((state) => state.runtimeId !== nginxId);
    const bare = processes.filter((process) => process.pid !== 126799 && process.pid !== 126830);
    const shimless = bare.filter((process) => process.pid !== 126770);
    expect(
      handedTo({ links: [...links, elsewhere], sockets: listening, runtimeStates: without, processes: shimless }),
    ).toEqual([]);
  });

  it('on links that lead there each is a candidate, whoever listens', () => {
    const twin = { ...redisEth0, addresses: [anAddress('10.4.0.9/24')] };
    const model = resolveModel(
      referenceEntities({ links: links.map((link) => (link === redisEth0 ? twin : link)), sockets: listening }),
    );
    expect(model.forwards[0]).toMatchObject({ target: { address: '10.4.0.9', port: 80, netns: undefined } });
    expect(model.forwards[0]?.container).toBeUndefined();
    expect(model.relations.filter((one) => one.kind === 'forwards-to').map((one) => [one.to, one.certainty])).toEqual(
      both.map((container) => [container, 'ambiguous']),
    );
    expect(model.findings.map((one) => one.rule)).toContain('forward.several-containers');
  });

  it('on a link that may be paired with one there it does not count', () => {
    expect(handedTo({ netnsIds: [] })).toEqual([[nginx, 'inferred']]);
    const eth0 = links.find((link) => link.netns === nginxNet && link.name === 'eth0') ?? never();
    const twin = { ...eth0, id: 'link:net:[7]/2' as const, netns: net(7) };
    const lo = aLink(net(7), 1, 'lo');
    expect(handedTo({ links: [...links, twin, lo], netnsIds: [] })).toEqual([]);
  });

  it('where the route goes by another device, or by a router, it does not count', () => {
    const withRoute = (destination: string, fields: Partial<Route> = {}) =>
      handedTo({ routes: [...referenceEntities().routes, aRoute(childNet, destination, nerdctl0, fields)] });
    expect(withRoute('10.4.0.9', { gateway: '10.4.0.77' })).toEqual([]);
    expect(withRoute('10.4.0.8/29', { device: 'tap0' })).toEqual([]);
    expect(withRoute('10.4.0.9', { gateway: '10.4.0.77', table: '100' })).toEqual([[nginx, 'certain']]);
    expect(withRoute('10.4.0.9', { gateway: '10.4.0.77', tos: '0x10' })).toEqual([[nginx, 'certain']]);
    expect(withRoute('10.4.0.0/16', { device: 'tap0' })).toEqual([[nginx, 'certain']]);
    expect(handedTo({ routes: [] })).toEqual([[nginx, 'certain']]);
  });

  it('on the bridge itself it is delivered there, to no container', () => {
    const own = { ...nerdctl0, addresses: [...nerdctl0.addresses, anAddress('10.4.0.9/32')] };
    expect(handedTo({ links: links.map((link) => (link === nerdctl0 ? own : link)) })).toEqual([]);
  });

  it('of one network namespace: the one that listens, else each is a candidate', () => {
    const redisProcesses = processes.filter(({ namespaces }) => namespaces.net === redisNet);
    const pod = processes.map((process) =>
      redisProcesses.includes(process) ? { ...process, namespaces: { ...process.namespaces, net: nginxNet } } : process,
    );
    const others = sockets.filter(({ local }) => local.port !== 80);
    const by = (pid: number) => aSocket(nginxNet, '0.0.0.0:80', { processIds: [`process:${pid}`] });
    expect(handedTo({ processes: pod, sockets: [...others, by(126799)] })).toEqual([[nginx, 'certain']]);
    expect(handedTo({ processes: pod, sockets: [...others, by(126920)] })).toEqual([
      [`container:${redisId}`, 'certain'],
    ]);
    expect(handedTo({ processes: pod, sockets: others })).toEqual(both.map((container) => [container, 'ambiguous']));
  });

  it('on a VLAN above the link that leads there it counts', () => {
    const vlan = aLink(redisNet, 3, 'eth0.5', {
      kind: 'vlan',
      lower: { name: 'eth0' },
      addresses: [anAddress('10.4.5.9/24')],
    });
    const [kit] = referenceEntities().rootlessKits;
    const rootlessKits = [
      { ...(kit ?? never()), ports: kit?.ports?.map((port) => ({ ...port, childIp: '10.4.5.9' })) ?? [] },
    ];
    const routes = [...referenceEntities().routes, aRoute(childNet, '10.4.5.0/24', nerdctl0)];
    expect(handedTo({ links: [...links, vlan], rootlessKits, routes })).toEqual([[`container:${redisId}`, 'certain']]);
    // Its pair is no more than likely without the netns ids.
    expect(handedTo({ links: [...links, vlan], rootlessKits, routes, netnsIds: [] })).toEqual([
      [`container:${redisId}`, 'inferred'],
    ]);
  });
});

describe('ports of Docker', () => {
  it('stand on the command line of docker-proxy', () => {
    const argv =
      '/usr/bin/docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 8080 -container-ip 172.17.0.2 -container-port 80';
    const model = resolveModel(
      anEntities({
        processes: [aProcess(9, { argv, namespaces: { net: 1 } })],
        sockets: [aSocket(net(1), '0.0.0.0:8080', { processIds: ['process:9'] })],
      }),
    );
    expect(model.forwards[0]).toMatchObject({
      by: 'docker-proxy',
      listen: { address: '0.0.0.0', port: 8080, netns: net(1) },
      target: { address: '172.17.0.2', port: 80 },
      certainty: 'inferred',
    });
  });

  const root = { uid: 0, user: 'root' };
  const argv =
    '/usr/bin/docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 80 -container-ip 172.17.0.2 -container-port 80';
  const proxy = aProcess(9, { uid: 1001, user: 'bob', argv, namespaces: { net: 1 } });
  it.each([
    ['there is none', []],
    ['another holds it', [aSocket(net(1), '0.0.0.0:80', { uid: 1001, processIds: ['process:8'] })]],
    ['another user made it', [aSocket(net(1), '0.0.0.0:80', { uid: 0 })]],
  ])('are none where docker-proxy has no socket: %s', (_, sockets) => {
    const processes = [proxy, aProcess(8, { ...root, argv: 'nginx', namespaces: { net: 1 } })];
    const model = resolveModel(anEntities({ processes, sockets, socketsSeenIn: [net(1)] }));
    expect(model.forwards).toEqual([]);
    expect(model.findings.find(({ rule }) => rule === 'forward.does-not-listen')).toMatchObject({
      subjects: ['process:9'],
      values: { listen: '0.0.0.0:80', target: '172.17.0.2:80' },
    });
  });

  it('are inferred where it may be its socket, or not all are known', () => {
    const his = [aSocket(net(1), '0.0.0.0:80', { uid: 1001 })];
    const seen = resolveModel(anEntities({ processes: [proxy], sockets: his, socketsSeenIn: [net(1)] }));
    const unseen = resolveModel(anEntities({ processes: [proxy] }));
    for (const model of [seen, unseen]) expect(model.forwards.map(({ certainty }) => certainty)).toEqual(['inferred']);
  });
});

function never(): never {
  throw new Error('the reference host has runtime states');
}
