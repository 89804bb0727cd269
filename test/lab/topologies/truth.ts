// What is true of a network that was built: known from having built it, not from asking what is what. The kernel is asked
// only for numbers: inodes, indexes, PIDs.
import type { LinkId, NamespaceId, ProcessId } from '../../../shared/model/id.ts';
import { linkId, namespaceId, processId } from '../../../shared/model/id.ts';
import type { Person } from './bare-host.ts';
import type { NetnsPlan } from './plan.ts';
import { hostNetns } from './plan.ts';

export interface TrueNetns {
  readonly id: NamespaceId;
  /** The plan's name for it. */
  readonly name: string;
  readonly owner: Person;
}

export interface TrueLink {
  readonly id: LinkId;
  readonly netns: NamespaceId;
  readonly name: string;
}

export interface Truth {
  readonly netns: readonly TrueNetns[];
  readonly links: readonly TrueLink[];
  /** Both ends of each cable. */
  readonly veths: readonly (readonly [LinkId, LinkId])[];
  /** Port and its bridge. */
  readonly masters: readonly (readonly [LinkId, LinkId])[];
  /** tap or tun, and the process that holds it. */
  readonly taps: readonly (readonly [LinkId, ProcessId])[];
}

/** A link by the plan's name of its network namespace and its own name. */
export interface Place {
  readonly netns: string;
  readonly name: string;
}

/** What whoever built it knows. The host's own network namespace needs no mention. */
export interface Built {
  readonly netns: readonly Pick<NetnsPlan, 'name' | 'owner'>[];
  readonly veths: readonly (readonly [Place, Place])[];
  readonly ports: readonly (Place & { readonly master: string })[];
}

interface Said {
  readonly inodes: ReadonlyMap<string, number>;
  /** By `NETNS NAME`. */
  readonly indexes: ReadonlyMap<string, number>;
  readonly tapPids: ReadonlyMap<string, number>;
}

/**
 * What a building script says:
 *
 *   netns NAME INODE
 *   tap NETNS NAME PID
 *   links NETNS             and then lines of `ip -o link`: `4: veth0@if2: <…`, so names must be without `@`, `:`, spaces
 */
function readAnswer(answer: string): Said {
  const inodes = new Map<string, number>();
  const indexes = new Map<string, number>();
  const tapPids = new Map<string, number>();
  let netns = '';
  for (const line of answer.split('\n')) {
    const [word = '', first = '', second = '', third = ''] = line.split(' ');
    if (word === 'netns') inodes.set(first, Number(second));
    else if (word === 'tap') tapPids.set(`${first} ${second}`, Number(third));
    else if (word === 'links') netns = first;
    else if (/^\d+:$/.test(word)) indexes.set(`${netns} ${first.replace(/[@:].*/, '')}`, Number(word.slice(0, -1)));
  }
  return { inodes, indexes, tapPids };
}

function must<V>(map: ReadonlyMap<string, V>, key: string): V {
  const value = map.get(key);
  if (value === undefined) throw new Error(`It was not built as planned: there is no ${key}.`);
  return value;
}

const placeOf = (key: string): Place => {
  const [netns = '', name = ''] = key.split(' ');
  return { netns, name };
};

/** Throws where the script did not say what was built. */
export function truthOf(built: Built, answer: string): Truth {
  const said = readAnswer(answer);
  const netnsOf = (name: string): NamespaceId => namespaceId('net', must(said.inodes, name));
  const linkAt = ({ netns, name }: Place): LinkId => linkId(netnsOf(netns), must(said.indexes, `${netns} ${name}`));
  return {
    netns: [{ name: hostNetns, owner: 'root' as const }, ...built.netns].map(({ name, owner }) => ({
      name,
      owner,
      id: netnsOf(name),
    })),
    links: [...said.indexes.keys()].map((key) => {
      const place = placeOf(key);
      return { id: linkAt(place), netns: netnsOf(place.netns), name: place.name };
    }),
    veths: built.veths.map(([a, b]) => [linkAt(a), linkAt(b)]),
    masters: built.ports.map((port) => [linkAt(port), linkAt({ netns: port.netns, name: port.master })]),
    taps: [...said.tapPids].map(([key, pid]) => [linkAt(placeOf(key)), processId(pid)]),
  };
}
