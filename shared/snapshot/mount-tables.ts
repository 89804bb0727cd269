// What is mounted in each mount namespace, and which of it is as on the host.
//
// A host of a thousand mount namespaces may have a million mounts, nearly all of them copies of its own. So the copies are
// counted, and listed only while they are few; of those that are a namespace's own there is a limit too, which is said.
import type { Frame } from '../model/transcript.ts';
import { processId } from '../model/id.ts';
import type { NamespaceId } from '../model/id.ts';
import type { Mount, MountTable } from '../model/mount.ts';
import { coverTest } from '../parse/mount-cover.ts';
import { forEachMountTable, parseMount } from '../parse/mountinfo.ts';
import type { MountLine, MountTableText } from '../parse/mountinfo.ts';
import { evidenceAt, unparsableAt } from '../parse/parsed.ts';
import type { FindingLog } from './finding-log.ts';
import type { Frames } from './frames.ts';

export interface MountLimits {
  /** Of all mount namespaces together. */
  readonly own: number;
  readonly asOnHost: number;
}
const usual: MountLimits = { own: 20_000, asOnHost: 5_000 };

export interface MountOwners {
  /** Undefined where it is closed to us. */
  readonly mountNamespaceOf: (table: Pick<MountTableText, 'pid' | 'tid'>) => NamespaceId | undefined;
  /** Others came or went meanwhile. */
  readonly isShown: (pid: number) => boolean;
  /** The host's own mount namespace. */
  readonly host: NamespaceId | undefined;
}

export function readMountTables(
  frames: Frames,
  log: FindingLog,
  { mountNamespaceOf, isShown, host }: MountOwners,
  limits: MountLimits = usual,
): readonly MountTable[] {
  const tables: MountTable[] = [];
  const read = new Set<NamespaceId | number>();
  const reader = new MountReader(log, limits);
  // The others are held against the host's, and wait for it: it is nearly always the first.
  const waiting: (() => void)[] = [];
  let hostIsRead = host === undefined;
  for (const frame of frames.of('mountinfo')) {
    const unparsable = forEachMountTable(frame, (text) => {
      const mountNamespace = mountNamespaceOf(text);
      const whose = mountNamespace ?? text.pid;
      if (!isShown(text.pid) || read.has(whose)) return;
      read.add(whose);
      const isHost = mountNamespace !== undefined && mountNamespace === host;
      const readIt = () => tables.push(reader.table(frame, text, mountNamespace, isHost));
      if (isHost || hostIsRead) readIt();
      else waiting.push(readIt);
      hostIsRead ||= isHost;
    });
    log.unparsable(unparsable);
  }
  for (const readIt of waiting) readIt();
  return tables;
}

interface Row {
  readonly mount: MountLine;
  readonly line: number;
  readonly asOnHost: boolean;
}

class MountReader {
  readonly #log: FindingLog;
  readonly #limits: MountLimits;
  readonly #onHost = new Set<string>();
  #own = 0;
  #asOnHost = 0;

  constructor(log: FindingLog, limits: MountLimits) {
    this.#log = log;
    this.#limits = limits;
  }

  table(frame: Frame, text: MountTableText, mountNamespace: NamespaceId | undefined, isHost: boolean): MountTable {
    const rows = this.#rows(frame, text, isHost);
    const own = rows.filter(({ asOnHost }) => !asOnHost).length;
    const kept = rows.filter(({ asOnHost }) =>
      asOnHost ? this.#asOnHost++ < this.#limits.asOnHost : this.#own++ < this.#limits.own,
    );
    const readThrough = processId(text.pid);
    if (kept.filter(({ asOnHost }) => !asOnHost).length < own) {
      this.#log.add({
        rule: 'mounts.cut',
        kind: 'too-large',
        subject: mountNamespace ?? readThrough,
        values: { limit: this.#limits.own },
        evidence: [evidenceAt(frame, kept.at(-1)?.line ?? text.lines[0]?.line ?? 1)],
      });
    }
    const isCovered = coverTest(rows.map(({ mount }) => mount));
    return {
      ...(mountNamespace !== undefined && { mountNamespace }),
      readThrough,
      count: rows.length,
      countAsOnHost: rows.length - own,
      mounts: kept.map((row) => mountOf(row, frame, isCovered(row.mount))),
    };
  }

  #rows(frame: Frame, { lines }: MountTableText, isHost: boolean): readonly Row[] {
    return lines.flatMap(({ content, line }) => {
      const mount = parseMount(content);
      if (!mount) {
        this.#log.unparsable([unparsableAt(frame, line, content)]);
        return [];
      }
      const place = `${mount.device} ${mount.root} ${mount.mountPoint} ${mount.options}`;
      if (isHost) this.#onHost.add(place);
      return [{ mount, line, asOnHost: !isHost && this.#onHost.has(place) }];
    });
  }
}

const mountOf = ({ mount, line, asOnHost }: Row, frame: Frame, covered: boolean): Mount => ({
  mountId: Number(mount.id),
  parentId: Number(mount.parent),
  path: mount.mountPoint,
  root: mount.root,
  device: mount.device,
  type: mount.type,
  source: mount.source,
  options: mount.options,
  superOptions: shortened(mount.superOptions),
  propagation: mount.propagation,
  ...(covered && { covered }),
  ...(asOnHost && { asOnHost }),
  evidence: evidenceAt(frame, line),
});

/** An overlay of a hundred layers names them all; the line is there to be read. */
const mostOptions = 256;
const shortened = (options: string): string =>
  options.length > mostOptions ? `${options.slice(0, mostOptions)}…` : options;
