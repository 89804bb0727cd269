// Processes: a chip for each that matters for how things are wired, one chip with a count for what is alike.
import type { NamespaceId, ProcessId } from '../../model/id.ts';
import type { Process, ProcessRole } from '../../model/process.ts';
import { programName } from '../../model/program-name.ts';
import { append } from '../grouping.ts';
import { compareNatural } from '../natural-order.ts';
import { plural } from './boxes.ts';
import type { Picture, Sight } from './sight.ts';

/** Roles that get a chip of their own. Shims, conmons and docker-proxies come in numbers and are counted. */
const wiringRoles: ReadonlySet<ProcessRole> = new Set([
  'rootlesskit-parent',
  'rootlesskit-child',
  'slirp4netns',
  'pasta',
  'vpnkit',
  'containerd',
  'dockerd',
  'rootlessport',
]);
/** So many alike are still shown one by one. */
const fewAlike = 1;
/** In a namespace that is not the host's, whoever is in it is what it is for. */
const shownOutsideHost = 3;

export function addProcesses(sight: Sight, picture: Picture): void {
  const servers = serversAndForwarders(sight);
  for (const [id, netns] of sight.netns) {
    const members = netns.processIds
      .map((process) => sight.processes.get(process))
      .filter((process) => process !== undefined)
      .filter((process) => isShown(process) && !picture.nodeOf.has(process.id));
    if (sight.options.folded.has(id)) {
      for (const process of members) picture.nodeOf.set(process.id, id);
      continue;
    }
    if (sight.options.processes === 'all') {
      for (const process of members) addChip(picture, id, process);
      continue;
    }
    const alike = new Map<string, Process[]>();
    const rest: Process[] = [];
    const leaders = new Set<ProcessId>(id === sight.hostNetns ? [] : netns.leaderIds.slice(0, shownOutsideHost));
    for (const process of members) {
      const counted = countedRole(process);
      if (counted !== undefined) append(alike, counted, process);
      else if (
        process.roles.some((role) => wiringRoles.has(role)) ||
        servers.has(process.id) ||
        leaders.has(process.id)
      )
        addChip(picture, id, process);
      else rest.push(process);
    }
    for (const [role, processes] of alike)
      if (processes.length <= fewAlike) for (const process of processes) addChip(picture, id, process);
      else addFold(sight, picture, id, role, processes, `${role} ×${processes.length}`);
    const others = rest.length === members.length ? plural(rest.length, 'process', 'processes') : undefined;
    if (rest.length > 0)
      addFold(sight, picture, id, 'others', rest, others ?? plural(rest.length, 'other process', 'other processes'));
  }
}

const countedRole = (process: Process): string | undefined =>
  process.roles.find((role) => role === 'containerd-shim' || role === 'conmon' || role === 'docker-proxy');

const isShown = (process: Process): boolean => !process.kernelThread && !process.roles.includes('collector');

function addChip(picture: Picture, netns: NamespaceId, process: Process): void {
  picture.nodes.push({
    id: process.id,
    kind: 'process',
    parent: netns,
    entity: process.id,
    label: programName(process),
    lines: [`PID ${process.pid}`],
    tags: process.roles,
  });
  picture.nodeOf.set(process.id, process.id);
}

function addFold(
  sight: Sight,
  picture: Picture,
  netns: NamespaceId,
  what: string,
  processes: readonly Process[],
  label: string,
): void {
  const id = `fold:${netns}/${what}`;
  const only = processes[0];
  if (sight.options.unfolded.has(id) || (processes.length === 1 && only !== undefined)) {
    for (const process of processes) addChip(picture, netns, process);
    return;
  }
  picture.nodes.push({
    id,
    kind: 'process',
    parent: netns,
    label,
    lines: what === 'others' ? [mostCommon(processes)] : [],
    tags: ['fold', what],
    count: processes.length,
  });
  for (const process of processes) picture.nodeOf.set(process.id, id);
}

/** `sshd, bash, systemd …`: who is meant by "others", the most frequent first. */
function mostCommon(processes: readonly Process[]): string {
  const counts = new Map<string, number>();
  for (const process of processes) counts.set(process.comm, (counts.get(process.comm) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || compareNatural(a[0], b[0])).map(([comm]) => comm);
  return sorted.slice(0, 3).join(', ') + (sorted.length > 3 ? ' …' : '');
}

function serversAndForwarders(sight: Sight): ReadonlySet<ProcessId> {
  const found = new Set<ProcessId>();
  for (const relation of sight.relations.get('served-by') ?? []) found.add(relation.to as ProcessId);
  for (const forward of sight.model.forwards) if (forward.forwarder) found.add(forward.forwarder);
  return found;
}
