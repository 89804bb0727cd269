// Whose word an engine's answer is: of whoever runs the engine that was asked, or of whoever may write the file that was read.
// Anybody may call a process dockerd and answer on a socket of his own, or have a conmon name a folder of his.
import type { EngineAnswer } from '../../model/engine.ts';
import type { UnresolvedProcess } from '../../model/entities.ts';
import { processId } from '../../model/id.ts';
import { withRole, type Known } from '../known.ts';
import { speakerOf, speaksFor, theRoot, type Speaker } from './speaker.ts';

/** Whether the answer may be about a container with that process. */
export function answersFor(answer: EngineAnswer, process: UnresolvedProcess, known: Known): boolean {
  const speakers = speakersOf(answer, known);
  if (speakers) return speakers.every((speaker) => speaksFor(speaker, process, known) !== false);
  // A file of nobody knows whom is not root's.
  return process.uid !== 0 || process.namespaces.user !== known.entities.host.initialNamespaces.user?.id;
}

/** It is root's of the host, who alone has containers that are known by their id where another has the same. */
export const isRoots = (answer: EngineAnswer, known: Known): boolean =>
  speakersOf(answer, known)?.every(({ uid, process }) => uid === 0 && (process?.nsPids.length ?? 1) <= 1) ?? false;

function speakersOf({ by, question }: EngineAnswer, known: Known): readonly Speaker[] | undefined {
  const process = by && known.index.process.get(by);
  if (process) return [speakerOf(process)];
  if (!question.startsWith('/')) return [{ uid: undefined }];
  const user = /^\/run\/user\/(\d+)\//.exec(question)?.[1];
  if (user !== undefined) return [{ uid: Number(user) }];
  if (/^\/(etc|var\/lib\/(cni|containers|docker|nerdctl)|run\/(cni|containers))\//.test(question)) return [theRoot];
  const inside = /^\/proc\/(\d+)\/root\//.exec(question)?.[1];
  const reader = inside === undefined ? undefined : known.index.process.get(processId(Number(inside)));
  if (reader) return [speakerOf(reader)];
  const conmons = conmonsBelow(question, known);
  return conmons.length > 0 ? conmons.map(speakerOf) : inHomeOf(question, known);
}

/** Podman's folders are read where a conmon names them, and only files of that one's user: of several any may be meant. */
function conmonsBelow(path: string, known: Known): readonly UnresolvedProcess[] {
  const folder = /^(\/.+)\/(?:overlay-containers|networks)\/.*$/.exec(path)?.[1];
  if (folder === undefined) return [];
  return withRole(known, 'conmon').filter(({ argv }) => argv.some((word) => word.startsWith(`${folder}/`)));
}

function inHomeOf(path: string, { entities }: Known): readonly Speaker[] | undefined {
  for (const part of path.split('/')) {
    const uid = entities.processes.find(({ user }) => user === part)?.uid;
    if (uid !== undefined) return [{ uid }];
  }
  return undefined;
}
