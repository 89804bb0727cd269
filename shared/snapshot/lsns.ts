// What lsns asked the kernel for, joined by namespace: owners, parents, and namespaces that no file leads to.
import type { NamespaceId } from '../model/id.ts';
import { parseLsns, parseUtilLinuxVersion } from '../parse/lsns.ts';
import type { ListedNamespace } from '../parse/lsns.ts';
import { parseSocketNetns } from '../parse/socket-netns.ts';
import type { SocketNetns } from '../parse/socket-netns.ts';
import type { FindingLog } from './finding-log.ts';
import type { Frames } from './frames.ts';
import type { IdTranslation } from './id-translation.ts';

/** One namespace by all answers: what the first says counts, a 0 of it is filled by the next. */
export function readListedNamespaces(
  frames: Frames,
  log: FindingLog,
  translate: IdTranslation,
): ReadonlyMap<NamespaceId, ListedNamespace> {
  const listed = new Map<NamespaceId, ListedNamespace>();
  for (const frame of frames.of('lsns')) {
    const { facts, unparsable } = parseLsns(frame);
    log.unparsable(unparsable);
    for (const fact of facts) {
      const ownerUid = fact.ownerUid === undefined ? undefined : translate(frame, fact.ownerUid);
      const known = listed.get(fact.id);
      const better = !known || (known.parent ?? known.owner) === undefined;
      listed.set(fact.id, {
        ...fact,
        parent: known?.parent ?? fact.parent,
        owner: known?.owner ?? fact.owner,
        processes: Math.max(known?.processes ?? 0, fact.processes),
        ownerUid: known?.ownerUid ?? ownerUid,
        evidence: better ? fact.evidence : known.evidence,
      });
    }
  }
  return listed;
}

/** Of sockets, or of tun and tap descriptors. */
export function readDescriptorNetns(
  section: 'socket-netns' | 'tun-netns',
  frames: Frames,
  log: FindingLog,
): readonly SocketNetns[] {
  return frames.of(section).flatMap((frame) => {
    const { facts, unparsable } = parseSocketNetns(frame);
    log.unparsable(unparsable);
    return facts;
  });
}

/** What an older lsns leaves out: said once. */
export function reportOldLsns(frames: Frames, log: FindingLog): void {
  const frame = frames.one('tool', 'lsns');
  const version = frame && parseUtilLinuxVersion(frame.output);
  if (!version || version.minor >= 41) return;
  log.add({
    rule: 'lsns.old',
    kind: 'not-supported',
    subject: 'host',
    values: { version: version.text },
    evidence: [{ frame: frame.index, section: frame.section, line: 1 }],
  });
}
