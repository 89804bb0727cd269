// The host's frame, and one box for each network namespace.
import type { EntityId, LinkId, NamespaceId } from '../../model/id.ts';
import type { Namespace } from '../../model/namespace.ts';
import type { GraphNode } from '../graph.ts';
import { groupsOfBox } from './groups.ts';
import type { Picture, Sight } from './sight.ts';

export function addBoxes(sight: Sight, picture: Picture): void {
  const { host } = sight.model;
  picture.nodes.push({
    id: 'host',
    kind: 'host',
    entity: 'host',
    label: host.hostname,
    lines: [[host.os, `Linux ${host.kernel}`].filter((part) => part !== undefined).join(' · ')],
    tags: ['host'],
  });
  picture.nodeOf.set('host', 'host');
  const columns = rootlessColumns(sight);
  for (const netns of sight.netns.values()) {
    const column = columns.get(netns.id);
    const parentOf = isRootlessKitParent(sight, netns.id);
    picture.nodes.push({
      id: netns.id,
      kind: 'netns',
      parent: 'host',
      entity: netns.id,
      label: netns.name,
      lines: sight.options.folded.has(netns.id) ? [netns.id, counts(sight, netns)] : boxLines(netns, parentOf),
      ...(column === undefined ? {} : { column }),
      // The host's own box belongs to nobody, whoever uses its network.
      ...(netns.role === 'container' ? groupsOfBox(sight.containersIn.get(netns.id) ?? []) : {}),
      tags: [
        netns.id === sight.hostNetns ? 'host' : netns.role,
        ...(parentOf ? ['rootlesskit-parent'] : []),
        ...(netns.procNet === undefined ? [] : ['proc-net']),
        ...(sight.options.folded.has(netns.id) ? ['folded'] : []),
      ],
    });
    picture.nodeOf.set(netns.id, netns.id);
  }
}

function boxLines(netns: Namespace, parentOf: boolean): readonly string[] {
  if (parentOf) return [`${netns.id} · RootlessKit parent`];
  if (netns.procNet) return [netns.id, 'told by /proc/PID/net alone'];
  // The path that puzzles people: an empty file on the host, the namespace inside RootlessKit's mount namespace.
  const mount = netns.role === 'rootlesskit-child' ? netns.keptBy.find((keeper) => keeper.by === 'mount') : undefined;
  return mount === undefined ? [netns.id] : [netns.id, mount.path];
}

function counts(sight: Sight, netns: Namespace): string {
  const links = (sight.linksIn.get(netns.id) ?? []).filter((link) => link.kind !== 'loopback').length;
  const parts = [plural(links, 'interface'), plural(netns.processIds.length, 'process', 'processes')];
  return parts.join(' · ');
}

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

const isRootlessKitParent = (sight: Sight, netns: NamespaceId): boolean =>
  (sight.relations.get('rootlesskit-parent-netns') ?? []).some((relation) => relation.to === netns);

/** RootlessKit's own figure: parent | child | containers. Empty for hosts without it. */
function rootlessColumns(sight: Sight): ReadonlyMap<NamespaceId, NonNullable<GraphNode['column']>> {
  const columns = new Map<NamespaceId, NonNullable<GraphNode['column']>>();
  const children = new Set<NamespaceId>();
  for (const netns of sight.netns.values()) if (netns.role === 'rootlesskit-child') children.add(netns.id);
  if (children.size === 0) return columns;
  if (sight.hostNetns !== undefined) columns.set(sight.hostNetns, 'parent');
  for (const child of children) columns.set(child, 'child');
  const netnsOf = (end: EntityId): NamespaceId | undefined => sight.links.get(end as LinkId)?.netns;
  for (const { from, to } of sight.relations.get('veth-peer') ?? [])
    for (const [here, there] of [
      [netnsOf(from), netnsOf(to)],
      [netnsOf(to), netnsOf(from)],
    ] as const)
      if (here && there && children.has(here) && !columns.has(there)) columns.set(there, 'containers');
  return columns;
}
