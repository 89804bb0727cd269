// The inside of a `*.nsatlas` file (the file itself is gzip around it, made where there is a zlib):
//
//   {"formatVersion":1,"host":"ec2-user@172.31.40.91","collectedAt":"2025-12-10T14:40:00.000Z","user":"ec2-user",
//    "nsatlas":"0.1.0","tools":{"ip":"ip utility, iproute2-6.10.0"},"complete":true}          on one line
//   nsatlas-transcript 1 …                                                    the transcript, byte for byte
//
// The header is JSON in ASCII (other characters as \uXXXX), ended by one newline. It repeats what a list of snapshots
// shows, so that a list need not derive models; the transcript is the truth.
import { z } from 'zod';
import { migrateHeader } from './migrate.ts';
import { SnapshotError } from './snapshot-error.ts';

export const snapshotFormatVersion = 1;

const headerSchema = z.object({
  formatVersion: z.literal(snapshotFormatVersion),
  /** What the user calls the host: profile name or user@host. */
  host: z.string().max(1024),
  /** Clock of the machine that collected, ISO 8601 UTC. */
  collectedAt: z.iso.datetime(),
  /** Login user on the host. */
  user: z.string().max(256),
  /** Version of nsatlas that wrote it. */
  nsatlas: z.string().max(64),
  /** As `Host.tools`. */
  tools: z.record(z.string(), z.string()),
  /** False when the transcript broke off. */
  complete: z.boolean(),
  /** Profile it was collected with; means something on the machine that wrote it only. */
  profileId: z.string().max(256).optional(),
});

export type SnapshotHeader = Readonly<Omit<z.output<typeof headerSchema>, 'profileId'>> & {
  readonly profileId?: string;
};

export interface Snapshot {
  readonly header: SnapshotHeader;
  /** A view on the bytes given, not a copy. */
  readonly transcript: Uint8Array;
}

export function encodeSnapshot(header: SnapshotHeader, transcript: Uint8Array): Uint8Array {
  const line = `${JSON.stringify(header).replace(/[^\x20-\x7e]/g, escapeUnit)}\n`;
  const bytes = new Uint8Array(line.length + transcript.length);
  for (let at = 0; at < line.length; at += 1) bytes[at] = line.charCodeAt(at);
  bytes.set(transcript, line.length);
  return bytes;
}

/** @throws SnapshotError */
export function decodeSnapshot(bytes: Uint8Array): Snapshot {
  const end = bytes.subarray(0, headerLimit).indexOf(newline);
  const found = end === -1 ? undefined : parseHeader(bytes.subarray(0, end));
  if (typeof found !== 'object' || found === null || !('formatVersion' in found)) throw notASnapshot();
  const { formatVersion } = found;
  if (typeof formatVersion !== 'number' || !Number.isInteger(formatVersion) || formatVersion < 1) throw notASnapshot();
  if (formatVersion > snapshotFormatVersion) {
    throw new SnapshotError(
      'newer-format',
      `This snapshot has format ${formatVersion}; this version of nsatlas reads up to format ${snapshotFormatVersion}.`,
      'Open it with a newer nsatlas.',
    );
  }
  const header = headerSchema.safeParse(migrateHeader(found, formatVersion, snapshotFormatVersion));
  if (!header.success) {
    throw new SnapshotError(
      'invalid-header',
      `The snapshot's header is damaged: ${z.prettifyError(header.error)}`,
      'Take another copy of the file.',
    );
  }
  const { profileId, ...rest } = header.data;
  return {
    header: profileId === undefined ? rest : { ...rest, profileId },
    transcript: bytes.subarray(end + 1),
  };
}

const newline = 10;
/** A header is a few hundred bytes; a file without a newline is not searched to its end. */
const headerLimit = 1 << 20;

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

function parseHeader(bytes: Uint8Array): unknown {
  let text = '';
  // In parts: one call takes no more than some ten thousand arguments.
  for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const notASnapshot = (): SnapshotError =>
  new SnapshotError(
    'not-a-snapshot',
    'This file is no nsatlas snapshot.',
    'Choose a file that nsatlas saved (*.nsatlas).',
  );
