// What network plugins (CNI) and nerdctl keep in files.
//
// /var/lib/cni/results/NETWORK-ID-INTERFACE (containernetworking/cni, libcni/api.go, cachedInfo):
//   {"kind":"cniCacheV1","containerId":"default-609297af…","config":"<base64>","ifName":"eth0","networkName":"bridge",
//    "capabilityArgs":{"portMappings":[{"HostPort":8080,"ContainerPort":80,"Protocol":"tcp","HostIP":"127.0.0.1"}]},
//    "result":{"interfaces":[{"name":"nerdctl0","mac":"…"},{"name":"veth1f","mac":"…"},
//      {"name":"eth0","mac":"…","sandbox":"/proc/126799/ns/net"}],
//      "ips":[{"interface":2,"address":"10.4.0.9/24","gateway":"10.4.0.1"}],…}}
//   The plugin `bridge` lists its bridge, then the host's end of the pair, then the container's.
// /var/lib/cni/networks/NETWORK/ADDRESS (the plugin host-local): the id, and on a second line the interface
//   default-609297af…
//   eth0
// <dataroot>/<addrhash>/etchosts/NAMESPACE/ID/meta.json (nerdctl, pkg/dnsutil/hostsstore):
//   {"Namespace":"default","ID":"609297af…","Networks":{"bridge":{"interfaces":[…],"ips":[…],…}},"Hostname":"…","Name":"web"}
// <dataroot>/<addrhash>/containers/NAMESPACE/ID/ports.json (nerdctl 2.1, pkg/portutil/portstore): [{"HostPort":8080,…}];
//   network-config.json of newer ones has the same list in `portMappings`.
import type { ContainerNetwork, ContainerPort, EngineContainer } from '../../model/engine.ts';
import type { Evidence } from '../../model/evidence.ts';
import { isObject, numberOf, objectOf, objectsOf, textOf } from '../json-values.ts';
import type { JsonObject } from '../json-values.ts';
import type { Parsed } from '../parsed.ts';
import { lineOf, objectsIn, runtimeIdIn } from './files.ts';
import type { KeptFile } from './files.ts';

export function parseCniResult(file: KeptFile): Parsed<EngineContainer> {
  const { objects, unparsable } = objectsIn(file);
  return {
    facts: objects.flatMap(({ object, evidence }): readonly EngineContainer[] => {
      const runtimeId = runtimeIdIn(textOf(object, 'containerId') ?? '');
      const network = textOf(object, 'networkName');
      if (runtimeId === undefined || network === undefined) return [];
      const mappings = objectOf(object, 'capabilityArgs');
      return [
        {
          runtimeId,
          running: true,
          networks: [placeOf(network, textOf(object, 'ifName'), objectOf(object, 'result') ?? {}, evidence)],
          ...(mappings && { ports: objectsOf(mappings, 'portMappings').flatMap((port) => mapped(port, evidence)) }),
          evidence: [evidence],
        },
      ];
    }),
    unparsable,
  };
}

export function parseCniAddress(file: KeptFile): Parsed<EngineContainer> {
  const [network = '', address = ''] = file.path.split('/').slice(-2);
  const [id = '', interfaceName = ''] = file.text.split('\n').map((line) => line.replace(/\r$/, ''));
  const runtimeId = runtimeIdIn(id);
  if (runtimeId === undefined) return { facts: [], unparsable: [] };
  const evidence = [lineOf(file, 0)];
  const place: ContainerNetwork = {
    network,
    addresses: [address],
    ...(interfaceName !== '' && { interfaceName }),
    subnets: [],
    gateways: [],
    evidence,
  };
  return { facts: [{ runtimeId, running: true, networks: [place], evidence }], unparsable: [] };
}

export function parseNerdctlMeta(file: KeptFile): Parsed<EngineContainer> {
  const { objects, unparsable } = objectsIn(file);
  return {
    facts: objects.flatMap(({ object, evidence }): readonly EngineContainer[] => {
      const runtimeId = textOf(object, 'ID');
      if (runtimeId === undefined) return [];
      const name = textOf(object, 'Name');
      return [
        {
          runtimeId,
          running: true,
          ...(name && { name }),
          networks: Object.entries(objectOf(object, 'Networks') ?? {}).map(([network, result]) =>
            placeOf(network, undefined, isObject(result) ? result : {}, evidence),
          ),
          evidence: [evidence],
        },
      ];
    }),
    unparsable,
  };
}

export function parseNerdctlPorts(file: KeptFile): Parsed<EngineContainer> {
  const runtimeId = runtimeIdIn(file.path.split('/').at(-2) ?? '');
  const { objects, unparsable } = objectsIn(file);
  if (runtimeId === undefined) return { facts: [], unparsable };
  const ports = objects.flatMap(({ object, evidence }) => {
    const lists = [...objectsOf(object, 'portMappings'), ...objectsOf(object, 'PortMappings')];
    return (lists.length > 0 ? lists : [object]).flatMap((port) => mapped(port, evidence));
  });
  return { facts: [{ runtimeId, running: true, networks: [], ports, evidence: [lineOf(file, 0)] }], unparsable };
}

function placeOf(network: string, name: string | undefined, result: JsonObject, evidence: Evidence): ContainerNetwork {
  const interfaces = objectsOf(result, 'interfaces');
  const inside = interfaces.find((one) => textOf(one, 'sandbox'));
  const outside = interfaces.filter((one) => !textOf(one, 'sandbox'));
  const [first] = outside;
  const bridge = outside.length > 1 && first ? textOf(first, 'name') : undefined;
  const mac = inside && textOf(inside, 'mac');
  const interfaceName = name ?? (inside && textOf(inside, 'name'));
  const ips = objectsOf(result, 'ips');
  return {
    network,
    addresses: ips.flatMap((ip) => textOf(ip, 'address')?.replace(/\/.*$/, '') ?? []),
    ...(mac && { mac }),
    ...(interfaceName && { interfaceName }),
    subnets: [],
    gateways: ips.flatMap((ip) => textOf(ip, 'gateway') ?? []),
    ...(bridge !== undefined && { bridge }),
    evidence: [evidence],
  };
}

/** go-cni's PortMapping; libcni writes the same members with small letters. */
function mapped(port: JsonObject, evidence: Evidence): readonly ContainerPort[] {
  const hostPort = numberOf(port, 'HostPort') ?? numberOf(port, 'hostPort');
  const containerPort = numberOf(port, 'ContainerPort') ?? numberOf(port, 'containerPort');
  const protocol = (textOf(port, 'Protocol') ?? textOf(port, 'protocol') ?? 'tcp').toLowerCase();
  if (!hostPort || !containerPort) return [];
  if (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'sctp') return [];
  const hostIp = textOf(port, 'HostIP') || textOf(port, 'hostIP') || '0.0.0.0';
  return [{ protocol, hostIp, hostPort, containerPort, evidence: [evidence] }];
}
