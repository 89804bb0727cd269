// RootlessKit's state directories, joined with what is mounted there in the child's mount namespace.
//
// With --detach-netns RootlessKit (2.0) keeps the network namespace in the file `netns` of its state directory, mounted
// over it in the child's mount namespace only. --copy-up=/run puts the directory itself under /run/.roNUMBER there, with
// a symbolic link at its old place: a mount point's path has that name in it, the path people use has not.
import type { RootlessKitState } from '../model/entities.ts';
import type { Evidence } from '../model/evidence.ts';
import { namespaceId, processId } from '../model/id.ts';
import type { NamespaceId } from '../model/id.ts';
import type { Frame } from '../model/transcript.ts';
import type { NamespaceMount } from '../parse/namespace-mounts.ts';
import { causeOfFailure, parseRefusals, tellingLine } from '../parse/refusals.ts';
import { parseRootlessKitInfo, parseRootlessKitPorts } from '../parse/rootlesskit-api.ts';
import { parseListing } from '../parse/rootlesskit-listing.ts';
import type { ListedFile } from '../parse/rootlesskit-listing.ts';
import type { FindingLog } from './finding-log.ts';
import type { Frames } from './frames.ts';
import type { ProcessRow } from './process-table.ts';

interface Place {
  readonly parent: number;
  readonly child: number | undefined;
  readonly stateDir: string;
}

export function readRootlessKits(
  frames: Frames,
  log: FindingLog,
  rows: ReadonlyMap<number, ProcessRow>,
  mounts: readonly NamespaceMount[],
  isNamespace: (id: NamespaceId) => boolean,
): readonly RootlessKitState[] {
  const states = new Map<string, RootlessKitState>();
  const filesOf = new Map<string, ListedFile[]>();
  for (const frame of frames.of('rootlesskit')) {
    const place = readKey(frame.key);
    if (!place) continue;
    const { facts, unparsable } = parseListing(frame);
    log.unparsable(unparsable, processId(place.parent));
    // The script's own words (electron/collect/remote/rootlesskit.sh).
    if (facts.length === 0 && frame.stderr.includes('not its own: not read')) {
      log.add({
        rule: 'rootlesskit.not-its-own',
        kind: 'note',
        cause: place.stateDir,
        subject: processId(place.parent),
        values: { stateDir: place.stateDir },
        evidence: [{ frame: frame.index, section: frame.section }],
      });
      continue;
    }
    const files = [...(filesOf.get(frame.key) ?? []), ...facts];
    filesOf.set(frame.key, files);
    const whole: Evidence = { frame: frame.index, section: frame.section };
    states.set(
      frame.key,
      readState(place, files, rows, mounts, isNamespace, states.get(frame.key)?.evidence ?? [whole]),
    );
  }
  for (const frame of frames.of('rootlesskit-info')) {
    const { info } = parseRootlessKitInfo(frame);
    const state = states.get(frame.key);
    if (info && state && !state.info) states.set(frame.key, { ...state, info });
  }
  for (const frame of frames.of('rootlesskit-ports')) {
    // Without a port driver the API answers with an error: no ports were told, nothing is broken.
    const { ports } = parseRootlessKitPorts(frame);
    const state = states.get(frame.key);
    if (!state || state.ports) continue;
    if (ports && frame.status === 0) {
      const { portsRefused: _, ...told } = state;
      states.set(frame.key, { ...told, ports });
    } else if (frame.status !== 0) {
      const listing = frames.of('rootlesskit').filter(({ key }) => key === frame.key);
      states.set(frame.key, { ...state, portsRefused: refusalOf(frame, listing) });
    }
  }
  return [...states.values()];
}

/** curl says only that it could not connect: that the directory is closed is what `ls` said of it. */
function refusalOf(frame: Frame, listings: readonly Frame[]): NonNullable<RootlessKitState['portsRefused']> {
  const evidenceOf = ({ index, section }: Frame): Evidence => ({ frame: index, section });
  const own = causeOfFailure(frame);
  const closed = listings.find(({ stderr }) => parseRefusals(stderr).some(({ cause }) => cause === 'not-permitted'));
  if (own !== 'not-supported' && own !== 'not-permitted' && closed && !listings.some(showsSocket)) {
    return { kind: 'not-permitted', example: tellingLine(closed.stderr), evidence: [frame, closed].map(evidenceOf) };
  }
  const kind = own === 'not-supported' || own === 'not-permitted' ? own : 'undiscovered';
  return { kind, example: tellingLine(frame.stderr), evidence: [evidenceOf(frame)] };
}

const showsSocket = ({ output }: Frame): boolean => / api\.sock$/m.test(output);

/** `PARENT CHILD STATEDIR`; CHILD is `-` where it is not known. */
function readKey(key: string): Place | undefined {
  const match = /^(\d+) (\S+) (\/.*)$/.exec(key);
  if (!match) return undefined;
  const child = /^\d+$/.test(match[2] ?? '') ? Number(match[2]) : undefined;
  return { parent: Number(match[1]), child, stateDir: (match[3] ?? '').replace(/(?<=.)\/+$/, '') };
}

function readState(
  { parent, child, stateDir }: Place,
  files: readonly ListedFile[],
  rows: ReadonlyMap<number, ProcessRow>,
  mounts: readonly NamespaceMount[],
  isNamespace: (id: NamespaceId) => boolean,
  evidence: readonly Evidence[],
): RootlessKitState {
  const childView = `/proc/${child}/root${stateDir}`;
  const onHost = files.find(({ directory, name }) => directory === stateDir && name === 'netns');
  const inChild = files.find(({ directory, name }) => directory === childView && name === 'netns');
  const netns = child === undefined ? undefined : netnsOf(child, stateDir, inChild, rows, mounts, isNamespace);
  return {
    stateDir,
    parent: processId(parent),
    child: child === undefined ? undefined : processId(child),
    detached: onHost !== undefined || inChild !== undefined,
    ...(onHost && { netnsFileOnHost: { type: onHost.type, size: onHost.size, evidence: [onHost.evidence] } }),
    ...(netns && { netns: { ...netns, reachableAs: `${childView}/netns` } }),
    evidence,
  };
}

/** By the inode of the file as the child sees it, else by the mount point. */
function netnsOf(
  child: number,
  stateDir: string,
  inChild: ListedFile | undefined,
  rows: ReadonlyMap<number, ProcessRow>,
  mounts: readonly NamespaceMount[],
  isNamespace: (id: NamespaceId) => boolean,
): { readonly id: NamespaceId; readonly evidence: readonly Evidence[] } | undefined {
  const mountNamespace = rows.get(child)?.namespaces.mnt;
  const mount = mounts.find(
    ({ pid, tid, id, mountPoint, covered }) =>
      tid === undefined &&
      id.startsWith('net:') &&
      !covered &&
      (pid === child || (mountNamespace !== undefined && rows.get(pid)?.namespaces.mnt === mountNamespace)) &&
      mountPoint.replace(copiedUp, '') === `${stateDir}/netns`,
  );
  const byInode = inChild?.inode === undefined ? undefined : namespaceId('net', inChild.inode);
  if (inChild && byInode !== undefined && (byInode === mount?.id || isNamespace(byInode))) {
    return { id: byInode, evidence: [inChild.evidence, ...(byInode === mount?.id ? [mount.evidence] : [])] };
  }
  return mount && { id: mount.id, evidence: [mount.evidence, ...(inChild ? [inChild.evidence] : [])] };
}

/** RootlessKit pkg/copyup/tmpfssymlink: `.ro` and a random number. */
const copiedUp = /\/\.ro\d+(?=\/)/;
