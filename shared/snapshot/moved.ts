// What is the same for all processes of a namespace is read from one of them, by its PID. Where that one has gone to another
// namespace meanwhile, nobody knows which of the two was read: it does not count.
import { processId } from '../model/id.ts';
import type { NamespaceKind } from '../model/id.ts';
import type { Frame, Transcript } from '../model/transcript.ts';
import { parseNamespaceLinks } from '../parse/ns-links.ts';
import type { FindingLog } from './finding-log.ts';

/** Sections whose answers stand for all processes of a namespace of this kind. */
const readFromOne: Readonly<Record<string, NamespaceKind>> = {
  socket: 'net',
  sockstat: 'net',
  'net-files': 'net',
  mountinfo: 'mnt',
  'name-root': 'mnt',
  'name-link': 'mnt',
  'name-file': 'mnt',
  'id-map': 'user',
  hostname: 'uts',
};

/** The same transcript, with empty lines for those that do not count: the numbers of the others stay. */
export function withoutMoved(transcript: Transcript, log: FindingLog): Transcript {
  const moved = new Map<NamespaceKind, Set<string>>();
  for (const frame of transcript.frames) {
    if (frame.section !== 'moved') continue;
    const { facts, unparsable } = parseNamespaceLinks(frame);
    log.unparsable(unparsable);
    for (const { pid, tid, kind, evidence } of facts) {
      const folder = tid === undefined ? `${pid}` : `${pid}/task/${tid}`;
      moved.set(kind, (moved.get(kind) ?? new Set()).add(folder));
      log.add({ rule: 'processes.moved', kind: 'gone', subject: processId(pid), evidence: [evidence] });
    }
  }
  if (moved.size === 0) return transcript;
  return {
    ...transcript,
    frames: transcript.frames.map((frame) => {
      const folders = moved.get(readFromOne[frame.section] ?? 'pid');
      return folders ? { ...frame, output: keep(frame, folders) } : frame;
    }),
  };
}

function keep({ section, command, output }: Frame, folders: ReadonlySet<string>): string {
  if (section === 'hostname') return folders.has(/^nsenter -t (\d+) /.exec(command)?.[1] ?? '') ? '' : output;
  return output.replace(/^\/proc\/(\d+(?:\/task\/\d+)?)\/.*$/gm, (line, folder: string) =>
    folders.has(folder) ? '' : line,
  );
}
