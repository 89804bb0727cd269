// What is mounted in a mount namespace: what is its own there, where it comes from, and how mounts spread.
import type { NamespaceId, ProcessId } from '../../model/id.ts';
import { parseNamespaceId } from '../../model/id.ts';
import type { Mount, MountTable } from '../../model/mount.ts';
import type { Fact } from '../explanation.ts';
import { fact, type Telling } from '../facts.ts';
import { nameOf } from '../names.ts';
import { pathOnHost, peersOfGroup } from './mount-peers.ts';

/** More are no overview; the whole table is behind any of its lines. */
const mostShown = 40;

/** Of a mount namespace, or of a process whose mount namespace is closed to us. */
export function mountsOf(telling: Telling, whose: NamespaceId | ProcessId | undefined): readonly Fact[] {
  const { look, texts } = telling;
  const table = whose && look.mountTables.get(whose);
  const [first] = table?.mounts ?? [];
  if (!table || !first) return [];
  const { labels, values, terms } = texts;
  const own = table.mounts.filter(({ asOnHost }) => asOnHost !== true);
  const shown = inOrder(own).slice(0, mostShown);
  const more = table.count - table.countAsOnHost - shown.length;
  return [
    fact(labels.mounts, mountCount(telling, table), [first.evidence], { hint: terms['mount namespace'] }),
    ...shown.map((mount) => mountFact(telling, table, mount)),
    ...(more > 0 ? [fact(labels.mounts, values.more(more), [])] : []),
  ];
}

/** `31 mounts, 27 of them as on the host`. */
export const mountCount = ({ texts }: Telling, { count, countAsOnHost }: MountTable): string =>
  texts.values.mounts(count, countAsOnHost);

/** The kernel's own file systems say least, and containers have a dozen of them. */
const kernelsOwn: ReadonlySet<string> = new Set(
  (
    'autofs binfmt_misc bpf cgroup cgroup2 configfs debugfs devpts devtmpfs efivarfs fusectl hugetlbfs mqueue proc pstore ' +
    'securityfs selinuxfs sysfs tracefs'
  ).split(' '),
);

/** By path, so that what is below something stands below it; of one path in the order of the mounts. */
const inOrder = (mounts: readonly Mount[]): readonly Mount[] =>
  [...mounts].sort(
    (a, b) =>
      Number(kernelsOwn.has(a.type)) - Number(kernelsOwn.has(b.type)) ||
      (a.path < b.path ? -1 : a.path > b.path ? 1 : 0),
  );

function mountFact(telling: Telling, table: MountTable, mount: Mount): Fact {
  const { look, texts } = telling;
  const { values, terms } = texts;
  const { path, type, options, superOptions, covered, evidence } = mount;
  const namespace = type === 'nsfs' ? parseNamespaceId(mount.root)?.id : undefined;
  const words = options.split(',');
  const spread = propagation(telling, table, mount);
  const parts = [
    path,
    ...from(telling, table, mount),
    ...(words.includes('ro')
      ? [values.readOnly]
      : superOptions.split(',', 1)[0] === 'ro'
        ? [values.readOnlyFileSystem]
        : []),
    ...(words.includes('idmapped') ? ['idmapped'] : []),
    ...spread,
    ...(covered ? [values.covered] : []),
  ];
  return fact(type, parts.join(' · '), [evidence], {
    monospace: true,
    ...(namespace !== undefined && look.namespaces.has(namespace) && { entity: namespace }),
    hint: covered ? terms['covered mount'] : spread.length > 0 ? terms['mount propagation'] : undefined,
  });
}

/** Where it comes from, as findmnt(8) says it: `/dev/sda1[/srv/data]`; or the path it has on the host. */
function from({ look, texts }: Telling, table: MountTable, mount: Mount): readonly string[] {
  const { path, root, source, type } = mount;
  const onHost = pathOnHost(look.model, look.mountTables, table, mount);
  if (onHost === path) return [];
  if (onHost !== undefined) return [texts.values.pathOfHost(onHost)];
  const told = source === type || source === 'none' || source === 'nsfs' ? '' : source;
  return root === '/' ? (told === '' ? [] : [told]) : [told === '' ? `[${root}]` : `${told}[${root}]`];
}

/** The kernel's words, with who else is in the group or above it. */
function propagation(telling: Telling, table: MountTable, { propagation: its }: Mount): readonly string[] {
  const { values } = telling.texts;
  const names = (group: number): readonly string[] => {
    const others = peersOfGroup(telling.look.model, group).filter((one) => one !== table);
    const known = others.slice(0, 3).map((one) => nameOfTable(telling, one));
    return others.length > known.length ? [...known, values.more(others.length - known.length)] : known;
  };
  return [
    ...(its.shared === undefined ? [] : [values.sharedGroup(its.shared, names(its.shared))]),
    ...(its.master === undefined ? [] : [values.masterGroup(its.master, names(its.master))]),
    ...(its.propagateFrom === undefined ? [] : [`propagate_from:${its.propagateFrom}`]),
    ...(its.unbindable ? ['unbindable'] : []),
  ];
}

const nameOfTable = ({ look, texts }: Telling, { mountNamespace, readThrough }: MountTable): string =>
  nameOf(look, mountNamespace ?? readThrough, texts);
