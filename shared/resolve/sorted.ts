// The same entities in one order, whatever order they came in: so that every pass may take the first of several.
import type { Entities } from '../model/entities.ts';
import { compareText } from './relation.ts';

export function inOrder(entities: Entities): Entities {
  const byId = (a: { readonly id: string }, b: { readonly id: string }) => compareText(a.id, b.id);
  return {
    ...entities,
    namespaces: [...entities.namespaces].sort(
      (a, b) => compareText(a.kind, b.kind) || (a.inode ?? 0) - (b.inode ?? 0) || compareText(a.id, b.id),
    ),
    processes: [...entities.processes].sort((a, b) => a.pid - b.pid),
    links: [...entities.links].sort((a, b) => compareText(a.netns, b.netns) || a.ifindex - b.ifindex),
    // The routes of a network namespace are left in the order the kernel lists them.
    routes: [...entities.routes].sort((a, b) => compareText(a.netns, b.netns)),
    // Rules of one priority apply in the order the kernel lists them: left as it came (the sort is stable).
    rules: [...entities.rules].sort(
      (a, b) => compareText(a.netns, b.netns) || compareText(a.family, b.family) || a.priority - b.priority,
    ),
    neighbours: [...entities.neighbours].sort(
      (a, b) => compareText(a.netns, b.netns) || compareText(a.device, b.device) || compareText(a.address, b.address),
    ),
    nextHops: [...entities.nextHops].sort((a, b) => compareText(a.netns, b.netns) || a.id - b.id),
    // The links of a network namespace in the kernel's order, then `all` and `default`: left as it came.
    netconfs: [...entities.netconfs].sort((a, b) => compareText(a.netns, b.netns) || compareText(a.family, b.family)),
    sockets: [...entities.sockets].sort(byId),
    unixSockets: [...entities.unixSockets].sort(byId),
    packetSockets: [...entities.packetSockets].sort(byId),
    nameResolution: [...entities.nameResolution].sort((a, b) => compareText(a.mountNamespace, b.mountNamespace)),
    mountTables: [...entities.mountTables].sort(
      (a, b) =>
        compareText(a.mountNamespace ?? '', b.mountNamespace ?? '') || compareText(a.readThrough, b.readThrough),
    ),
    socketsSeenIn: [...entities.socketsSeenIn].sort(compareText),
    firewalls: [...entities.firewalls].sort(
      (a, b) => compareText(a.netns, b.netns) || (a.evidence[0]?.frame ?? 0) - (b.evidence[0]?.frame ?? 0),
    ),
    virtualServices: [...entities.virtualServices].sort((a, b) => compareText(a.netns, b.netns)),
    ovsBridges: [...entities.ovsBridges].sort(byId),
    runtimeStates: [...entities.runtimeStates].sort(
      (a, b) => compareText(a.runtimeId, b.runtimeId) || compareText(a.path, b.path),
    ),
    engineAnswers: [...entities.engineAnswers].sort(
      (a, b) => compareText(a.engine, b.engine) || compareText(a.question, b.question),
    ),
    rootlessKits: [...entities.rootlessKits].sort(
      (a, b) => compareText(a.parent, b.parent) || compareText(a.stateDir, b.stateDir),
    ),
    tunHolders: [...entities.tunHolders].sort((a, b) => compareText(a.process, b.process) || a.fd - b.fd),
    netnsIds: [...entities.netnsIds].sort(
      (a, b) => compareText(a.observer, b.observer) || a.netnsid - b.netnsid || compareText(a.netns, b.netns),
    ),
    netnsNotEntered: [...entities.netnsNotEntered].sort((a, b) => compareText(a.netns, b.netns)),
    findings: [...entities.findings].sort(byId),
  };
}
