// From a transcript to entities: every frame is parsed, what belongs together is joined, what is missing is said.
// Nothing is linked here: peers, owners, roles and names are for shared/resolve.
//
// The order of frames does not matter, but for repeated questions (frames.ts, network.ts).
import type { Entities, RuntimeState, SubordinateRange } from '../model/entities.ts';
import { isRoot } from '../model/host.ts';
import type { Transcript } from '../model/transcript.ts';
import { parseAccounts } from '../parse/accounts.ts';
import { parseFdLinks } from '../parse/fd-links.ts';
import { byteOrderOf, parseNumber, parseUname } from '../parse/host-facts.ts';
import { parseIdMaps } from '../parse/id-map.ts';
import { parseMachines } from '../parse/machines.ts';
import { parseNamespaceMounts } from '../parse/namespace-mounts.ts';
import type { Parsed } from '../parse/parsed.ts';
import { parseRuntimeAnnotations } from '../parse/runtime-annotations.ts';
import { parseRuntimeState } from '../parse/runtime-state.ts';
import { parseSubordinateRanges } from '../parse/subuid.ts';
import { readClosedNetworks } from './closed-networks.ts';
import { readEngines } from './engines.ts';
import { reportFailedQuestions, reportRefusals, reportRun } from './failures.ts';
import { FindingLog } from './finding-log.ts';
import { readFirewalls } from './firewall.ts';
import { Frames, isOutside } from './frames.ts';
import { readHost } from './host.ts';
import { initialNamespaces } from './initial-namespaces.ts';
import { readListedNamespaces, readDescriptorNetns, reportOldLsns } from './lsns.ts';
import { readMountTables } from './mount-tables.ts';
import { NamespaceTable } from './namespace-table.ts';
import { withoutMoved } from './moved.ts';
import { netnsNotEntered } from './netns-not-entered.ts';
import { readHostnames, readNameResolution } from './name-table.ts';
import { readNetwork } from './network.ts';
import { readOpenVSwitch } from './open-vswitch.ts';
import { questionsThemselves, reportProcessGaps } from './process-gaps.ts';
import { processOf } from './process-entity.ts';
import { isKnown, readProcessTable } from './process-table.ts';
import { readRootlessKits } from './rootlesskit.ts';
import { word } from './sentences.ts';
import { readSockets } from './socket-table.ts';
import { socketsSeenIn } from './sockets-seen.ts';
import { readTunHolders } from './tun-holders.ts';
import { readVirtualServices } from './virtual-services.ts';
import type { Frame } from '../model/transcript.ts';

