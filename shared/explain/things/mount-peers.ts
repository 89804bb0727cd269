// What mounts of different mount namespaces have to do with each other.
import type { Model } from '../../model/model.ts';
import type { Mount, MountTable } from '../../model/mount.ts';

const groups = new WeakMap<Model, ReadonlyMap<number, readonly MountTable[]>>();

/** Those with a mount in a peer group, as far as they are listed. */
export function peersOfGroup(model: Model, group: number): readonly MountTable[] {
  const known = groups.get(model) ?? groupsOf(model);
  groups.set(model, known);
  return known.get(group) ?? [];
}

function groupsOf(model: Model): ReadonlyMap<number, readonly MountTable[]> {
  const members = new Map<number, MountTable[]>();
  for (const table of model.mountTables) {
    for (const { propagation } of table.mounts) {
      if (propagation.shared === undefined) continue;
      const tables = members.get(propagation.shared);
      if (!tables) members.set(propagation.shared, [table]);
      else if (tables.at(-1) !== table) tables.push(table);
    }
  }
  return members;
}

/**
 * The path by which the host's own processes reach what is mounted there: one of the host's mounts is of the same file
 * system and shows the same directory or one above it. Undefined where none is, or where others cover the path on the host.
 */
export function pathOnHost(
  model: Model,
  tables: ReadonlyMap<string, MountTable>,
  table: MountTable,
  mount: Mount,
): string | undefined {
  const host = model.host.initialNamespaces.mnt?.id;
  const its = host && tables.get(host);
  // A mount that is left out could be the one that covers.
  if (!its || its === table || its.mounts.length < its.count) return undefined;
  const places = placesOf(its);
  let best: { readonly rootLength: number; readonly path: string } | undefined;
  for (const other of places.byDevice.get(mount.device) ?? []) {
    const below = rest(mount.root, other.root);
    if (below === undefined || other.root.length <= (best?.rootLength ?? -1)) continue;
    const path = join(other.path, below);
    if (!isCoveredBelow(path, other.path, places.paths)) best = { rootLength: other.root.length, path };
  }
  return best?.path;
}

interface Places {
  readonly byDevice: ReadonlyMap<string, readonly Mount[]>;
  readonly paths: ReadonlySet<string>;
}
const known = new WeakMap<MountTable, Places>();

function placesOf(table: MountTable): Places {
  const before = known.get(table);
  if (before) return before;
  const open = table.mounts.filter(({ covered }) => covered !== true);
  const byDevice = new Map<string, Mount[]>();
  for (const mount of open) {
    const same = byDevice.get(mount.device);
    if (same) same.push(mount);
    else byDevice.set(mount.device, [mount]);
  }
  const places = { byDevice, paths: new Set(open.map(({ path }) => path)) };
  known.set(table, places);
  return places;
}

/** What of `path` is below `above`: `/a/b` below `/a` is `/b`; undefined where it is elsewhere. */
function rest(path: string, above: string): string | undefined {
  if (above === '/') return path === '/' ? '' : path;
  return path === above ? '' : path.startsWith(`${above}/`) ? path.slice(above.length) : undefined;
}

const join = (path: string, below: string): string => (below === '' ? path : path === '/' ? below : path + below);

/** Something else is mounted on the way from `top` to `path`, or at `path` itself. */
function isCoveredBelow(path: string, top: string, mountPoints: ReadonlySet<string>): boolean {
  for (let at = path; at.length > top.length && at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    if (mountPoints.has(at)) return true;
  }
  return false;
}
