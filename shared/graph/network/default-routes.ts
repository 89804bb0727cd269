// Where packets go that are for nobody in particular.
import type { LinkId } from '../../model/id.ts';
import { isDefaultRoute } from '../../model/route.ts';
import type { Sight } from './sight.ts';

/** Links through which a default route of the main table goes, in any network namespace. */
export function linksWithDefaultRoute(sight: Sight): ReadonlySet<LinkId> {
  const links = new Set<LinkId>();
  for (const route of sight.model.routes) if (isDefaultRoute(route) && route.link) links.add(route.link);
  return links;
}
