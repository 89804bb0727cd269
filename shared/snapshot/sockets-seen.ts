// Of which network namespaces the sockets were counted, and read where there were any: there, one that is not in the list
// is not there.
import { parseNamespaceId } from '../model/id.ts';
import type { NamespaceId } from '../model/id.ts';
import type { Frames } from './frames.ts';
import type { ProcessRow } from './process-table.ts';

export function socketsSeenIn(frames: Frames, rows: ReadonlyMap<number, ProcessRow>): readonly NamespaceId[] {
  const seen = new Set<NamespaceId>();
  const whole = frames.of('socket').every(({ cut, status }) => cut === undefined && status !== undefined);
  if (whole) {
    for (const { output } of frames.of('sockstat')) {
      for (const [, pid] of output.matchAll(/^\/proc\/(\d+)\/(?:task\/\d+\/)?net\/sockstat:TCP: inuse \d+/gm)) {
        const netns = rows.get(Number(pid))?.namespaces.net;
        if (netns !== undefined) seen.add(netns);
      }
    }
  }
  for (const { key, cut, output } of frames.of('socket-in')) {
    const netns = parseNamespaceId(key);
    if (netns?.kind === 'net' && cut === undefined && output.includes('/proc/net/tcp:')) seen.add(netns.id);
  }
  return [...seen];
}
