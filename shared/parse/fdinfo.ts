// /proc/PID/fdinfo/FD of an open /dev/net/tun (drivers/net/tun.c, tun_chr_show_fdinfo) through `grep -aH '^iff:'`:
//
//   /proc/9/fdinfo/5:iff:\ttap0             empty before the descriptor is attached to a device
import type { Evidence } from '../model/evidence.ts';
import { evidenceAt, unparsableAt } from './parsed.ts';
import type { Parsed, Source, Unparsable } from './parsed.ts';
import { forEachProcLine } from './proc-lines.ts';

export interface TunAttachment {
  readonly pid: number;
  /** Of one thread. */
  readonly tid?: number;
  readonly fd: number;
  readonly interfaceName: string | undefined;
  readonly evidence: Evidence;
}

export function parseFdinfo(source: Source): Parsed<TunAttachment> {
  const facts: TunAttachment[] = [];
  const bad: Unparsable[] = [];
  const unparsable = forEachProcLine(source, ({ pid, tid, file, content, line }) => {
    const fd = /^fdinfo\/(\d+)$/.exec(file)?.[1];
    if (fd === undefined || !content.startsWith('iff:')) {
      bad.push(unparsableAt(source, line, content));
      return;
    }
    const name = content.slice('iff:'.length).trim();
    facts.push({
      pid,
      ...(tid !== undefined && { tid }),
      fd: Number(fd),
      interfaceName: name || undefined,
      evidence: evidenceAt(source, line),
    });
  });
  return { facts, unparsable: [...unparsable, ...bad] };
}
