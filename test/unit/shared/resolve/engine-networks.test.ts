// Which bridge is the one of an engine’s network.
import { describe, expect, it } from 'vitest';
import type { EngineAnswer, EngineNetwork } from '../../../../shared/model/engine.ts';
import type { Entities } from '../../../../shared/model/entities.ts';
import type { Model } from '../../../../shared/model/model.ts';
import { explain } from '../../../../shared/explain/explain.ts';
import { anAddress, aLink, aProcess, at, net } from '../../../helpers/entities.ts';
import { answer, hostNet, id, init, links, own, place, resolved, said, shim } from '../../../helpers/engine-answers.ts';

const bridge: EngineNetwork = {
  name: 'bridge',
  id: 'f72d',
  driver: 'bridge',
  subnets: ['172.17.0.0/16'],
  gateways: ['172.17.0.1'],
  bridge: 'docker0',
  evidence: [at('engine-networks')],
};

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
