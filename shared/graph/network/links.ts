// Interfaces: a plate each; bridges, bonds and vrfs as bars.
import { kindDetail } from '../../model/kind-detail.ts';
import type { Address, Link } from '../../model/link.ts';
import type { GraphNode } from '../graph.ts';
import { linksWithDefaultRoute } from './default-routes.ts';
import type { Picture, Sight } from './sight.ts';
import { exitsOf } from './way-out.ts';

/** Kinds that have ports, by iproute2's names. */
const barKinds: ReadonlySet<string> = new Set(['bridge', 'bond', 'team', 'vrf', 'openvswitch']);

export function addLinks(sight: Sight, picture: Picture): void {
  const defaultRoutes = linksWithDefaultRoute(sight);
  const exits = exitsOf(sight);
  const switches = new Set<string>(sight.model.ovsBridges.flatMap(({ link }) => link ?? []));
  for (const link of sight.model.links) {
    if (link.kind === 'loopback' && sight.options.hideLoopback) continue;
    if (!sight.netns.has(link.netns)) continue;
    if (sight.options.folded.has(link.netns)) {
      picture.nodeOf.set(link.id, link.netns);
      continue;
    }
    picture.nodes.push({
      id: link.id,
      kind: barKinds.has(link.kind) || switches.has(link.id) ? 'bridge' : 'link',
      parent: link.netns,
      entity: link.id,
      label: link.name,
      lines: [
        ...kindLine(link),
        ...link.addresses.filter(isTelling).map(addressText),
        ...link.altNames.filter(isNetworkInterfaceId),
        ...networkLines(link),
      ],
      state: stateOf(link),
      tags: [
        ...tagsOf(link),
        ...(link.masterName === undefined ? [] : ['port']),
        ...(defaultRoutes.has(link.id) ? ['default-route'] : []),
        ...(exits.has(link.id) ? ['way-out'] : []),
      ],
    });
    picture.nodeOf.set(link.id, link.id);
  }
}

function tagsOf(link: Link): string[] {
  if (link.kind === 'physical') return ['nic'];
  if (link.kind === 'tun') return [link.data['type'] === 'tap' ? 'tap' : 'tun'];
  return [link.kind];
}

/** Those that everybody has, or that the picture shows by their form. */
const plainKinds: ReadonlySet<string> = new Set([
  'physical',
  'veth',
  'tun',
  'loopback',
  'bridge',
  'openvswitch',
  'team',
]);

/** `vlan 20`: what it is, where its name and its form do not say. */
const kindLine = (link: Link): readonly string[] => (plainKinds.has(link.kind) ? [] : [kindDetail(link)]);

/** `nerdctl network shop`: what people call a bridge whose name is made of digits. */
const networkLines = ({ engineNetworks = [] }: Link): readonly string[] =>
  engineNetworks.flatMap(({ engine, name, certainty }) =>
    certainty === 'ambiguous' ? [] : [`${engine} network ${name}`],
  );

/** RFC 2863 as the kernel prints it. `UNKNOWN` is what many virtual devices say for ever: then the flags tell. */
function stateOf(link: Link): NonNullable<GraphNode['state']> {
  if (link.operState === 'UP') return 'up';
  if (link.operState === 'UNKNOWN') return link.flags.includes('LOWER_UP') ? 'up' : 'unknown';
  return 'down';
}

/** Link-local addresses are everywhere and say nothing; the inspector has them. */
const isTelling = (address: Address): boolean => address.scope !== 'link';

const addressText = (address: Address): string =>
  address.peer === undefined
    ? `${address.local}/${address.prefixLength}`
    : `${address.local} → ${address.peer}/${address.prefixLength}`;

/** EC2's id of the network interface, which is how people find it in their console. */
const isNetworkInterfaceId = (altName: string): boolean => /^eni-[0-9a-f]+$/.test(altName);
