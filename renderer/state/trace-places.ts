// What can be chosen as the beginning and the end of a trace, in the words that shared/trace/read-place.ts reads.
import type { Model } from '../../shared/model/model.ts';
import { programName } from '../../shared/model/program-name.ts';
import { readStart, readTarget } from '../../shared/trace/read-place.ts';

export interface TracePlace {
  /** What is written into the field. */
  readonly value: string;
  readonly detail: string;
  readonly kind: 'container' | 'process' | 'netns' | 'address' | 'port' | 'other';
}

interface Words {
  readonly outside: string;
  readonly outsideDetail: string;
  readonly internet: string;
  readonly internetDetail: string;
}

const endpoint = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

export function startPlaces(model: Model, words: Words): readonly TracePlace[] {
  return [
    { value: words.outside, detail: words.outsideDetail, kind: 'other' },
    ...containers(model),
    ...namespaces(model),
    ...processes(model),
  ];
}

/** Containers with the ports they listen on, published ports, every address that a link has. */
export function targetPlaces(model: Model, words: Words): readonly TracePlace[] {
  const holders = new Map(
    model.containers.flatMap(({ name, processIds }) => processIds.map((id) => [id, name] as const)),
  );
  const names = new Map(model.namespaces.map(({ id, name }) => [id, name]));
  const listening = model.sockets
    .filter(({ state, protocol }) => state === 'LISTEN' && protocol.startsWith('tcp'))
    .flatMap(({ processIds, local }): readonly TracePlace[] => {
      const name = processIds.map((id) => holders.get(id)).find((one) => one !== undefined);
      return name === undefined ? [] : [{ value: `${name}:${local.port}`, detail: 'tcp', kind: 'container' }];
    });
  const published = model.forwards.map(({ listen, target, protocol }): TracePlace => {
    const address = ['0.0.0.0', '::'].includes(listen.address) ? '127.0.0.1' : listen.address;
    return {
      value: endpoint(address, listen.port),
      detail: `${protocol} → ${target.address}:${target.port}`,
      kind: 'port',
    };
  });
  const addresses = model.links.flatMap(({ name, netns, addresses: own }) =>
    own
      .filter(({ scope }) => scope !== 'host' && scope !== 'link')
      .map(({ local }): TracePlace => ({
        value: local,
        detail: `${name} · ${names.get(netns) ?? netns}`,
        kind: 'address',
      })),
  );
  return distinct([
    ...listening,
    ...published,
    ...containers(model),
    { value: words.internet, detail: words.internetDetail, kind: 'other' },
    ...addresses,
    ...namespaces(model),
    ...processes(model),
  ]);
}

const containers = (model: Model): readonly TracePlace[] =>
  model.containers
    .map(({ name, image, runtimeId }): TracePlace => {
      const isOne = !('problem' in readStart(model, name));
      return { value: isOne ? name : runtimeId.slice(0, 12), detail: isOne ? (image ?? '') : name, kind: 'container' };
    })
    .toSorted((a, b) => (a.value < b.value ? -1 : 1));

const namespaces = (model: Model): readonly TracePlace[] =>
  model.namespaces
    .filter(({ kind }) => kind === 'net')
    .flatMap(({ id, name }): readonly TracePlace[] => {
      const read = readTarget(model, name);
      if ('to' in read && read.to.kind !== 'netns') return [];
      return [{ value: 'to' in read ? name : id, detail: 'to' in read ? id : name, kind: 'netns' }];
    });

/** Those that are somewhere of their own or listen: of a host's hundreds the others are found by their PID. */
function processes(model: Model): readonly TracePlace[] {
  const listening = new Set(
    model.sockets.filter(({ state }) => state === 'LISTEN').flatMap(({ processIds }) => processIds),
  );
  return model.processes
    .filter((one) => !one.kernelThread && one.namespaces.net !== undefined && !one.roles.includes('collector'))
    .toSorted((a, b) => Number(listening.has(b.id)) - Number(listening.has(a.id)) || a.pid - b.pid)
    .map((one) => ({ value: `${programName(one)}[${one.pid}]`, detail: one.user ?? '', kind: 'process' }));
}

const distinct = (places: readonly TracePlace[]): readonly TracePlace[] =>
  [...new Map(places.toReversed().map((one) => [one.value, one])).values()].toReversed();

/** What a thing of the picture is written as: a container, a process, or the network namespace that it is in. */
export function placeNameOf(model: Model, id: string): string | undefined {
  const process = model.processes.find((one) => one.id === id);
  if (process) return process.namespaces.net && `${programName(process)}[${process.pid}]`;
  const container = model.containers.find((one) => one.id === id);
  if (container)
    return 'problem' in readStart(model, container.name) ? container.runtimeId.slice(0, 12) : container.name;
  const netns = model.links.find((one) => one.id === id)?.netns ?? id;
  const namespace = model.namespaces.find((one) => one.id === netns && one.kind === 'net');
  if (!namespace) return undefined;
  const read = readStart(model, namespace.name);
  return 'problem' in read ? namespace.id : namespace.name;
}

/** Those that hold every word that was typed; those that begin with it first. */
export function matchingPlaces(places: readonly TracePlace[], typed: string, most: number): readonly TracePlace[] {
  const query = typed.trim().toLowerCase();
  const words = query.split(/\s+/).filter(Boolean);
  const rank = ({ value }: TracePlace): number => (value.toLowerCase().startsWith(query) ? 0 : 1);
  return places
    .filter(({ value, detail }) => words.every((word) => `${value}\n${detail}`.toLowerCase().includes(word)))
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, most);
}
