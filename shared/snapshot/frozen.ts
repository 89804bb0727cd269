// Which processes are in a control group that is frozen.
import type { Freezer } from '../model/freezer.ts';
import { parseCgroupMembers, parseFrozenCgroups } from '../parse/frozen.ts';
import type { CgroupVersion, FrozenCgroup } from '../parse/frozen.ts';
import type { FindingLog } from './finding-log.ts';
import { isOutside } from './frames.ts';
import type { Frames } from './frames.ts';

/** As electron/collect/remote/cgroups.sh has it. */
const mostCgroups = 1024;

/** By PID; of a process whose group was not read there is nothing. */
export function readFreezers(frames: Frames, log: FindingLog): ReadonlyMap<number, Freezer> {
  const groups = new Map<string, FrozenCgroup>();
  const nameOf = (version: CgroupVersion, path: string): string => `${version} ${path}`;
  for (const frame of frames.of('frozen')) {
    const { facts, unparsable, notAsked } = parseFrozenCgroups(frame);
    log.unparsable(unparsable);
    for (const group of facts) groups.set(nameOf(group.version, group.path), group);
    if (notAsked > 0) {
      log.add({
        rule: 'cgroups.not-asked',
        kind: 'too-large',
        subject: 'host',
        values: { limit: mostCgroups, left: notAsked },
        evidence: [{ frame: frame.index, section: frame.section }],
      });
    }
  }
  const freezers = new Map<number, Freezer>();
  if (groups.size === 0) return freezers;
  for (const frame of frames.of('cgroup').filter(isOutside)) {
    for (const { pid, version, path, evidence } of parseCgroupMembers(frame)) {
      const group = groups.get(nameOf(version, path));
      // A host may have both versions; one that freezes is enough.
      if (!group || (freezers.get(pid)?.state ?? 'thawed') !== 'thawed') continue;
      freezers.set(pid, { state: group.state, evidence: [group.evidence, evidence] });
    }
  }
  return freezers;
}
