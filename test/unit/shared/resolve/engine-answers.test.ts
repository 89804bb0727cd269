// Engines add to containers that were recognised without them, and make none.
import { describe, expect, it } from 'vitest';
import type { EngineAnswer, EngineContainer, EngineNetwork } from '../../../../shared/model/engine.ts';
import type { Entities } from '../../../../shared/model/entities.ts';
import type { Model } from '../../../../shared/model/model.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { explain } from '../../../../shared/explain/explain.ts';
import { anAddress, aHost, aLink, anEntities, aProcess, aSocket, at, net } from '../../../helpers/entities.ts';

const id = 'd8e2d622b3d7c1f60b94a27e5538fa0dd1c6be9047a3f2856b1e09cd74f3a85b';
const other = '3f1c9a0b7e44d26583bc10f97ae5d4623c8e7f01b95a6dd2407f18e3c6a9b05d';
const hostNet = net(4026531840);
const own = net(4026532200);

const said = (fields: Partial<EngineContainer> = {}): EngineContainer => ({
  runtimeId: id,
  running: true,
  networks: [],
  evidence: [at('engine-containers')],
  ...fields,
});
const answer = (fields: Partial<EngineAnswer> = {}): EngineAnswer => ({
  engine: 'docker',
  question: 'GET /containers/json on /run/docker.sock',
  complete: true,
  containers: [said()],
  networks: [],
  ...fields,
});

const shim = aProcess(100, {
  comm: 'containerd-shim',
  argv: ['/usr/bin/containerd-shim-runc-v2', '-namespace', 'moby', '-id', id, '-address', '/run/c.sock'],
  namespaces: { net: 4026531840 },
});
const init = aProcess(200, { ppid: 100, comm: 'httpd', nsPids: [200, 1], namespaces: { net: 4026532200 } });
const links = [
  aLink(hostNet, 5, 'docker0', { kind: 'bridge', addresses: [anAddress('172.17.0.1')] }),
  aLink(hostNet, 6, 'veth6', { kind: 'veth', masterName: 'docker0', lower: { ifindex: 2, netnsid: 0 } }),
  aLink(own, 2, 'eth0', { kind: 'veth', lower: { ifindex: 6, netnsid: 0 }, addresses: [anAddress('172.17.0.2')] }),
];
const netnsIds = [{ observer: hostNet, netnsid: 0, netns: own, evidence: [at('nsid')] }];
const resolved = (fields: Partial<Entities> = {}): Model =>
  resolveModel(
    anEntities({
      host: aHost({ initialNamespaces: { net: { id: hostNet, certainty: 'certain' } } }),
      processes: [shim, init],
      links,
      netnsIds,
      ...fields,
    }),
  );

const place = (fields: Partial<EngineContainer['networks'][number]> = {}) => ({
  network: 'bridge',
  networkId: 'f72d',
  addresses: ['172.17.0.2'],
  subnets: [],
  gateways: [],
  evidence: [at('engine-containers')],
  ...fields,
});
const bridge: EngineNetwork = {
  name: 'bridge',
  id: 'f72d',
  driver: 'bridge',
  subnets: ['172.17.0.0/16'],
  gateways: ['172.17.0.1'],
  bridge: 'docker0',
  evidence: [at('engine-networks')],
};
const port = {
  protocol: 'tcp' as const,
  hostIp: '127.0.0.1',
  hostPort: 8080,
  containerPort: 80,
  evidence: [at('engine-containers')],
};

