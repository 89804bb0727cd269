// What engines say, in their own words: recorded answers, and what must not be taken for one.
import { describe, expect, it } from 'vitest';
import type { EngineContainer } from '../../../../shared/model/engine.ts';
import { parseNerdctlNetwork } from '../../../../shared/parse/engines/nerdctl-networks.ts';
import {
  parseCniAddress,
  parseCniResult,
  parseNerdctlMeta,
  parseNerdctlPorts,
} from '../../../../shared/parse/engines/cni-files.ts';
import { parseCtrContainers } from '../../../../shared/parse/engines/ctr-containers.ts';
import { parseEngineContainers, parseEngineNetworks } from '../../../../shared/parse/engines/docker-api.ts';
import { readKeptFiles } from '../../../../shared/parse/engines/files.ts';
import type { KeptFile } from '../../../../shared/parse/engines/files.ts';
import {
  parseAardvark,
  parsePodmanContainers,
  parsePodmanNetwork,
} from '../../../../shared/parse/engines/podman-files.ts';
import { aFrame, quoted, sourceText } from '../../../helpers/frames.ts';

const recorded = (section: string, file: string) => aFrame(section, sourceText(`engines/${file}`));
const dweb = '609297af8ed519862c890fb4e6bb7b14b881ecc91c3659cc319c8afdfeb77ea3';
const rlbr = '65a868d893b91d4f78756d47bc46896366f4154a31303badf309b05d5e2b9a6e';
const nginx = 'd8e2d622b3d7c1f60b94a27e5538fa0dd1c6be9047a3f2856b1e09cd74f3a85b';
const id = 'a'.repeat(64);

