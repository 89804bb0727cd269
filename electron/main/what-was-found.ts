// A model in a few lines, for the terminal from which the demo was started.
import { summarise } from '../../shared/explain/summarise.ts';
import { whoAsked } from '../../shared/model/host.ts';
import type { Model } from '../../shared/model/model.ts';

export function whatWasFound(model: Model): readonly string[] {
  const { host, namespaces, containers, links, relations, forwards } = model;
  const networks = namespaces.filter((namespace) => namespace.kind === 'net');
  const seen = new Set<string>(links.map((link) => link.id));
  const pairs = relations.filter(({ kind, from, to }) => kind === 'veth-peer' && seen.has(from) && seen.has(to));
  return [
    `${host.hostname}: ${host.os ?? 'Linux'}, kernel ${host.kernel}, as ${whoAsked(host)}`,
    `${count(networks.length, 'network namespace')}: ${networks.map((one) => one.name ?? one.id).join(', ')}`,
    `${count(containers.length, 'container')}: ${containers.map((one) => one.name).join(', ')}`,
    [count(links.length, 'interface'), count(pairs.length, 'veth pair'), count(forwards.length, 'published port')].join(
      ', ',
    ),
    summarise(model),
  ];
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
