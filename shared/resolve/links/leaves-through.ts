// Where the traffic of a tap server leaves: it sends and receives with ordinary sockets, so through the default route of
// the network namespace it runs in. Inferred: policy rules or a more specific route may send some of it elsewhere.
import type { UnresolvedProcess } from '../../model/entities.ts';
import { isDefaultRoute } from '../../model/route.ts';
import type { Route } from '../../model/route.ts';
import type { Relation } from '../../model/relation.ts';
import type { Known, Pass } from '../known.ts';
import { isIn, saidIn } from '../process-evidence.ts';
import { relation } from '../relation.ts';
import type { NamespaceId } from '../../model/id.ts';

export const leavesThrough: Pass = {
  name: 'leaves through',
  run: (known) => {
    const servers = new Set(known.relations.filter((one) => one.kind === 'served-by').map((one) => one.to));
    const relations = known.entities.processes
      .filter((process) => servers.has(process.id))
      .flatMap((process) => {
        const place = placeOf(process, known);
        if (!place) return [];
        const { netns, evidence } = place;
        const byLink = new Map<string, Relation>();
        for (const family of ['inet', 'inet6'] as const) {
          const best = bestDefaultRoutes(netns, family, known);
          for (const route of best) {
            if (!route.link || byLink.has(route.link)) continue;
            const several = best.length > 1;
            byLink.set(
              route.link,
              relation('leaves-through', process.id, route.link, {
                certainty: several ? 'ambiguous' : 'inferred',
                rule: several ? 'leaves-through.equal-default-routes' : place.rule,
                evidence: [...evidence, ...route.evidence, ...(known.index.link.get(route.link)?.evidence ?? [])],
              }),
            );
          }
        }
        return [...byLink.values()];
      });
    return { relations };
  },
};

/**
 * pasta closes itself to its own user too (PR_SET_DUMPABLE). Started by RootlessKit it is in the network namespace of
 * RootlessKit's parent process: it enters another one with single threads only, to set the tap up.
 */
function placeOf(process: UnresolvedProcess, { rootlessKits, index }: Known) {
  const own = process.namespaces.net;
  if (own !== undefined)
    return { netns: own, evidence: isIn(process, 'net'), rule: 'leaves-through.default-route' as const };
  const kit = rootlessKits.find(({ parent }) => parent === `process:${process.ppid}`);
  const parent = kit && index.process.get(kit.parent);
  const netns = parent?.namespaces.net;
  if (!parent || netns === undefined) return undefined;
  const evidence = [...saidIn(process, 'status'), ...isIn(parent, 'net')];
  return { netns, evidence, rule: 'leaves-through.where-its-parent-is' as const };
}

/** Of table main, the lowest metric; a route without one counts as 0 (IPv4) or 1024 (IPv6, which always prints it). */
export function bestDefaultRoutes(netns: NamespaceId, family: Route['family'], known: Known): readonly Route[] {
  const routes = known.entities.routes.filter(
    (route) => route.netns === netns && route.family === family && isDefaultRoute(route),
  );
  const lowest = Math.min(...routes.map((route) => route.metric ?? 0));
  return routes.filter((route) => (route.metric ?? 0) === lowest);
}
