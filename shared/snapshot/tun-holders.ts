// Processes that hold /dev/net/tun open, from the links in /proc/PID/fd, the line `iff:` of fdinfo, and where nsenter said
// that they opened it.
import type { TunHolder } from '../model/entities.ts';
import { processId } from '../model/id.ts';
import type { FdLink } from '../parse/fd-links.ts';
import { parseFdinfo } from '../parse/fdinfo.ts';
import type { SocketNetns } from '../parse/socket-netns.ts';
import type { FindingLog } from './finding-log.ts';
import type { Frames } from './frames.ts';

/** Each descriptor once, with the device it is attached to and where it was opened. */
export function readTunHolders(
  frames: Frames,
  log: FindingLog,
  fds: readonly FdLink[],
  opened: readonly SocketNetns[],
): readonly TunHolder[] {
  const holders = new Map<string, TunHolder>();
  for (const link of fds) {
    if (link.to !== 'tun') continue;
    const { pid, fd, evidence } = link;
    const key = keyOf(link);
    if (!holders.has(key)) {
      holders.set(key, { process: processId(pid), fd, interfaceName: undefined, evidence: [evidence] });
    }
  }
  for (const frame of frames.of('fdinfo')) {
    const { facts, unparsable } = parseFdinfo(frame);
    log.unparsable(unparsable);
    for (const fact of facts) {
      const { pid, fd, interfaceName, evidence } = fact;
      const key = keyOf(fact);
      const known = holders.get(key);
      if (known?.interfaceName !== undefined) continue;
      const seenBefore = known?.evidence ?? [];
      holders.set(key, { process: processId(pid), fd, interfaceName, evidence: [...seenBefore, evidence] });
    }
  }
  for (const { pid, fd, id, evidence } of opened) {
    const known = holders.get(`${pid}/${fd}`);
    if (known) holders.set(`${pid}/${fd}`, { ...known, netns: id, evidence: [...known.evidence, evidence] });
  }
  return [...holders.values()];
}

const keyOf = ({ pid, tid, fd }: Pick<FdLink, 'pid' | 'tid' | 'fd'>): string =>
  tid === undefined ? `${pid}/${fd}` : `${pid}/task/${tid}/${fd}`;
