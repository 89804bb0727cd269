// Docker's API over its unix socket, and podman's, which answers the same questions (docs.docker.com/reference/api/engine,
// docs.podman.io/en/latest/_static/api.html, "compat").
//
// GET /containers/json, the running ones:
//   [{"Id":"609297af…","Names":["/web"],"Image":"nginx:alpine","ImageID":"sha256:3c7e…","Command":"…","Created":1795491301,
//     "Ports":[{"IP":"127.0.0.1","PrivatePort":80,"PublicPort":8080,"Type":"tcp"},{"PrivatePort":443,"Type":"tcp"}],
//     "Labels":{"com.docker.compose.project":"shop"},"State":"running","Status":"Up 2 minutes",
//     "NetworkSettings":{"Networks":{"bridge":{"NetworkID":"f72d…","Gateway":"172.17.0.1","IPAddress":"172.17.0.2",
//       "IPPrefixLen":16,"GlobalIPv6Address":"","MacAddress":"02:42:ac:11:00:02",…}}},…}]
//   A port without PublicPort is exposed, not published. podman leaves IP out for every address. A name with a second
//   slash is an alias that another container's link made.
// GET /networks:
//   [{"Name":"bridge","Id":"f72d…","Driver":"bridge","IPAM":{"Config":[{"Subnet":"172.17.0.0/16","Gateway":"172.17.0.1"}]},
//     "Options":{"com.docker.network.bridge.name":"docker0"},…}]
//   Docker calls the bridge of a network br- and the first 12 digits of its id where nothing else is said.
import type { ContainerNetwork, ContainerPort, EngineContainer, EngineNetwork } from '../../model/engine.ts';
import type { Evidence } from '../../model/evidence.ts';
import { isObject, numberOf, objectOf, objectsOf, readJson, textOf, textsOf } from '../json-values.ts';
import type { JsonObject } from '../json-values.ts';
import { unparsableAt } from '../parsed.ts';
import type { Parsed, Source, Unparsable } from '../parsed.ts';

export function parseEngineContainers(source: Source): Parsed<EngineContainer> {
  return eachObject(source, (object, evidence) => {
    const runtimeId = textOf(object, 'Id');
    if (runtimeId === undefined || runtimeId === '') return undefined;
    const name = nameOf(textsOf(object, 'Names'));
    const image = textOf(object, 'Image');
    const imageId = textOf(object, 'ImageID');
    const networks = objectOf(objectOf(object, 'NetworkSettings') ?? {}, 'Networks') ?? {};
    return {
      runtimeId,
      running: !['created', 'exited', 'dead', 'configured', 'stopped'].includes(textOf(object, 'State') ?? ''),
      ...(name !== undefined && { name }),
      ...(image !== undefined && { image }),
      ...(imageId !== undefined && { imageId }),
      labels: textMapOf(objectOf(object, 'Labels') ?? {}),
      networks: Object.entries(networks).flatMap(([network, settings]) =>
        isObject(settings) ? [placeIn(network, settings, evidence)] : [],
      ),
      ports: objectsOf(object, 'Ports').flatMap((port) => published(port, evidence)),
      evidence: [evidence],
    };
  });
}

/** `docker`: who answers, since each has its own way to name bridges. */
export function parseEngineNetworks(source: Source, engine: string): Parsed<EngineNetwork> {
  return eachObject(source, (object, evidence) => {
    const name = textOf(object, 'Name');
    if (name === undefined) return undefined;
    const id = textOf(object, 'Id');
    const driver = textOf(object, 'Driver');
    const ranges = objectsOf(objectOf(object, 'IPAM') ?? {}, 'Config');
    const option = textOf(objectOf(object, 'Options') ?? {}, 'com.docker.network.bridge.name');
    const bridge = option || (engine === 'docker' && driver === 'bridge' && id ? `br-${id.slice(0, 12)}` : undefined);
    return {
      name,
      ...(id !== undefined && { id }),
      ...(driver !== undefined && { driver }),
      subnets: ranges.flatMap((range) => textOf(range, 'Subnet') ?? []),
      gateways: ranges.flatMap((range) => textOf(range, 'Gateway') ?? []),
      ...(bridge !== undefined && { bridge }),
      evidence: [evidence],
    };
  });
}

function eachObject<T>(source: Source, read: (object: JsonObject, evidence: Evidence) => T | undefined): Parsed<T> {
  const { values, unparsable: broken } = readJson(source);
  const unparsable: Unparsable[] = [...broken];
  const facts: T[] = [];
  for (const { object, evidence } of values.flatMap(({ elements }) => elements)) {
    const fact = read(object, evidence);
    if (fact === undefined) unparsable.push(unparsableAt(source, evidence.line ?? 1, JSON.stringify(object)));
    else facts.push(fact);
  }
  return { facts, unparsable };
}

function nameOf(names: readonly string[]): string | undefined {
  const own = names.find((name) => !name.slice(1).includes('/')) ?? names[0];
  return own?.replace(/^\//, '') || undefined;
}

function placeIn(network: string, settings: JsonObject, evidence: Evidence): ContainerNetwork {
  const networkId = textOf(settings, 'NetworkID');
  const mac = textOf(settings, 'MacAddress');
  const given = (...keys: readonly string[]) => keys.flatMap((key) => textOf(settings, key) || []);
  return {
    network,
    ...(networkId && { networkId }),
    addresses: given('IPAddress', 'GlobalIPv6Address'),
    ...(mac && { mac }),
    subnets: [],
    gateways: given('Gateway', 'IPv6Gateway'),
    evidence: [evidence],
  };
}

function published(port: JsonObject, evidence: Evidence): readonly ContainerPort[] {
  const hostPort = numberOf(port, 'PublicPort');
  const containerPort = numberOf(port, 'PrivatePort');
  const protocol = textOf(port, 'Type');
  if (!hostPort || !containerPort) return [];
  if (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'sctp') return [];
  return [{ protocol, hostIp: textOf(port, 'IP') || '0.0.0.0', hostPort, containerPort, evidence: [evidence] }];
}

export function textMapOf(object: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(object).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
