// What hidepid hides from this user, and how many processes that is, as far as anything tells.
import type { Evidence } from '../model/evidence.ts';
import type { Finding } from '../model/finding.ts';
import { parseHidepid } from '../parse/mountinfo.ts';
import { parseProcLinks, type ProcessCount } from '../parse/proc-links.ts';
import type { FindingLog } from './finding-log.ts';
import type { Frames } from './frames.ts';

export function reportHiddenProcesses(frames: Frames, log: FindingLog): void {
  const host = (key: string) => frames.of('host').find((frame) => frame.key === key);
  const mount = host('proc-mount');
  const hidden = mount && parseHidepid(mount);
  if (!hidden || hidden.value === '0' || hidden.value === 'off') return;
  const links = host('proc-links');
  const count = links && parseProcLinks(links);
  // Nothing is hidden from a member of the group that the mount option gid= names: PID 1 is another's, and was read.
  if (count?.firstIsOthers && frames.of('status').some(({ output }) => /^\/proc\/1\/status:/m.test(output))) return;
  const told = numbers(hidden.value, count);
  log.add({
    rule: 'processes.hidden',
    kind: 'hidden',
    subject: 'host',
    values: { hidepid: hidden.value, ...told?.values },
    evidence: [hidden.evidence, ...(told?.evidence ?? [])],
  });
}

/** `hidden`: how many; `all`: of how many the kernel counts; `elsewhere`: 1 where some of those are in no PID namespace of this /proc. */
function numbers(
  hidepid: string,
  count: ProcessCount | undefined,
): { readonly values: Finding['values']; readonly evidence: readonly Evidence[] } | undefined {
  if (!count) return undefined;
  const evidence = [count.evidence];
  if (hidesNoFolders(hidepid)) return { values: { hidden: count.shownOfOthers }, evidence };
  if (count.all === undefined) return undefined;
  return {
    values: { hidden: count.all - count.shown, all: count.all, ...(count.inFirst ? {} : { elsewhere: 1 }) },
    evidence,
  };
}

/** hidepid=1: the folders of others show, and are closed. */
export const hidesNoFolders = (hidepid: string | number | undefined): boolean =>
  hidepid === '1' || hidepid === 'noaccess';