describe('what an engine says', () => {
  it('is added to the container of that id', () => {
    const { containers } = resolved({
      engineAnswers: [
        answer({
          containers: [
            said({
              name: 'web',
              image: 'nginx',
              imageId: 'sha256:1',
              labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web' },
            }),
          ],
        }),
      ],
    });
    expect(containers).toMatchObject([
      {
        runtimeId: id,
        name: 'web',
        image: 'nginx',
        imageId: 'sha256:1',
        engine: 'docker',
        project: 'shop',
        service: 'web',
        toldBy: [{ engine: 'docker', question: 'GET /containers/json on /run/docker.sock' }],
      },
    ]);
    expect(containers[0]?.init).toBe(init.id);
    expect(containers[0]?.evidence).toContainEqual(at('engine-containers'));
  });

  it('makes no container: one that nobody saw running is a finding, one that has ended is nothing', () => {
    const model = resolved({
      engineAnswers: [answer({ containers: [said(), said({ runtimeId: other, name: 'ghost' })] })],
    });
    expect(model.containers.map((one) => one.runtimeId)).toEqual([id]);
    expect(model.findings).toMatchObject([
      { rule: 'engine.container-not-seen', kind: 'undiscovered', values: { names: 'ghost', count: 1 } },
    ]);
    const ended = resolved({
      engineAnswers: [
        answer({ containers: [said({ runtimeId: other, running: false })] }),
        answer({ question: '/containers.json', complete: false, containers: [said({ runtimeId: other })] }),
      ],
    });
    expect(ended.findings.filter((one) => one.rule.startsWith('engine.'))).toEqual([]);
  });

  it('an id is only the whole id', () => {
    const { containers } = resolved({
      engineAnswers: [answer({ containers: [said({ runtimeId: id.slice(0, 12), name: 'web' })] })],
    });
    expect(containers.map((one) => one.name)).toEqual([id.slice(0, 12)]);
  });

  it('Kubernetes’ own name for a container stays', () => {
    const labels = { 'io.kubernetes.pod.name': 'p', 'io.kubernetes.pod.namespace': 'n' };
    const { containers } = resolved({ engineAnswers: [answer({ containers: [said({ name: 'k8s_x', labels })] })] });
    expect(containers).toMatchObject([{ name: id.slice(0, 12) }]);
  });

  it('the order of answers does not matter: who runs it is believed before who keeps files', () => {
    const answers = [
      answer({ engine: 'cni', question: 'x', complete: false, containers: [said({ ports: [] })] }),
      answer({ containers: [said({ name: 'web', ports: [port, port] })] }),
    ];
    const [first] = resolved({ engineAnswers: answers }).containers;
    expect(resolved({ engineAnswers: [...answers].reverse() }).containers).toEqual([first]);
    expect(first?.ports).toEqual([port]);
  });
});

describe('networks', () => {
  const withPlace = (fields: Parameters<typeof place>[0], networks = [bridge], more: Partial<Entities> = {}) =>
    resolved({ engineAnswers: [answer({ containers: [said({ networks: [place(fields)] })], networks })], ...more });
  const attached = (model: Model) => model.relations.filter((one) => one.kind === 'attached-to');

  it('the bridge is where the interface with the address leads, and is called as the engine says', () => {
    const model = withPlace({});
    expect(attached(model)).toMatchObject([
      { from: `container:${id}`, to: links[0]?.id, certainty: 'certain', rule: 'container.engine-network' },
    ]);
    expect(model.containers[0]).toMatchObject({
      networks: ['bridge'],
      attachments: [{ driver: 'bridge', subnets: ['172.17.0.0/16'], bridge: 'docker0', bridgeLink: links[0]?.id }],
    });
    const facts = explain(model, `container:${id}`)?.groups.flatMap((group) => group.facts);
    const text = facts?.map((fact) => fact.value).join('\n');
    expect(text).toContain('bridge (bridge) 172.17.0.0/16 address 172.17.0.2');
    expect(text).toContain('docker (GET /containers/json on /run/docker.sock)');
  });

  it('where it names none, the bridge has the gateway’s address', () => {
    const { bridge: _, ...unnamed } = bridge;
    expect(attached(withPlace({}, [unnamed]))).toHaveLength(1);
    expect(attached(withPlace({}, [{ ...unnamed, gateways: ['172.18.0.1'] }]))).toEqual([]);
  });

  it('none by another name, by another address, or of another network’s id', () => {
    expect(attached(withPlace({}, [{ ...bridge, bridge: 'br-0' }]))).toEqual([]);
    expect(attached(withPlace({ addresses: ['172.17.0.3'] }))).toEqual([]);
    const model = withPlace({}, [{ ...bridge, id: 'other' }]);
    expect(attached(model)).toEqual([]);
    expect(model.containers[0]?.attachments?.[0]?.driver).toBeUndefined();
  });

  it('as sure as the veth pair in between', () => {
    const model = withPlace({}, [bridge], { netnsIds: [] });
    const pair = model.relations.find((one) => one.kind === 'veth-peer');
    expect(pair?.certainty).toBe('inferred');
    expect(attached(model).map((one) => one.certainty)).toEqual(['inferred']);
  });
});

