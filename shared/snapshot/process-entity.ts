// A process as the model has it, from what the files of /proc said of it.
import type { UnresolvedProcess } from '../model/entities.ts';
import type { Host } from '../model/host.ts';
import { processId } from '../model/id.ts';
import type { ProcessRights } from '../model/rights.ts';
import type { SecurityLabel } from '../parse/security-label.ts';
import { secondsLater } from './host.ts';
import type { ProcessRow } from './process-table.ts';

/** stat counts in hundredths of a second (USER_HZ) on every Linux that is asked here. */
const ticksPerSecond = 100;

function startOf({ startTicks }: ProcessRow, { bootedAt }: Host): { readonly startedAt?: string } {
  if (startTicks === undefined || bootedAt === undefined) return {};
  const startedAt = secondsLater(bootedAt, startTicks / ticksPerSecond);
  return startedAt === undefined ? {} : { startedAt };
}

const withLabel = (rights: ProcessRights, label: SecurityLabel | undefined): ProcessRights =>
  label ? { ...rights, securityLabel: label.label, evidence: [...rights.evidence, label.evidence] } : rights;

export function processOf(row: ProcessRow, userOf: ReadonlyMap<number, string>, host: Host): UnresolvedProcess {
  const user = row.uid === undefined ? undefined : userOf.get(row.uid);
  return {
    id: processId(row.pid),
    pid: row.pid,
    ppid: row.ppid,
    comm: row.name ?? '',
    argv: row.argv ?? [],
    state: row.state,
    startTicks: row.startTicks,
    uid: row.uid,
    ...(user !== undefined && { user }),
    kernelThread: row.kernelThread ?? false,
    ...(row.threads !== undefined && { threads: row.threads }),
    ...(row.livingThread !== undefined && { livingThread: row.livingThread }),
    ...(row.scheduling !== undefined && { scheduling: row.scheduling }),
    ...(row.cpus !== undefined && { cpus: row.cpus }),
    ...startOf(row, host),
    ...(row.rights !== undefined && row.kernelThread !== true && { rights: withLabel(row.rights, row.label) }),
    namespaces: row.namespaces,
    nsPids: row.nsPids,
    ...(row.root !== undefined && { rootDirectory: { path: row.root.path, evidence: row.root.evidence } }),
    ...(row.cgroup !== undefined && { cgroup: row.cgroup }),
    ...(row.cgroupVersion1 !== undefined && { cgroupVersion1: row.cgroupVersion1 }),
    ...(row.freezer !== undefined && { freezer: row.freezer }),
    ...(row.netnsBy !== undefined && { netnsBy: row.netnsBy }),
    namespaceEvidence: row.linkEvidence,
    evidence: row.evidence,
  };
}
