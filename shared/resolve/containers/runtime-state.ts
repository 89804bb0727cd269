// Containers by their runtime's own record: runc's and youki's state.json, crun's status.
//
// A record that was read through /proc/PID/root was written in another container, by an engine that counts processes in
// the PID namespace it is in: its PID is looked for there. A record that a user may write speaks of that user's processes only.
import { containerId, processId } from '../../model/id.ts';
import type { RuntimeState, UnresolvedProcess } from '../../model/entities.ts';
import type { Known } from '../known.ts';
import type { Finding } from '../../model/finding.ts';
import { hasEnded } from '../../model/process.ts';
import { saidIn } from '../process-evidence.ts';
import { finding } from '../relation.ts';
import type { Candidate, Candidates } from './candidate.ts';
import { idsOfProcess } from './cgroup-id.ts';
import { processRecorded } from './recorded-pid.ts';
import { engineOfStatePath, namespaceOfStatePath } from './engine.ts';
import { nameOf, rootOf, speaksFor, theRoot, type Speaker } from './speaker.ts';

export function fromRuntimeState(known: Known): Candidates {
  const { entities } = known;
  const candidates: Candidate[] = [];
  const findings: Finding[] = [];
  for (const state of entities.runtimeStates) {
    const process = initOf(state, known);
    const runtimeId = runtimeIdOf(state, known);
    const engine = engineOfStatePath(state);
    const engineNamespace = namespaceOfStatePath(state.path);
    const speaker = speakerOfRecord(state, known);
    const told = {
      runtimeId,
      ...(isHexId(state.runtimeId) ? {} : { name: state.runtimeId }),
      recognisedBy: 'runtime-state' as const,
      speaker,
      ...(engine === undefined ? {} : { engine }),
      ...(engineNamespace === undefined ? {} : { engineNamespace }),
      labels: state.annotations,
      evidence: state.evidence,
    };
    // A PID is only that process's together with its start time: the kernel gives PIDs out again.
    const reused =
      process?.startTicks !== undefined &&
      state.initStartTicks !== undefined &&
      process.startTicks !== state.initStartTicks;
    const sure = process?.startTicks !== undefined && process.startTicks === state.initStartTicks;
    if (process && !hasEnded(process) && (sure || (!reused && isVouchedFor(process, state.runtimeId, known)))) {
      const theirs = speaksFor(speaker, process, known);
      if (theirs === true) candidates.push({ ...told, init: { process, rule: 'container.runtime-state', sure } });
      else if (theirs === false) findings.push(notTheirs(state, process, speaker, known));
      continue;
    }
    if (state.initPid === undefined) continue;
    findings.push(
      finding(
        'gone',
        reused ? 'container.reused-pid' : 'container.no-process-seen',
        [containerId(ofSpeaker(runtimeId, speaker))],
        {
          message: reused
            ? `${state.path} names PID ${state.initPid}, which has since been given to another process: the container is not running.`
            : `${state.path} names PID ${state.initPid}, and no such process of the container was seen: it may have ended.`,
          values: { path: state.path, pid: state.initPid, runtimeId: state.runtimeId },
          evidence: [...state.evidence, ...(process ? saidIn(process, 'stat') : [])],
        },
      ),
    );
  }
  return { candidates, findings };
}

/** Whoever may write where it was read. In a user namespace of its own that is who is root there, whatever the path says. */
function speakerOfRecord(state: RuntimeState, known: Known): Speaker {
  const uid = /\/run\/user\/(\d+)\//.exec(state.path)?.[1];
  const here = uid === undefined ? theRoot : { uid: Number(uid) };
  if (!state.path.startsWith('/proc/')) return here;
  const reader = readerOf(state, known);
  const user = reader?.namespaces.user;
  if (user === undefined) return { uid: reader?.uid, process: reader };
  const process = reader;
  return user === known.entities.host.initialNamespaces.user?.id
    ? { ...here, process }
    : { uid: rootOf(user, known) ?? reader?.uid, user, process };
}

/** What a user says of an id is not said of another's container. */
const ofSpeaker = (runtimeId: string, { uid }: Speaker): string =>
  uid === undefined || uid === 0 || runtimeId.includes('/') ? runtimeId : `${uid}/${runtimeId}`;

function notTheirs(state: RuntimeState, process: UnresolvedProcess, speaker: Speaker, known: Known): Finding {
  const writer = nameOf(speaker.uid, known);
  return finding('note', 'container.record-not-theirs', [process.id], {
    message: `${state.path} is ${writer}’s to write and names PID ${process.pid}, a process of ${nameOf(process.uid, known)}: it is not believed.`,
    values: { path: state.path, pid: process.pid, runtimeId: state.runtimeId, writer },
    evidence: [...state.evidence, ...saidIn(process, 'status')],
  });
}

/** Where a record has no start time, something else must name the container: the process's cgroup, or its parent's arguments. */
function isVouchedFor(process: UnresolvedProcess, runtimeId: string, { index }: Known): boolean {
  if (idsOfProcess(process).some((id) => id.runtimeId === runtimeId)) return true;
  const parent = process.ppid === undefined ? undefined : index.process.get(processId(process.ppid));
  return parent?.argv.includes(runtimeId) ?? false;
}

const isHexId = (id: string): boolean => /^[0-9a-f]{64}$/.test(id);

/** The process in whose mount namespace the record was read. */
function readerOf({ path }: RuntimeState, { index }: Known): UnresolvedProcess | undefined {
  const pid = /^\/proc\/(\d+)\/root\//.exec(path)?.[1];
  return pid === undefined ? undefined : index.process.get(processId(Number(pid)));
}

function initOf(state: RuntimeState, known: Known): UnresolvedProcess | undefined {
  return state.initPid === undefined ? undefined : processRecorded(readerOf(state, known), state.initPid, known);
}

/**
 * A name that a person chose is one only among those of the same directory: another user's runtime, or one in another
 * container, may have the same.
 */
function runtimeIdOf(state: RuntimeState, known: Known): string {
  const { path, runtimeId } = state;
  const root = /^(.*)\/(?:runc|crun|youki)\/[^/]+\/[^/]+$/.exec(path)?.[1];
  if (isHexId(runtimeId) || root === undefined || root === '/run' || root.endsWith('/containerd')) return runtimeId;
  const reader = readerOf(state, known);
  if (!reader) return `${root.split('/').at(-1) ?? ''}/${runtimeId}`;
  const outer = idsOfProcess(reader).at(-1)?.runtimeId ?? recordedIn(reader, state, known) ?? reader.namespaces.mnt;
  return outer === undefined ? runtimeId : `${outer}/${runtimeId}`;
}

/** The container whose own record names a process in the same mount namespace: one that has no id in its cgroup's path. */
function recordedIn(reader: UnresolvedProcess, inner: RuntimeState, known: Known): string | undefined {
  const mnt = reader.namespaces.mnt;
  if (mnt === undefined) return undefined;
  const outer = known.entities.runtimeStates.find(
    (state) =>
      state !== inner &&
      // One that was read elsewhere than where it is: no container is inside itself.
      readerOf(state, known)?.namespaces.mnt !== mnt &&
      initOf(state, known)?.namespaces.mnt === mnt,
  );
  return outer?.runtimeId;
}
