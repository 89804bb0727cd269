// Search by any text: names, addresses, PIDs, inodes, arguments. Every word has to be found in one entry.
import type { EntityId, NamespaceId } from '../../shared/model/id.ts';
import type { Model } from '../../shared/model/model.ts';
import type { Namespace } from '../../shared/model/namespace.ts';
import { programName } from '../../shared/model/program-name.ts';

export type SearchKind = 'namespace' | 'process' | 'container' | 'link' | 'socket' | 'forward';

export interface SearchEntry {
  readonly id: EntityId;
  readonly kind: SearchKind;
  readonly label: string;
  /** What tells it from others of the same name. */
  readonly detail: string;
  /** What it alone is called, lower case: who types one of these means it. */
  readonly names: readonly string[];
  /** Everything it can be found by, lower case. */
  readonly text: string;
}

export interface SearchResults {
  readonly entries: readonly SearchEntry[];
  /** How many matched in all. */
  readonly total: number;
}

interface Found {
  readonly id: EntityId;
  readonly kind: SearchKind;
  readonly label: string;
  readonly detail: readonly (string | undefined)[];
  /** What the host calls it, where the label is ours. */
  readonly called?: string;
  /** What it alone is called: an address, a PID, an inode. */
  readonly names?: readonly (string | undefined)[];
  readonly more?: readonly (string | undefined)[];
}

function entry({ id, kind, label, called = label, detail, names = [], more = [] }: Found): SearchEntry {
  const own = [called, ...names].filter((part) => part !== undefined).map((part) => part.toLowerCase());
  const shown = detail.filter((part) => part !== undefined && part !== '');
  const text = [label, ...own, ...shown, ...more].filter((part) => part !== undefined);
  return { id, kind, label, detail: shown.join(' · '), names: own, text: text.join('\n').toLowerCase() };
}

/** What can be found in a model, things people look for most often first. */
export function searchIndex(model: Model): readonly SearchEntry[] {
  const netnsNames = new Map(model.namespaces.map((one) => [one.id, one.name]));
  const processes = new Map(model.processes.map((one) => [one.id, one]));
  const place = (netns: NamespaceId | undefined): string | undefined => netns && (netnsNames.get(netns) ?? netns);
  return [
    ...model.containers.map(({ id, name, image, init, runtimeId, engine, networks, pod, project, service }) => {
      const pid = init && processes.get(init)?.pid;
      const detail = [image, pid === undefined ? undefined : `PID ${pid}`];
      const more = [engine, ...networks, pod?.id, pod?.name, pod?.namespace, project, service];
      return entry({ id, kind: 'container', label: name, detail, names: [runtimeId], more });
    }),
    ...model.links.map(({ id, name, netns, addresses, mac, kind, altNames }) => {
      const prefixes = addresses.map((one) => `${one.local}/${one.prefixLength}`);
      const names = [mac, ...addresses.map((one) => one.local), ...prefixes, ...altNames];
      return entry({ id, kind: 'link', label: name, detail: [place(netns), prefixes[0]], names, more: [kind] });
    }),
    // Of eight namespaces with one name the network namespace is the one that is looked for.
    ...[...model.namespaces]
      .sort(networkFirst)
      .map(({ id, name, inode, role }) =>
        entry({ id, kind: 'namespace', label: name, detail: [id], names: [id, String(inode)], more: [role] }),
      ),
    ...model.processes
      .filter((one) => !one.roles.includes('collector'))
      .map((process) => {
        const { id, comm, pid, user, argv, roles } = process;
        return entry({
          id,
          kind: 'process',
          label: programName(process),
          called: comm,
          detail: [`PID ${pid}`, user],
          names: [String(pid), `pid ${pid}`],
          more: [argv.join(' '), ...roles],
        });
      }),
    ...model.forwards.map(({ id, listen, target, protocol, by }) =>
      entry({
        id,
        kind: 'forward',
        label: `${listen.address}:${listen.port} → :${target.port}`,
        detail: [protocol, by],
        names: [String(listen.port), `${listen.address}:${listen.port}`, `${target.address}:${target.port}`],
      }),
    ),
    ...model.sockets
      .filter((one) => one.state === 'LISTEN' || one.state === 'UNCONN')
      .map(({ id, protocol, state, netns, local, processIds }) =>
        entry({
          id,
          kind: 'socket',
          label: `${local.address}:${local.port}`,
          detail: [protocol, state, place(netns), ...new Set(processIds.map((holder) => processes.get(holder)?.comm))],
          names: [String(local.port)],
        }),
      ),
  ];
}

const networkFirst = (a: Namespace, b: Namespace): number => Number(b.kind === 'net') - Number(a.kind === 'net');

/** Best first: one of its own names as it is, then its beginning, then anywhere in the label, then anywhere. */
export function search(index: readonly SearchEntry[], query: string, most: number): SearchResults {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return { entries: [], total: 0 };
  const whole = words.join(' ');
  const found = index
    .filter((one) => words.every((word) => one.text.includes(word)))
    .map((one) => ({ one, rank: rankOf(one, whole) }))
    // Array.sort is stable: within a rank the index's order stays.
    .sort((a, b) => a.rank - b.rank);
  return { entries: found.slice(0, most).map(({ one }) => one), total: found.length };
}

function rankOf(one: SearchEntry, query: string): number {
  const label = one.label.toLowerCase();
  if (one.names.includes(query)) return 0;
  if (label.startsWith(query)) return 1;
  return label.includes(query) ? 2 : 3;
}
