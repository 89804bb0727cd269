// Which of those that speak of one id speak of one container. An id in a record, on a command line or in a cgroup's path is
// what somebody wrote there: two users that say the same id have two containers, and neither is called as the other's.
import type { UnresolvedProcess } from '../../model/entities.ts';
import { processId } from '../../model/id.ts';
import { grouped, onlyOne, type Known } from '../known.ts';
import { compareText } from '../relation.ts';
import type { Candidate } from './candidate.ts';
import { idsOfProcess, placeOf } from './cgroup-id.ts';
import { hasChildren } from './init.ts';
import { domainOf, speaksFor, type Speaker } from './speaker.ts';

export interface Part {
  /** The id, and before it whose it is where it is not the one that is known by the id alone. */
  readonly id: string;
  /** The most telling first. */
  readonly candidates: readonly Candidate[];
}

interface Spoken {
  readonly speaker: Speaker | undefined;
  readonly candidates: readonly Candidate[];
}

export function partsOf(runtimeId: string, candidates: readonly Candidate[], known: Known): readonly Part[] {
  const said = candidates.filter((candidate) => candidate.speaker && isBelieved(candidate, known));
  let parts = bySpeaker(said);
  for (const candidate of candidates) if (!candidate.speaker) parts = withPlace(parts, candidate, known);
  parts = parts.filter((part) => !isWithin(part, parts) && (part.speaker?.uid !== undefined || !isVague(part, parts)));
  return named(runtimeId, parts);
}

/** Of processes that are not his nobody is asked; and who watches over no process speaks of nothing, unless an engine does. */
function isBelieved({ speaker, init, monitor, runtimeId }: Candidate, known: Known): boolean {
  if (!speaker) return true;
  if (init) return speaksFor(speaker, init.process, known) !== false;
  if (!monitor) return false;
  if (hasChildren(known, monitor)) return true;
  const { engineAnswers, runtimeStates, host } = known.entities;
  if (speaker.uid !== 0 && speaker.uid !== host.user.uid) return false;
  return (
    engineAnswers.some(
      ({ complete, containers }) => complete && containers.some((one) => one.running && one.runtimeId === runtimeId),
    ) ||
    (speaker.uid === 0 &&
      runtimeStates.some((one) => one.runtimeId === runtimeId && /^\/run\/(?!user\/)/.test(one.path)))
  );
}

const initOf = ({ candidates }: Spoken): UnresolvedProcess | undefined =>
  candidates.find(({ init }) => init)?.init?.process;

/** The host's root, then who is root in a container, then users. */
const rankOf = ({ speaker }: Spoken): number =>
  speaker?.uid === 0 ? (domainOf(speaker) === '' ? 0 : 1) : speaker?.uid === undefined ? 3 : 2;

function bySpeaker(said: readonly Candidate[]): readonly Spoken[] {
  const keyOf = ({ speaker }: Candidate): string => (speaker ? `${speaker.uid ?? '?'} ${domainOf(speaker)}` : '');
  const all = [...grouped(said, keyOf)]
    .map(([key, candidates]) => ({ key, speaker: candidates[0]?.speaker, candidates }))
    .toSorted((a, b) => rankOf(a) - rankOf(b) || compareText(a.key, b.key));
  const parts: Spoken[] = [];
  for (const part of all) {
    const init = initOf(part);
    const same = init ? parts.findIndex((one) => initOf(one) === init) : -1;
    const stronger = parts[same];
    if (!stronger) parts.push(part);
    else {
      // Of a process that root says is a container's a user has nothing to say, but who started it has.
      const more = part.candidates.filter(
        ({ monitor, speaker }) => speaker?.uid === undefined || (monitor !== undefined && init?.ppid === monitor.pid),
      );
      parts[same] = { ...stronger, candidates: [...stronger.candidates, ...more] };
    }
  }
  return parts;
}

const isIn = (process: UnresolvedProcess, place: string): boolean =>
  idsOfProcess(process).some((id) => placeOf(id) === place);

