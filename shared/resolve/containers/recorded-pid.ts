// Which process a runtime's record means by a PID: a runtime counts in the PID namespace it runs in (what clone(2) gave it),
// which inside a container is not the one /proc was read in. Nothing else can be meant, whatever it has mounted at /proc;
// for what a command line says of /proc/PID, which may be, see ../processes/pid-translation.ts.
import type { UnresolvedProcess } from '../../model/entities.ts';
import { processId } from '../../model/id.ts';
import type { Known } from '../known.ts';

/** NSpid lists a process's PIDs from the reader's PID namespace inwards: at the depth of `reader` stands what it would write. */
export function processRecorded(
  reader: UnresolvedProcess | undefined,
  pid: number,
  known: Known,
): UnresolvedProcess | undefined {
  const level = reader?.nsPids.length ?? 0;
  if (!reader || level <= 1) return known.index.process.get(processId(pid));
  return known.entities.processes.find(
    (process) => process.nsPids[level - 1] === pid && isAtOrBelow(process, reader, known),
  );
}

/** Up the tree of processes comes somebody in the reader's PID namespace: nobody has a parent in a namespace beside its own. */
function isAtOrBelow(process: UnresolvedProcess, reader: UnresolvedProcess, { index }: Known): boolean {
  const seen = new Set<number>();
  for (
    let at: UnresolvedProcess | undefined = process;
    at && !seen.has(at.pid);
    at = at.ppid === undefined ? undefined : index.process.get(processId(at.ppid))
  ) {
    if (at.namespaces.pid !== undefined && at.namespaces.pid === reader.namespaces.pid) return true;
    seen.add(at.pid);
  }
  return false;
}
