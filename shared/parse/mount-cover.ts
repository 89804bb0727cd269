// Which mounts of a table lie under others (mountinfo.ts has its form).
import type { MountLine } from './mountinfo.ts';

/** What is needed of a mount. */
type Placed = Pick<MountLine, 'id' | 'parent' | 'mountPoint'>;

/**
 * Tells whether a path still leads to a mount. It does not when, on the way from the root, some other mount was put on
 * one of its ancestors at the path or above it. Asked by the (few) prefixes of the path, not by all mounts.
 */
export function coverTest<T extends Placed>(mounts: readonly T[]): (mount: T) => boolean {
  const table = new Map(mounts.map((mount) => [mount.id, mount]));
  const children = new Map<string, Map<string, T[]>>();
  for (const mount of table.values()) {
    let places = children.get(mount.parent);
    if (!places) children.set(mount.parent, (places = new Map<string, T[]>()));
    const same = places.get(mount.mountPoint);
    if (same) same.push(mount);
    else places.set(mount.mountPoint, [mount]);
  }
  return (mount) => {
    const chain = new Set<T>();
    let below = mount;
    for (let at: T | undefined = mount; at && !chain.has(at) && chain.size < 64; at = table.get(at.parent)) {
      chain.add(at);
      // Most have nothing mounted on them.
      const places = children.get(at.id);
      if (places) {
        const target: string = at === mount ? mount.mountPoint : below.mountPoint;
        for (const path of prefixesOf(target)) {
          const others = places.get(path);
          if (others?.some((other) => other !== below && !chain.has(other))) return true;
        }
      }
      below = at;
    }
    return false;
  };
}

/** `/run/netns/a` → itself, `/run/netns`, `/run`, `/`. */
function prefixesOf(path: string): readonly string[] {
  const prefixes = [path];
  for (let slash = path.lastIndexOf('/'); slash > 0 && prefixes.length < 64; slash = path.lastIndexOf('/', slash - 1)) {
    prefixes.push(path.slice(0, slash));
  }
  if (path !== '/') prefixes.push('/');
  return prefixes;
}