export function assemble(whole: Transcript): Entities {
  const log = new FindingLog();
  const transcript = withoutMoved(whole, log);
  const frames = new Frames(transcript);
  reportRun(transcript, frames, log);
  reportFailedQuestions(transcript, log);

  const read = <T>(section: string, parse: (frame: Frame) => Parsed<T>, use = (_: Frame) => true): readonly T[] =>
    frames
      .of(section)
      .filter(use)
      .flatMap((frame) => {
        const { facts, unparsable } = parse(frame);
        log.unparsable(unparsable);
        return facts;
      });

  const collectorPid = parseNumber(frames.one('host', 'self')?.output ?? '');
  const idMaps = read('id-map', parseIdMaps, isOutside);
  const processes = readProcessTable(frames, log, idMaps);
  const { rows } = processes;
  const questions = questionsThemselves(rows, collectorPid);
  const shown = [...rows.values()]
    .filter((row) => isKnown(row) && !questions.has(row.pid))
    .sort((a, b) => a.pid - b.pid);

  const mounts = read('mountinfo', parseNamespaceMounts);
  const fds = read('fd', parseFdLinks);
  const network = readNetwork(frames, log, rows);
  const firewalls = readFirewalls(frames, log);
  const byteOrder = byteOrderOf(parseUname(frames.one('host', 'uname')?.output ?? '')?.architecture ?? '');
  const closed = readClosedNetworks(frames, log, rows, processes.closedNetns, byteOrder);
  const namespaces = new NamespaceTable(shown, rows);
  namespaces.addProcNet(closed.procNet);
  namespaces.addOtherLinks(processes.otherLinks);
  namespaces.addMounts(mounts, collectorPid === undefined ? undefined : rows.get(collectorPid)?.namespaces.mnt);
  namespaces.addFds(fds);
  namespaces.addIdMaps(idMaps);
  namespaces.addDescriptors('socket', readDescriptorNetns('socket-netns', frames, log));
  const tunNetns = readDescriptorNetns('tun-netns', frames, log);
  namespaces.addDescriptors('tun', tunNetns);
  namespaces.addListed(readListedNamespaces(frames, log, processes.translate));
  namespaces.addHostnames(readHostnames(frames, log, rows, collectorPid));
  for (const { netns, evidence } of network.asked) namespaces.mention(netns, evidence);
  for (const { netns, evidence } of [...network.netnsIds, ...firewalls])
    if (evidence[0]) namespaces.mention(netns, evidence[0]);

  const accounts = hostFrames(frames, 'accounts').flatMap((frame) => read1(frame, parseAccounts, log));
  const userOf = new Map(accounts.toReversed().map(({ uid, name }) => [uid, name]));
  const initial = initialNamespaces(rows, collectorPid, log);
  const host = readHost(transcript, frames, initial, log);

  reportOldLsns(frames, log);
  reportProcessGaps(frames, shown, log);
  reportRefusals(frames, log, (pid) => rows.has(pid));
  const mountTables = readMountTables(frames, log, {
    mountNamespaceOf: (owner) => namespaces.mountNamespaceOf(owner),
    isShown: (pid) => rows.has(pid),
    host: initial.mnt?.id,
  });
  const entities = namespaces.entities();
  return {
    host,
    collectorPid,
    namespaces: entities,
    processes: shown.map((row) => processOf(row, userOf, host)),
    links: [...network.links, ...closed.links],
    routes: [...network.routes, ...closed.routes],
    rules: network.rules,
    neighbours: network.neighbours,
    nextHops: network.nextHops,
    netconfs: network.netconfs,
    nameResolution: readNameResolution(frames, log, rows),
    mountTables,
    ...readSockets(frames, log, processes, fds, byteOrder, network.links),
    socketsSeenIn: socketsSeenIn(frames, rows),
    firewalls,
    virtualServices: readVirtualServices(frames, log, rows),
    ovsBridges: readOpenVSwitch(frames, log),
    runtimeStates: readRuntimeStates(frames, log),
    machines: read('machine', parseMachines),
    engineAnswers: readEngines(frames, log),
    rootlessKits: readRootlessKits(frames, log, rows, mounts, (id) => namespaces.has(id)),
    tunHolders: readTunHolders(frames, log, fds, tunNetns),
    netnsIds: network.netnsIds,
    subuids: hostFrames(frames, 'subuid').flatMap((frame): readonly SubordinateRange[] =>
      read1(frame, parseSubordinateRanges, log),
    ),
    netnsNotEntered: netnsNotEntered(
      transcript,
      entities.filter(({ kind }) => kind === 'net'),
      new Set(network.links.map(({ netns }) => netns)),
    ),
    findings: log.findings((rule, values) => word(rule, values, { root: isRoot(host) })),
  };
}

/** The one answer to a question about the host, as a list of none or one. */
function hostFrames(frames: Frames, key: string): readonly Frame[] {
  const frame = frames.one('host', key);
  return frame ? [frame] : [];
}

function read1<T>(frame: Frame, parse: (frame: Frame) => Parsed<T>, log: FindingLog): readonly T[] {
  const { facts, unparsable } = parse(frame);
  log.unparsable(unparsable);
  return facts;
}

/** By path: several passes may have read the same file. crun keeps the annotations in another file beside its record. */
function readRuntimeStates(frames: Frames, log: FindingLog): readonly RuntimeState[] {
  const states = new Map<string, RuntimeState>();
  for (const frame of frames.of('runtime-state')) {
    if (frame.output === '' || states.has(frame.key)) continue;
    const { state, unparsable } = parseRuntimeState(frame, frame.key);
    log.unparsable(unparsable);
    if (state) states.set(frame.key, state);
  }
  for (const frame of frames.of('runtime-annotations')) {
    const { facts, unparsable } = parseRuntimeAnnotations(frame);
    log.unparsable(unparsable);
    for (const { path, annotations, evidence } of facts) {
      const key = path.replace(/config\.json$/, 'status');
      const state = states.get(key);
      if (state) states.set(key, { ...state, annotations, evidence: [...state.evidence, evidence] });
    }
  }
  return [...states.values()];
}