const placesOf = ({ candidates }: { readonly candidates: readonly Candidate[] }): readonly string[] =>
  candidates.flatMap(({ place }) => (place ? [placeOf(place)] : []));

/** A cgroup is that container's whose first process is in it, or is what those in it come from. */
function withPlace(parts: readonly Spoken[], cgroup: Candidate, known: Known): readonly Spoken[] {
  const inside = cgroup.init?.process;
  const place = cgroup.place && placeOf(cgroup.place);
  if (!inside || place === undefined) return parts;
  const may = parts.filter(({ speaker }) => !speaker || speaksFor(speaker, inside, known) !== false);
  const holder =
    may.find((part) => {
      const init = initOf(part);
      return init !== undefined && isIn(init, place);
    }) ?? may.find((part) => comesFrom(inside, part, known));
  if (!holder) return [...parts, { speaker: undefined, candidates: [cgroup] }];
  return parts.map((part) => (part === holder ? { ...part, candidates: [...part.candidates, cgroup] } : part));
}

/** In the PID namespace of a part's first process, or below that or the one that watches it in the tree of processes. */
function comesFrom(process: UnresolvedProcess, part: Spoken, { index, entities }: Known): boolean {
  const init = initOf(part);
  const monitor = part.candidates.find((candidate) => candidate.monitor)?.monitor;
  const pid = init?.namespaces.pid;
  const own = pid !== undefined && pid !== entities.host.initialNamespaces.pid?.id && pid !== monitor?.namespaces.pid;
  if (own && process.namespaces.pid === pid) return true;
  const seen = new Set<number>();
  for (
    let at: UnresolvedProcess | undefined = process;
    at && !seen.has(at.pid);
    at = at.ppid === undefined ? undefined : index.process.get(processId(at.ppid))
  ) {
    if (at === init || at === monitor) return true;
    seen.add(at.pid);
  }
  return false;
}

/** Its first process is in a cgroup that is another's. */
function isWithin(part: Spoken, parts: readonly Spoken[]): boolean {
  const init = initOf(part);
  return init !== undefined && parts.some((one) => one !== part && placesOf(one).some((place) => isIn(init, place)));
}

/** Nothing tells whose word it is, and somebody else has spoken. */
const isVague = (part: Spoken, parts: readonly Spoken[]): boolean => part.speaker !== undefined && parts.length > 1;

function named(runtimeId: string, parts: readonly Spoken[]): readonly Part[] {
  if (parts.length <= 1) return parts.map(({ candidates }) => ({ id: runtimeId, candidates }));
  const best = Math.max(...parts.map(standing));
  const known = onlyOne(parts.filter((part) => standing(part) === best));
  const taken = new Set<string>();
  return parts.map((part) => {
    let id = part === known && best > 0 ? runtimeId : [...whose(part), runtimeId].join('/');
    for (let n = 2; taken.has(id); n += 1) id = [...whose(part), String(n), runtimeId].join('/');
    taken.add(id);
    return { id, candidates: part.candidates };
  });
}

/** Who is known by the id alone: whose cgroups the host's root made, and what root says; of two such, none. */
function standing(part: Spoken): number {
  const places = part.candidates.flatMap(({ place }) => place ?? []);
  const root = part.speaker !== undefined && rankOf(part) === 0;
  if (places.some(({ outer, delegatedTo }) => outer === undefined && delegatedTo === undefined)) return root ? 5 : 4;
  if (root) return 3;
  if (places.some(({ outer }) => outer === undefined)) return 2;
  return places.length > 0 ? 1 : 0;
}

function whose({ speaker, candidates }: Spoken): readonly string[] {
  const place = candidates.find((candidate) => candidate.place)?.place;
  const by = speaker?.process;
  const outer =
    speaker && by && domainOf(speaker) !== ''
      ? (idsOfProcess(by).at(-1)?.runtimeId ?? domainOf(speaker))
      : place?.outer;
  const uid = speaker ? speaker.uid : place?.delegatedTo;
  return [...(outer === undefined ? [] : [outer]), ...(uid === undefined ? [] : [String(uid)])];
}
