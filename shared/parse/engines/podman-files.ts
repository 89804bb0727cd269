// What podman keeps in files.
//
// STORAGE/overlay-containers/containers.json, volatile-containers.json (containers/storage, containers.go):
//   [{"id":"f227125d…","names":["web"],"image":"cc5765f5…","layer":"…",
//     "metadata":"{\"image-name\":\"localhost/bb:latest\",\"image-id\":\"cc57…\",\"name\":\"web\",…}","created":"…"}]
//   All that exist, whether they run or not. `metadata` is JSON in a string, of whoever made the container.
// networks/NAME.json (containers/common, libnetwork/types):
//   {"name":"mine","id":"bfbb…","driver":"bridge","network_interface":"podman1",
//    "subnets":[{"subnet":"10.89.0.0/24","gateway":"10.89.0.1"}],…}
//   The network `podman` is built in and has no file.
// aardvark-dns/NETWORK (aardvark-dns, config format), after a line of addresses it listens on:
//   ID IPV4[,…] IPV6[,…] NAME,ALIAS… [DNS,…]     an empty word where there is no address
import type { EngineContainer, EngineNetwork } from '../../model/engine.ts';
import { objectsOf, textOf, textsOf } from '../json-values.ts';
import type { JsonObject } from '../json-values.ts';
import type { Parsed } from '../parsed.ts';
import { lineOf, objectsIn, runtimeIdIn } from './files.ts';
import type { KeptFile } from './files.ts';

export function parsePodmanContainers(file: KeptFile): Parsed<EngineContainer> {
  const { objects, unparsable } = objectsIn(file);
  return {
    facts: objects.flatMap(({ object, evidence }): readonly EngineContainer[] => {
      const runtimeId = textOf(object, 'id');
      if (runtimeId === undefined) return [];
      const metadata = metadataOf(object);
      const name = textOf(metadata, 'name') ?? textsOf(object, 'names')[0];
      const image = textOf(metadata, 'image-name');
      const imageId = textOf(object, 'image');
      return [
        {
          runtimeId,
          running: true,
          ...(name && { name }),
          ...(image && { image }),
          ...(imageId && { imageId: `sha256:${imageId}` }),
          networks: [],
          evidence: [evidence],
        },
      ];
    }),
    unparsable,
  };
}

function metadataOf(object: JsonObject): JsonObject {
  try {
    const value: unknown = JSON.parse(textOf(object, 'metadata') ?? '{}');
    return typeof value === 'object' && value !== null ? (value as JsonObject) : {};
  } catch {
    return {};
  }
}

export function parsePodmanNetwork(file: KeptFile): Parsed<EngineNetwork> {
  const { objects, unparsable } = objectsIn(file);
  return {
    facts: objects.flatMap(({ object, evidence }): readonly EngineNetwork[] => {
      const name = textOf(object, 'name');
      if (name === undefined) return [];
      const id = textOf(object, 'id');
      const driver = textOf(object, 'driver');
      // Of a macvlan or ipvlan network it is the device below.
      const bridge = driver === 'bridge' ? textOf(object, 'network_interface') : undefined;
      const subnets = objectsOf(object, 'subnets');
      return [
        {
          name,
          ...(id !== undefined && { id }),
          ...(driver !== undefined && { driver }),
          subnets: subnets.flatMap((one) => textOf(one, 'subnet') ?? []),
          gateways: subnets.flatMap((one) => textOf(one, 'gateway') ?? []),
          ...(bridge !== undefined && { bridge }),
          evidence: [evidence],
        },
      ];
    }),
    unparsable,
  };
}

export function parseAardvark(file: KeptFile): Parsed<EngineContainer> {
  const network = file.path.slice(file.path.lastIndexOf('/') + 1);
  return {
    facts: file.text.split('\n').flatMap((text, line): readonly EngineContainer[] => {
      const [id = '', ipv4 = '', ipv6 = ''] = text.split(' ');
      const runtimeId = runtimeIdIn(id);
      if (runtimeId === undefined) return [];
      const evidence = [lineOf(file, line)];
      const addresses = [...ipv4.split(','), ...ipv6.split(',')].filter((address) => address !== '');
      return [
        {
          runtimeId,
          running: true,
          networks: [{ network, addresses, subnets: [], gateways: [], evidence }],
          evidence,
        },
      ];
    }),
    unparsable: [],
  };
}