describe('published ports', () => {
  const publishing = (fields: Partial<Entities> = {}, ports = [port]) =>
    resolved({ engineAnswers: [answer({ containers: [said({ ports, networks: [place()] })] })], ...fields });

  it('are forwards by the engine’s word alone', () => {
    const { forwards, relations } = publishing();
    expect(forwards).toMatchObject([
      {
        by: 'docker',
        listen: { address: '127.0.0.1', port: 8080, netns: hostNet },
        target: { address: '172.17.0.2', port: 80, netns: own },
        container: `container:${id}`,
        certainty: 'inferred',
        rule: 'forward.engine-says',
      },
    ]);
    expect(forwards[0]?.socket).toBeUndefined();
    expect(relations.filter((one) => one.kind === 'listens-on')).toEqual([]);
    expect(publishing({}, [{ ...port, protocol: 'sctp' as never }]).forwards).toEqual([]);
  });

  it('the one that was seen to listen forwards; who only happens to listen there does not', () => {
    const pasta = aProcess(300, {
      comm: 'pasta',
      argv: ['/usr/bin/pasta', '--netns', '/x'],
      namespaces: { net: 4026531840 },
    });
    const socket = aSocket(hostNet, '127.0.0.1:8080');
    const held = publishing({ processes: [shim, init, pasta], sockets: [{ ...socket, processIds: [pasta.id] }] });
    expect(held.forwards).toMatchObject([{ by: 'pasta', forwarder: pasta.id, socket: socket.id }]);
    const stranger = publishing({ sockets: [{ ...socket, processIds: [init.id] }] });
    expect(stranger.forwards[0]?.socket).toBeUndefined();
    const elsewhere = aSocket(hostNet, '10.0.0.5:8080', { processIds: [pasta.id] });
    const beside = publishing({ processes: [shim, init, pasta], sockets: [elsewhere] });
    expect(beside.forwards.map(({ by, socket: on }) => [by, on])).toEqual([['docker', undefined]]);
  });

  it('name the container of a forwarder that was seen, and are not told twice', () => {
    const proxy = (hostIp: string) =>
      aProcess(400, {
        comm: 'docker-proxy',
        argv: `/usr/bin/docker-proxy -proto tcp -host-ip ${hostIp} -host-port 8080 -container-ip 172.17.0.2 -container-port 80`,
        namespaces: {},
      });
    const { forwards, relations } = publishing({ processes: [shim, init, proxy('127.0.0.1')] });
    expect(forwards).toMatchObject([{ by: 'docker-proxy', container: `container:${id}` }]);
    expect(relations.filter((one) => one.kind === 'forwards-to')).toMatchObject([
      { to: `container:${id}`, rule: 'forward.engine-says', certainty: 'inferred' },
    ]);
    // Another address of the host is another port.
    const another = publishing({ processes: [shim, init, proxy('10.0.0.5')] });
    expect(another.forwards.map(({ by, listen, container }) => [by, listen.address, container])).toEqual([
      ['docker-proxy', '10.0.0.5', undefined],
      ['docker', '127.0.0.1', `container:${id}`],
    ]);
  });
});

