// Whether everything that could hold a network namespace was seen: only then does "no other candidate" prove anything.
import type { Entities } from '../model/entities.ts';
import type { Finding, FindingKind } from '../model/finding.ts';
import { isRoot } from '../model/host.ts';
import { isClosed } from '../model/process.ts';
import { isListed, type Known } from './known.ts';

/** PROC_PID_INIT_INO: the initial PID namespace has this inode on every kernel since 3.8. */
const initialPidNamespace = 'pid:[4026531836]';

/** Findings of questions that were not answered whole. */
const gapKinds: ReadonlySet<FindingKind> = new Set([
  ...(['hidden', 'not-permitted', 'timed-out', 'too-large', 'connection-lost'] as const),
]);

/** Sections that tell more of links that are known; a gap there hides no link and no namespace. */
const moreOfLinks: ReadonlySet<unknown> = new Set(['fdb', 'bridge-vlan', 'wireguard', 'hardware']);

/** Of mounts and control groups all that matter for networks was looked at; they are only not listed. */
const ofNoNetwork: ReadonlySet<string> = new Set(['mounts.cut', 'cgroups.not-asked']);

const mayHideANetwork = ({ kind, rule, values }: Finding): boolean =>
  gapKinds.has(kind) && !moreOfLinks.has(values['section']) && !ofNoNetwork.has(rule);

/**
 * All of: the run is complete and with root's right (so that file descriptors and mounts of all are read); it read the
 * /proc of the initial PID namespace (elsewhere, processes outside do not show); no answer was cut or refused; no process hides
 * its network namespace;
 * the links of every network namespace were listed. What this cannot see, before util-linux 2.41, is a namespace that only a
 * socket or a tap keeps alive.
 */
export function isFullySeen({ entities, index }: Known): boolean {
  const { host } = entities;
  if (!host.complete || !askedAsRoot(entities) || host.initialNamespaces.pid?.id !== initialPidNamespace) return false;
  if (entities.findings.some(mayHideANetwork)) return false;
  const closed = entities.processes.some(
    (process) =>
      // Where /proc/PID/net alone told it, the process may keep others by what is closed to us.
      (process.namespaces.net === undefined || isClosed(process)) && process.state !== 'Z' && process.state !== 'X',
  );
  if (closed) return false;
  return entities.namespaces.every((namespace) => namespace.kind !== 'net' || isListed(index, namespace.id));
}

export const askedAsRoot = ({ host }: Entities): boolean => isRoot(host);
