// The first line of a snapshot, from its transcript and from what this machine knows.
import { readTranscript } from '../../shared/collect/read-transcript.ts';
import { assemble } from '../../shared/snapshot/assemble.ts';
import { snapshotFormatVersion } from '../../shared/snapshot/codec.ts';
import type { SnapshotHeader } from '../../shared/snapshot/codec.ts';

export interface Circumstances {
  /** What the user calls the host: the profile's name or user@host. */
  readonly hostLabel: string;
  /** Login name, for transcripts that broke off before the host said it. */
  readonly user: string;
  /** This machine's clock. */
  readonly collectedAt: Date;
  /** Version of nsatlas. */
  readonly version: string;
  readonly profileId?: string;
}

/** Reads the host's own facts only, so the size of the host does not matter much. */
export function snapshotHeader(bytes: Uint8Array, about: Circumstances): SnapshotHeader {
  const transcript = readTranscript(bytes);
  const small = transcript.frames.filter(({ section }) => section === 'host' || section === 'tool');
  const { host } = assemble({ ...transcript, frames: small });
  const header: SnapshotHeader = {
    formatVersion: snapshotFormatVersion,
    host: about.hostLabel.slice(0, 1024),
    collectedAt: about.collectedAt.toISOString(),
    user: (host.user.name || about.user).slice(0, 256),
    nsatlas: about.version,
    tools: host.tools,
    complete: transcript.complete,
  };
  return about.profileId === undefined ? header : { ...header, profileId: about.profileId };
}
