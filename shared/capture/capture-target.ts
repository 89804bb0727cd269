// What packets are to be captured of, in the words the host needs to find it again and to tell it from another.
import type { LinkId, NamespaceId, ProcessId } from '../model/id.ts';
import type { Link } from '../model/link.ts';
import type { Model } from '../model/model.ts';
import type { Keeper, Namespace } from '../model/namespace.ts';

export interface CaptureTarget {
  /** An inode is true of one boot of one host. */
  readonly bootId?: string;
  readonly netns: {
    /** What a person calls it. */
    readonly name: string;
    readonly inode: number;
    /**
     * `INDEX/MAC` of interfaces in it. The kernel gives an inode out again at once; where none of these is any more, it is
     * another network namespace. May be empty: there is nothing but a loopback in it, or its links are closed.
     */
    readonly marks: readonly string[];
    /** Best first; electron/collect/remote/enter.sh says how each is written. May be empty: it is our own. */
    readonly ways: readonly string[];
  };
  /** Absent: all of them. */
  readonly link?: CaptureLink;
}

export interface CaptureLink {
  /** As the model has it: a byte that is no UTF-8 is U+FFFD and its number. */
  readonly name: string;
  readonly ifindex: number;
  /** What it carries are no IP packets: a filter for them would not be understood. */
  readonly withoutIp: boolean;
}

export type NotCapturable =
  /** Nothing of that id is in the model. */
  | 'unknown'
  /** Its inode was closed to whoever collected. */
  | 'closed-netns'
  /** libpcap would capture something else by that name. */
  | 'name-taken';

/** As many as are worth trying, or looking for. */
const mostMarks = 32;
const mostWays = 8;
/** Nothing else becomes a part of a command on the host; as collect's own `is_plain`. */
const plainPath = /^\/[A-Za-z0-9/._@%+=,~-]+$/;
/** Names that libpcap's modules claim before it looks for an interface (pcap.c, capture_source_types); tcpdump's numbers. */
const taken = /^(?:any|\d+|usbmon\d*|bluetooth(?:\d+|-monitor)|nflog|nfqueue|dbus-(?:system|session))$/;
const kindsWithoutIp: readonly string[] = ['nlmon', 'can', 'vcan', 'vxcan'];

export function captureTarget(
  model: Model,
  netnsId: NamespaceId,
  link?: LinkId,
): CaptureTarget | { readonly problem: NotCapturable } {
  const netns = model.namespaces.find(({ id, kind }) => id === netnsId && kind === 'net');
  if (!netns) return { problem: 'unknown' };
  if (netns.inode === undefined) return { problem: 'closed-netns' };
  const { bootId } = model.host;
  const found = { name: netns.name, inode: netns.inode, marks: marksOf(model, netns), ways: waysInto(model, netns) };
  const target = { ...(bootId !== undefined && { bootId }), netns: found };
  if (link === undefined) return target;
  const one = model.links.find(({ id, netns: where }) => id === link && where === netnsId);
  if (!one) return { problem: 'unknown' };
  return taken.test(one.name) ? { problem: 'name-taken' } : { ...target, link: captureLink(one) };
}

const captureLink = ({ name, ifindex, kind }: Link): CaptureLink => ({
  name,
  ifindex,
  withoutIp: kindsWithoutIp.includes(kind),
});

function marksOf({ links }: Model, { id }: Namespace): readonly string[] {
  return links
    .filter(
      ({ netns, mac = '' }) => netns === id && /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac) && !/^[0:]+$/.test(mac),
    )
    .map(({ ifindex, mac }) => `${ifindex}/${mac}`)
    .slice(0, mostMarks);
}

function waysInto(model: Model, netns: Namespace): readonly string[] {
  const userNamespaces = new Map(model.processes.map(({ id, namespaces }) => [id, namespaces.user]));
  const initial = model.host.initialNamespaces.user?.id;
  const folderOf = new Map(
    model.processes.flatMap(({ id, pid, livingThread }) =>
      livingThread === undefined ? [] : [[id, `${pid}/task/${livingThread}`] as const],
    ),
  );
  /** `PID` where the way leads through a user namespace that is not the host's: its owner may go, root always. */
  const through = (process: ProcessId): string => {
    const user = userNamespaces.get(process);
    return user === undefined || user === initial ? '' : pidOf(process);
  };
  const keepers = netns.keptBy.flatMap((keeper) => wayBy(keeper, through));
  // A mount stays where it is, a process may go; of processes the first ones stand for all.
  const mounts = keepers.filter((way) => !way.startsWith('@') && !way.includes('/fd/') && !way.includes('/task/'));
  const processes = [...netns.leaderIds, ...netns.processIds.slice(0, 3)].map(
    (id) => `${through(id)}:/proc/${folderOf.get(id) ?? pidOf(id)}/ns/net`,
  );
  const all = [...mounts, ...processes, ...keepers];
  return [...new Set(all)].slice(0, mostWays);
}

function wayBy(keeper: Keeper, through: (process: ProcessId) => string): readonly string[] {
  switch (keeper.by) {
    case 'mount': {
      const path = keeper.reachableAs;
      if (path === undefined || keeper.covered === true || !plainPath.test(path)) return [];
      const pid = /^\/proc\/(\d+)\/root\//.exec(path)?.[1];
      return [`${pid === undefined ? '' : through(`process:${Number(pid)}`)}:${path}`];
    }
    case 'thread':
      return [`${through(keeper.process)}:/proc/${pidOf(keeper.process)}/task/${keeper.tid}/ns/net`];
    case 'fd': {
      const pid = through(keeper.process);
      // A descriptor can only be opened from inside.
      const thread = keeper.tid === undefined ? '' : `task/${keeper.tid}/`;
      return [`${pid === '' ? '' : `${pid}:`}:/proc/${pidOf(keeper.process)}/${thread}fd/${keeper.fd}`];
    }
    case 'socket':
    case 'tun':
      return [`@${pidOf(keeper.process)}/${keeper.fd}`];
    case 'for-children':
    case 'namespace':
    case 'lsns':
      return [];
  }
}

const pidOf = (id: ProcessId): string => id.slice('process:'.length);
