// Published ports: a tag at the host's edge, an arrow to who forwards it, and on to where it ends.
import type { Forward } from '../../model/forward.ts';
import type { GraphEdge } from '../graph.ts';
import { groupBy } from '../grouping.ts';
import type { Picture, Sight } from './sight.ts';

/** Both arrows of a forward carry its id as `relation`. */
export function addForwards(sight: Sight, picture: Picture): readonly GraphEdge[] {
  const edges: GraphEdge[] = [];
  for (const alike of groupBy(sight.model.forwards, sameButFamily).values()) {
    const first = [...alike].sort((a, b) => Number(isIpv6(a)) - Number(isIpv6(b)))[0];
    if (first === undefined) continue;
    const netns = first.listen.netns ?? sight.hostNetns;
    const parent = netns !== undefined && sight.netns.has(netns) ? netns : 'host';
    if (!sight.options.folded.has(parent))
      picture.nodes.push({
        id: first.id,
        kind: 'port',
        parent,
        entity: first.id,
        label: portLabel(first, alike.length > 1),
        lines: [`${first.protocol} · ${targetName(sight, first)}`],
        tags: [first.by],
      });
    for (const forward of alike) picture.nodeOf.set(forward.id, sight.options.folded.has(parent) ? parent : first.id);
    for (const forward of alike) edges.push(...arrows(sight, picture, forward));
  }
  return edges;
}

function arrows(sight: Sight, picture: Picture, forward: Forward): readonly GraphEdge[] {
  const port = picture.nodeOf.get(forward.id);
  const forwarder = forward.forwarder && picture.nodeOf.get(forward.forwarder);
  const stops = [port, forwarder, targetNode(sight, picture, forward)].filter((stop) => stop !== undefined);
  const edges: GraphEdge[] = [];
  for (let i = 1; i < stops.length; i++) {
    const source = stops[i - 1];
    const target = stops[i];
    if (source === undefined || target === undefined || source === target) continue;
    edges.push({
      id: `${forward.id} ${i === stops.length - 1 ? 'on' : 'in'}`,
      kind: 'forward',
      source,
      target,
      ...(forward.certainty === 'ambiguous' ? { label: '?' } : {}),
      certainty: forward.certainty,
      relation: forward.id,
      directed: true,
    });
  }
  return edges;
}

/** The container; else the interface that has the address; else the network namespace. */
function targetNode(sight: Sight, picture: Picture, forward: Forward): string | undefined {
  const container = forward.container && picture.nodeOf.get(forward.container);
  if (container !== undefined) return container;
  const { netns, address } = forward.target;
  if (netns === undefined) return undefined;
  const link = (sight.linksIn.get(netns) ?? []).find((one) => one.addresses.some(({ local }) => local === address));
  return (link && picture.nodeOf.get(link.id)) ?? picture.nodeOf.get(netns);
}

function targetName(sight: Sight, forward: Forward): string {
  const container = sight.model.containers.find((one) => one.id === forward.container);
  return container?.name ?? forward.target.address;
}

/** docker publishes to 0.0.0.0 and [::] at once; to a person that is one port. ss writes * for both. */
function sameButFamily(forward: Forward): string {
  const { listen, target } = forward;
  const address = isAny(listen.address) ? '*' : listen.address;
  const to = forward.container ?? `${target.netns ?? ''} ${target.address}`;
  return [forward.protocol, listen.netns ?? '', address, listen.port, to, target.port].join(' ');
}

const isAny = (address: string): boolean => address === '0.0.0.0' || address === '::';
const isIpv6 = (forward: Forward): boolean => forward.listen.address.includes(':');

function portLabel(forward: Forward, both: boolean): string {
  const { address, port } = forward.listen;
  const host = both && isAny(address) ? '*' : address.includes(':') ? `[${address}]` : address;
  return `${host}:${port} → :${forward.target.port}`;
}
