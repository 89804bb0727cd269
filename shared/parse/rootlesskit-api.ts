// RootlessKit's REST API on api.sock (rootlesskit pkg/api/openapi.yaml), or what `rootlessctl --json` makes of it.
//
// GET /v1/info, one object (indented by rootlessctl):
//   {"apiVersion":"1.1.1","version":"2.0.2","stateDir":"/run/user/1000/containerd-rootless","childPID":122351,
//    "networkDriver":{"driver":"slirp4netns","dns":["10.0.2.3"],"childIP":"10.0.2.100","dynamicChildIP":false},
//    "portDriver":{"driver":"builtin","protos":["tcp","udp"]}}
//
// GET /v1/ports, one array; `rootlessctl --json list-ports` prints one object per line:
//   [{"id":1,"spec":{"proto":"tcp","parentIP":"127.0.0.1","parentPort":8080,"childIP":"10.4.0.2","childPort":80}}]
// `null` where no port is published.
//
// Without a port driver both answer with an error instead of this.
import type { RootlessKitState } from '../model/entities.ts';
import { numberOf, objectOf, readJson, textOf } from './json-values.ts';
import { unparsableAt } from './parsed.ts';
import type { Source, Unparsable } from './parsed.ts';

export type RootlessKitInfo = NonNullable<RootlessKitState['info']>;
export type RootlessKitPorts = NonNullable<RootlessKitState['ports']>;

export function parseRootlessKitInfo(source: Source): {
  readonly info: RootlessKitInfo | undefined;
  readonly unparsable: readonly Unparsable[];
} {
  const { values, unparsable } = readJson(source);
  const placed = values
    .flatMap(({ elements }) => elements)
    .find(({ object }) => 'apiVersion' in object || 'version' in object);
  if (!placed) return { info: undefined, unparsable };
  const { object, evidence } = placed;
  const network = objectOf(object, 'networkDriver') ?? {};
  const port = objectOf(object, 'portDriver') ?? {};
  const version = textOf(object, 'version');
  const networkDriver = textOf(network, 'driver');
  const portDriver = textOf(port, 'driver');
  const childIp = textOf(network, 'childIP');
  return {
    info: {
      ...(version !== undefined && { version }),
      ...(networkDriver !== undefined && { networkDriver }),
      ...(portDriver !== undefined && { portDriver }),
      ...(childIp !== undefined && { childIp }),
      evidence: [evidence],
    },
    unparsable,
  };
}

/** `undefined` when there was no answer; an empty list is an answer. */
export function parseRootlessKitPorts(source: Source): {
  readonly ports: RootlessKitPorts | undefined;
  readonly unparsable: readonly Unparsable[];
} {
  if (source.output.trim() === 'null') return { ports: [], unparsable: [] };
  const { values, unparsable: broken } = readJson(source);
  const unparsable = [...broken];
  const ports: RootlessKitPorts[number][] = [];
  for (const { object, evidence } of values.flatMap(({ elements }) => elements)) {
    const spec = objectOf(object, 'spec');
    const id = numberOf(object, 'id');
    const parentPort = spec && numberOf(spec, 'parentPort');
    const childPort = spec && numberOf(spec, 'childPort');
    if (!spec || id === undefined || parentPort === undefined || childPort === undefined) {
      unparsable.push(unparsableAt(source, evidence.line ?? 1, JSON.stringify(object)));
      continue;
    }
    ports.push({
      id,
      protocol: textOf(spec, 'proto') ?? 'tcp',
      // Left out: every address of the parent, RootlessKit's own address in the child.
      parentIp: textOf(spec, 'parentIP') ?? '',
      parentPort,
      childIp: textOf(spec, 'childIP') ?? '',
      childPort,
      evidence: [evidence],
    });
  }
  return {
    ports: values.length === 0 || (ports.length === 0 && unparsable.length > 0) ? undefined : ports,
    unparsable,
  };
}