describe('GET /containers/json', () => {
  const frame = recorded('engine-containers', 'docker-26-containers.json');
  const { facts, unparsable } = parseEngineContainers(frame);
  const named = (name: string): EngineContainer | undefined => facts.find((one) => one.name === name);

  it('of Docker: names without aliases, images, labels, networks, ports', () => {
    expect(unparsable).toEqual([]);
    expect(facts.map((one) => one.name).sort()).toEqual(['api', 'dweb', 'hostnet', 'linked']);
    expect(named('dweb')).toMatchObject({
      runtimeId: dweb,
      running: true,
      image: 'bb',
      imageId: 'sha256:3c7e19485eb7d6004d0f2437f9fb693dba000335c6ef917b1ea549cc886a43d6',
      labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web' },
      networks: [{ network: 'bridge', addresses: ['172.17.0.2'], gateways: ['172.17.0.1'], mac: '02:42:ac:11:00:02' }],
      ports: [{ protocol: 'tcp', hostIp: '127.0.0.1', hostPort: 19080, containerPort: 80 }],
    });
    expect(named('linked')?.networks.map((one) => one.network)).toEqual(['bridge', 'shop_default']);
    expect(named('hostnet')?.networks).toMatchObject([{ network: 'host', addresses: [], gateways: [] }]);
  });

  it('a port that is only exposed is not published; IPv6 is a listener of its own', () => {
    expect(
      named('api')?.ports?.map((one) => `${one.hostIp} ${one.hostPort} ${one.containerPort} ${one.protocol}`),
    ).toEqual(['0.0.0.0 5300 53 udp', ':: 5300 53 udp', '0.0.0.0 19081 80 tcp', ':: 19081 80 tcp']);
    expect(frame.output).toContain('"PrivatePort":9000');
  });

  it('each points at its own words', () => {
    const [evidence] = named('dweb')?.evidence ?? [];
    const words = evidence && quoted(frame, evidence);
    expect(words).toMatch(/^\{"Id":"609297af/);
    expect(words).toMatch(/\}$/);
    expect(words).not.toContain('"/api"');
  });

  it('of podman: no networks where pasta or slirp4netns serves, no address for all addresses', () => {
    const podman = parseEngineContainers(recorded('engine-containers', 'podman-5-containers.json'));
    expect(podman.unparsable).toEqual([]);
    expect(podman.facts.find((one) => one.name === 'rl')).toMatchObject({
      networks: [],
      ports: [{ hostIp: '127.0.0.1', hostPort: 18081, containerPort: 80 }],
    });
    expect(podman.facts.find((one) => one.runtimeId === rlbr)).toMatchObject({
      networks: [{ network: 'mine', addresses: ['10.89.0.2'] }],
      ports: [{ hostIp: '0.0.0.0', hostPort: 18082, containerPort: 80 }],
    });
  });

  it('knows what has ended, and says what it cannot read', () => {
    const { facts: some, unparsable: rest } = parseEngineContainers(
      aFrame('engine-containers', `[{"Id":"${id}","State":"exited"},{"Names":["/x"]}]`),
    );
    expect(some).toMatchObject([{ runtimeId: id, running: false }]);
    expect(rest).toHaveLength(1);
    expect(parseEngineContainers(aFrame('engine-containers', '[]\n')).unparsable).toEqual([]);
    expect(parseEngineContainers(aFrame('engine-containers', '{"message":"no"}\n')).unparsable).toHaveLength(1);
  });
});

describe('GET /networks', () => {
  it('Docker names a bridge in an option, else by the network’s id', () => {
    const { facts } = parseEngineNetworks(recorded('engine-networks', 'docker-26-networks.json'), 'docker');
    expect(facts.map((one) => [one.name, one.driver, one.bridge, ...one.subnets]).sort()).toEqual([
      ['bridge', 'bridge', 'docker0', '172.17.0.0/16'],
      ['host', 'host', undefined],
      ['none', 'null', undefined],
      ['shop_default', 'bridge', 'br-607478cdae3f', '10.77.0.0/24'],
    ]);
  });

  it('podman does not, so that nothing is taken to be its bridge', () => {
    const { facts } = parseEngineNetworks(recorded('engine-networks', 'podman-5-networks.json'), 'podman');
    expect(facts.length).toBeGreaterThan(0);
    expect(facts.every((one) => one.bridge === undefined)).toBe(true);
  });
});

describe('files', () => {
  const files = (name: string): readonly KeptFile[] => readKeptFiles(recorded('engine-files', name)).files;
  const one = (list: readonly KeptFile[], end: string): KeptFile => {
    const file = list.find(({ path }) => path.endsWith(end));
    if (!file) throw new Error(`no ${end}`);
    return file;
  };

  it('podman: names and images of all its containers', () => {
    const frame = recorded('engine-files', 'podman-files.txt');
    const { facts } = parsePodmanContainers(
      one(
        readKeptFiles(frame).files,
        '/home/ec2-user/.local/share/containers/storage/overlay-containers/containers.json',
      ),
    );
    expect(facts.find(({ runtimeId }) => runtimeId === rlbr)).toMatchObject({
      name: 'rlbr',
      image: 'localhost/bb:latest',
      imageId: 'sha256:cc5765f578688253fbdf822d233d881e114112ae25022a5447e4c4ddd9c39c0b',
    });
    const [evidence] = facts.find(({ runtimeId }) => runtimeId === rlbr)?.evidence ?? [];
    expect(evidence && quoted(frame, evidence)).toMatch(new RegExp(`^{"id":"${rlbr}".*}$`));
  });

  it('podman: a network over many lines, and who is in it', () => {
    const list = files('podman-files.txt');
    expect(parsePodmanNetwork(one(list, '/networks/mine.json')).facts).toMatchObject([
      { name: 'mine', driver: 'bridge', bridge: 'podman1', subnets: ['10.89.0.0/24'], gateways: ['10.89.0.1'] },
    ]);
    expect(parseAardvark(one(list, '/aardvark-dns/mine')).facts).toMatchObject([
      { runtimeId: rlbr, networks: [{ network: 'mine', addresses: ['10.89.0.2'] }] },
    ]);
  });

  it('network plugins: the bridge, the address and the ports of a container', () => {
    const list = files('cni-and-nerdctl-files.txt');
    expect(parseCniResult(one(list, '-eth0')).facts).toMatchObject([
      {
        runtimeId: nginx,
        networks: [{ network: 'bridge', interfaceName: 'eth0', addresses: ['10.4.0.9'], bridge: 'nerdctl0' }],
        ports: [{ hostIp: '127.0.0.1', hostPort: 8080, containerPort: 80, protocol: 'tcp' }],
      },
    ]);
    expect(parseCniAddress(one(list, '/10.4.0.9')).facts).toMatchObject([
      { runtimeId: nginx, networks: [{ network: 'bridge', addresses: ['10.4.0.9'], interfaceName: 'eth0' }] },
    ]);
  });

  it('nerdctl: name, networks and ports', () => {
    const list = files('cni-and-nerdctl-files.txt');
    expect(parseNerdctlMeta(one(list, 'meta.json')).facts).toMatchObject([
      { runtimeId: nginx, name: 'nginx-d8e2d', networks: [{ network: 'bridge', bridge: 'nerdctl0' }] },
    ]);
    expect(parseNerdctlPorts(one(list, 'ports.json')).facts).toMatchObject([
      { runtimeId: nginx, ports: [{ hostPort: 8443, containerPort: 443 }] },
    ]);
    expect(parseNerdctlPorts(one(list, 'network-config.json')).facts).toMatchObject([
      { runtimeId: nginx, ports: [{ hostIp: '0.0.0.0', hostPort: 5353, protocol: 'udp' }] },
    ]);
  });

  it('nerdctl: its networks, by their plugins’ configurations', () => {
    const list = files('nerdctl-networks.txt');
    const { facts } = parseNerdctlNetwork(one(list, 'nerdctl-bridge.conflist'));
    expect(facts).toMatchObject([
      {
        name: 'bridge',
        id: '17f29b073143d8cd97b5bbe492bdeffec1c5fee55cc1fe2112c8b9335f8b6121',
        driver: 'bridge',
        bridge: 'nerdctl0',
        subnets: ['10.4.0.0/24'],
        gateways: ['10.4.0.1'],
        plugins: ['bridge', 'portmap', 'firewall', 'tuning'],
      },
    ]);
    const macvlan = parseNerdctlNetwork(one(list, 'nerdctl-shop.conflist'));
    expect(macvlan.facts).toMatchObject([
      { name: 'shop', id: '7', driver: 'macvlan', subnets: [], plugins: ['macvlan'] },
    ]);
    expect(macvlan.facts[0]?.bridge).toBeUndefined();
  });

  it.each(['{"name":"x"}', '{"name":"x","plugins":[]}', '{"name":["x"],"plugins":[{"type":"bridge"}]}', '{"name":'])(
    'nerdctl: %s is no network',
    (text) => {
      const { files } = readKeptFiles(aFrame('nerdctl-networks', `/etc/cni/net.d/nerdctl-x.conflist:${text}\n`));
      const { facts, unparsable } = parseNerdctlNetwork(one(files, 'nerdctl-x.conflist'));
      expect(facts).toEqual([]);
      expect(unparsable).toHaveLength(1);
    },
  );

  it('ctr: the image of each container', () => {
    const { facts, unparsable } = parseCtrContainers(recorded('engine-images', 'ctr-containers.txt'));
    expect(unparsable).toEqual([]);
    expect(facts.find(({ runtimeId }) => runtimeId === nginx)?.image).toBe('docker.io/library/nginx:latest');
    const none = parseCtrContainers(
      aFrame('engine-images', `CONTAINER    IMAGE    RUNTIME\n${id}    -    x\nbroken\n`),
    );
    expect(none.facts[0]?.image).toBeUndefined();
    expect(none.unparsable).toHaveLength(1);
  });
});
