// The host and the run, from the small answers of sections `host` and `tool`.
import type { Evidence } from '../model/evidence.ts';
import type { Host } from '../model/host.ts';
import type { Frame, Privilege, Transcript } from '../model/transcript.ts';
import {
  parseBootId,
  parseDate,
  parseId,
  parseLogin,
  parseNumber,
  parseOsRelease,
  parseUname,
  parseUptime,
} from '../parse/host-facts.ts';
import { firstLine } from '../parse/lines.ts';
import type { FindingLog } from './finding-log.ts';
import type { Frames } from './frames.ts';

export function readHost(
  transcript: Transcript,
  frames: Frames,
  initialNamespaces: Host['initialNamespaces'],
  log: FindingLog,
): Host {
  const evidence: Evidence[] = [];
  const answer = <T>(key: string, read: (output: string) => T | undefined): T | undefined => {
    const frame = frames.one('host', key);
    const value = frame && read(frame.output);
    if (frame && value !== undefined) evidence.push({ frame: frame.index, section: frame.section });
    return value;
  };
  const uname = answer('uname', parseUname);
  const user = answer('id', parseId);
  const login = answer('login', parseLogin);
  const collectedAt = answer('date', parseDate);
  const uptime = answer('uptime', parseUptime);
  const bootedAt = collectedAt === undefined || uptime === undefined ? undefined : secondsLater(collectedAt, -uptime);
  const lastCapability = answer('cap-last-cap', parseNumber);
  const toolsMissing = missingTools(frames);
  return {
    hostname: uname?.hostname ?? '',
    kernel: uname?.kernel ?? '',
    architecture: uname?.architecture ?? '',
    os: answer('os-release', parseOsRelease),
    bootId: answer('boot-id', parseBootId),
    collectedAt,
    ...(bootedAt !== undefined && { bootedAt }),
    ...(lastCapability !== undefined && { lastCapability }),
    user: user ?? { name: '', uid: -1 },
    ...(login && login.uid !== user?.uid && { login }),
    privileges: [...new Set(transcript.frames.map(({ privilege }): Privilege => privilege))],
    tools: readTools(frames, log),
    ...(toolsMissing.length > 0 && { toolsMissing }),
    initialNamespaces,
    complete: transcript.complete,
    evidence,
  };
}

/** `time`: ISO 8601 UTC; to the second. `undefined` where there is no such time between the years 0 and 9999. */
export function secondsLater(time: string, seconds: number): string | undefined {
  const date = new Date(Date.parse(time) + seconds * 1000);
  const year = date.getUTCFullYear();
  return year >= 0 && year <= 9999 ? date.toISOString().replace(/\.\d+Z$/, 'Z') : undefined;
}

/** Not a tool: whether ip knows -j. */
const ipJson = 'ip-json';

/** Command not found, by the shell. */
const notFound = 127;

/** Without these something is not seen; the others have something in their place, or only say more. */
const needed: ReadonlySet<string> = new Set(['ip', 'nsenter', 'lsns']);

function readTools(frames: Frames, log: FindingLog): Readonly<Record<string, string>> {
  const tools: Record<string, string> = {};
  for (const frame of frames.of('tool')) {
    if (frame.key === ipJson) continue;
    const version = readVersion(frame);
    if (version !== undefined) tools[frame.key] ??= version;
  }
  const absent = frames
    .of('tool')
    .filter(({ key, status }) => status === notFound && needed.has(key) && tools[key] === undefined);
  for (const frame of absent) {
    log.add({
      rule: 'tools.missing',
      kind: 'not-supported',
      subject: 'host',
      values: { tools: [...new Set(absent.map(({ key }) => key))].join(', ') },
      evidence: [{ frame: frame.index, section: frame.section }],
    });
  }
  return tools;
}

function missingTools(frames: Frames): readonly string[] {
  const missing = frames.of('tool').filter(({ key, status }) => status === notFound && key !== ipJson);
  return [...new Set(missing.map(({ key }) => key))].filter((key) => frames.one('tool', key)?.status === notFound);
}

/** Most say it on standard output, some on standard error; BusyBox only while it complains of the option. */
function readVersion({ status, output, stderr }: Frame): string | undefined {
  if (status === notFound) return undefined;
  const busyBox = /^BusyBox v\S+/m.exec(stderr)?.[0];
  return firstLine(output) ?? busyBox ?? (status === 0 ? firstLine(stderr) : undefined);
}