describe('the bridge of an engine’s network', () => {
  const childNet = net(4026532300);
  const child = aProcess(93, { ppid: 90, uid: 1000, namespaces: { net: 4026532300, user: 4026532299 } });
  const parent = aProcess(90, { uid: 1000, namespaces: { net: 4026531840, user: 4026531837 } });
  const kit = {
    stateDir: '/run/user/1000/containerd-rootless',
    parent: parent.id,
    child: child.id,
    detached: false,
    evidence: [at('rootlesskit')],
  };
  const shop: EngineNetwork = {
    name: 'shop',
    driver: 'bridge',
    subnets: ['10.4.7.0/24'],
    gateways: ['10.4.7.1'],
    bridge: 'br-4c5a',
    plugins: ['bridge', 'portmap', 'firewall', 'tuning'],
    evidence: [at('nerdctl-networks')],
  };
  const told = (fields: Partial<EngineAnswer> = {}) =>
    answer({
      engine: 'nerdctl',
      question: '/home/x/nerdctl-shop.conflist',
      complete: false,
      containers: [],
      networks: [shop],
      bridgesIn: child.id,
      ...fields,
    });
  const named = (netns: typeof hostNet, index: number, ...addresses: readonly string[]) =>
    aLink(netns, index, 'br-4c5a', { kind: 'bridge', addresses: addresses.map((one) => anAddress(one)) });
  const networks = (fields: Partial<Entities>) => {
    const model = resolved({ processes: [parent, child], rootlessKits: [kit], engineAnswers: [told()], ...fields });
    return model.links.flatMap(({ id: link, engineNetworks = [] }) =>
      engineNetworks.map((one) => [link, one.name, one.certainty, one.rule]),
    );
  };
  const [here, there] = [named(hostNet, 7, '10.4.7.1'), named(childNet, 7, '10.4.7.1')];

  it('is the one of its name and address in RootlessKit’s child, not the host’s', () => {
    expect(networks({ links: [here, there] })).toEqual([
      [there.id, 'shop', 'certain', 'network.bridge-name-and-address'],
    ]);
    expect(networks({ links: [here] })).toEqual([]);
  });

  it('is inferred by its name alone, and is none with another address', () => {
    expect(networks({ links: [named(childNet, 7)] })).toEqual([[there.id, 'shop', 'inferred', 'network.bridge-name']]);
    expect(networks({ links: [named(childNet, 7, '10.9.0.1')] })).toEqual([]);
    const withoutGateway = { ...shop, gateways: [] };
    const engineAnswers = [told({ networks: [withoutGateway] })];
    expect(networks({ links: [named(childNet, 7, '10.4.7.9')], engineAnswers })).toHaveLength(1);
    expect(networks({ links: [named(childNet, 7, '10.4.8.9')], engineAnswers })).toEqual([]);
  });

  it('is the host’s for what is root’s, and nobody’s for an engine of a user without RootlessKit', () => {
    const links = [here, there];
    expect(networks({ links, engineAnswers: [told({ bridgesIn: 'host' })] }).map(([link]) => link)).toEqual([here.id]);
    const by = (uid: number) => {
      const dockerd = aProcess(318, { uid, namespaces: { net: 4026531840, user: 4026531837 } });
      return networks({
        links,
        processes: [parent, child, dockerd],
        engineAnswers: [told({ bridgesIn: dockerd.id })],
      });
    };
    expect(by(0).map(([link]) => link)).toEqual([here.id]);
    expect(by(1001)).toEqual([]);
  });

  it('of which two networks say so is nobody’s for certain', () => {
    const engineAnswers = [told(), told({ question: 'other', networks: [{ ...shop, name: 'other' }] })];
    const found = networks({ links: [there], engineAnswers });
    expect(found.map(([, name, certainty]) => [name, certainty])).toEqual([
      ['shop', 'ambiguous'],
      ['other', 'ambiguous'],
    ]);
  });

  it('is told in the inspector, and joins the containers of that network to it', () => {
    const address = aLink(own, 2, 'eth0', {
      kind: 'veth',
      lower: { ifindex: 8, netnsid: 0 },
      addresses: [anAddress('10.4.7.2')],
    });
    const veth = aLink(childNet, 8, 'veth8', {
      kind: 'veth',
      masterName: 'br-4c5a',
      lower: { ifindex: 2, netnsid: 0 },
    });
    const cni = answer({
      engine: 'cni',
      question: '/var/lib/cni/networks/shop/10.4.7.2',
      complete: false,
      containers: [said({ networks: [place({ network: 'shop', addresses: ['10.4.7.2'] })] })],
    });
    const model = (network: string) =>
      resolved({
        processes: [parent, child, shim, init],
        rootlessKits: [kit],
        links: [there, veth, address],
        netnsIds: [{ observer: childNet, netnsid: 0, netns: own, evidence: [at('nsid')] }],
        engineAnswers: [cni, told({ networks: [{ ...shop, name: network }] })],
      });
    const told7 = model('shop');
    expect(told7.containers[0]?.attachments).toMatchObject([
      { network: 'shop', subnets: ['10.4.7.0/24'], gateways: ['10.4.7.1'], bridge: 'br-4c5a', bridgeLink: there.id },
    ]);
    expect(told7.relations.find(({ kind }) => kind === 'attached-to')).toMatchObject({
      to: there.id,
      certainty: 'certain',
    });
    expect(model('another').relations.filter(({ kind }) => kind === 'attached-to')).toEqual([]);
    const facts = explain(told7, there.id)?.groups.flatMap((group) => group.facts);
    expect(facts?.find(({ label }) => label === 'Network')).toMatchObject({
      value: 'nerdctl’s shop, 10.4.7.0/24, gateway 10.4.7.1, plugins bridge, portmap, firewall, tuning',
      certainty: 'certain',
    });
  });
});
