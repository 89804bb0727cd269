// Whether everything that could hold a network namespace was seen: only then does "no other candidate" prove anything.
import type { Entities } from '../model/entities.ts';
import type { Finding, FindingKind } from '../model/finding.ts';
import { isRoot } from '../model/host.ts';
import { hasEnded, isClosed } from '../model/process.ts';
import { firstVersion, isOlder } from '../model/tool-versions.ts';
import { isListed, type Known } from './known.ts';

/** PROC_PID_INIT_INO: the initial PID namespace has this inode on every kernel since 3.8. */
const initialPidNamespace = 'pid:[4026531836]';

/** Findings of questions that were not answered whole. */
const gapKinds: ReadonlySet<FindingKind> = new Set([
  ...(['hidden', 'not-permitted', 'timed-out', 'too-large', 'connection-lost'] as const),
]);

/** Sections that tell more of links that are known; a gap there hides no link and no namespace. */
const moreOfLinks: ReadonlySet<unknown> = new Set(['fdb', 'bridge-vlan', 'wireguard', 'hardware']);

/** Of these all that matters for who is in which network was looked at; they only say that more is not told. */
const ofNoNetwork: ReadonlySet<string> = new Set(['mounts.cut', 'cgroups.not-asked', 'firewall.not-asked']);

const mayHideANetwork = ({ kind, rule, values }: Finding): boolean =>
  gapKinds.has(kind) && !moreOfLinks.has(values['section']) && !ofNoNetwork.has(rule);

/**
 * All of: the run is complete and with root's right (so that file descriptors and mounts of all are read); it read the
 * /proc of the initial PID namespace (elsewhere, processes outside do not show); no answer was cut or refused; no process hides
 * its network namespace; what is mounted was read in every mount namespace, to its root;
 * the links of every network namespace were listed. What this cannot see, before util-linux 2.41, is a namespace that only a
 * socket or a tap keeps alive, or a file that was opened by the name of a mount; and by any means a descriptor in flight, or
 * in a table that a thread has for itself.
 */
export function isFullySeen(known: Known): boolean {
  const { entities, index } = known;
  const { host } = entities;
  if (!host.complete || !askedAsRoot(entities) || host.initialNamespaces.pid?.id !== initialPidNamespace) return false;
  if (entities.findings.some(mayHideANetwork)) return false;
  const closed = entities.processes.some(
    (process) =>
      // Where /proc/PID/net alone told it, the process may keep others by what is closed to us.
      (process.namespaces.net === undefined || isClosed(process)) && !hasEnded(process),
  );
  if (closed || !mountsAreRead(known)) return false;
  return entities.namespaces.every((namespace) => namespace.kind !== 'net' || isListed(index, namespace.id));
}

/**
 * A mount keeps a network namespace also where no process is: in a mount namespace that is itself kept by a mount (snapd's) or
 * an open file, and outside the root directory of all that are in it.
 */
function mountsAreRead({ entities, index }: Known): boolean {
  const read = new Set(
    entities.mountTables
      .filter(({ readThrough }) => index.process.get(readThrough)?.rootDirectory === undefined)
      .map(({ mountNamespace }) => mountNamespace),
  );
  return entities.namespaces.every(({ kind, id }) => kind !== 'mnt' || read.has(id));
}

/** And lsns looked behind open files and sockets, which lead where no link does. */
export const isLookedBehind = (known: Known): boolean => {
  const { host, findings } = known.entities;
  const lsns = host.tools['lsns'];
  if (lsns === undefined || isOlder(lsns, firstVersion.lsnsSockets)) return false;
  return !findings.some(({ rule, values }) => rule === 'section.undiscovered' && values['section'] === 'lsns');
};

export const askedAsRoot = ({ host }: Entities): boolean => isRoot(host);
