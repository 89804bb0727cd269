// A container, its network and what an engine says of both.
import type { EngineAnswer, EngineContainer } from '../../shared/model/engine.ts';
import type { Entities } from '../../shared/model/entities.ts';
import type { Model } from '../../shared/model/model.ts';
import { resolveModel } from '../../shared/resolve/resolve.ts';
import { anAddress, aHost, aLink, anEntities, aProcess, at, net } from './entities.ts';

export const id = 'd8e2d622b3d7c1f60b94a27e5538fa0dd1c6be9047a3f2856b1e09cd74f3a85b';
export const hostNet = net(4026531840);
export const own = net(4026532200);

export const said = (fields: Partial<EngineContainer> = {}): EngineContainer => ({
  runtimeId: id,
  running: true,
  networks: [],
  evidence: [at('engine-containers')],
  ...fields,
});
export const answer = (fields: Partial<EngineAnswer> = {}): EngineAnswer => ({
  engine: 'docker',
  question: 'GET /containers/json on /run/docker.sock',
  complete: true,
  containers: [said()],
  networks: [],
  ...fields,
});

export const shim = aProcess(100, {
  comm: 'containerd-shim',
  argv: ['/usr/bin/containerd-shim-runc-v2', '-namespace', 'moby', '-id', id, '-address', '/run/c.sock'],
  namespaces: { net: 4026531840 },
});
export const init = aProcess(200, { ppid: 100, comm: 'httpd', nsPids: [200, 1], namespaces: { net: 4026532200 } });
export const links = [
  aLink(hostNet, 5, 'docker0', { kind: 'bridge', addresses: [anAddress('172.17.0.1')] }),
  aLink(hostNet, 6, 'veth6', { kind: 'veth', masterName: 'docker0', lower: { ifindex: 2, netnsid: 0 } }),
  aLink(own, 2, 'eth0', { kind: 'veth', lower: { ifindex: 6, netnsid: 0 }, addresses: [anAddress('172.17.0.2')] }),
];
export const netnsIds = [{ observer: hostNet, netnsid: 0, netns: own, evidence: [at('nsid')] }];
export const resolved = (fields: Partial<Entities> = {}): Model =>
  resolveModel(
    anEntities({
      host: aHost({ initialNamespaces: { net: { id: hostNet, certainty: 'certain' } } }),
      processes: [shim, init],
      links,
      netnsIds,
      ...fields,
    }),
  );

export const place = (fields: Partial<EngineContainer['networks'][number]> = {}) => ({
  network: 'bridge',
  networkId: 'f72d',
  addresses: ['172.17.0.2'],
  subnets: [],
  gateways: [],
  evidence: [at('engine-containers')],
  ...fields,
});
