// Snapshot files made for a test, as the product writes them, or as something has spoilt them.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { packSnapshot } from '../../electron/store/snapshot-file.ts';
import type { SnapshotHeader } from '../../shared/snapshot/codec.ts';

const header: SnapshotHeader = {
  formatVersion: 1,
  host: 'Made for a test',
  collectedAt: '2026-01-02T03:04:05.000Z',
  user: 'ec2-user',
  nsatlas: '0.1.0',
  tools: {},
  complete: true,
};

export function packed(transcript: Uint8Array, fields: Partial<SnapshotHeader> = {}): Promise<Uint8Array> {
  return packSnapshot({ ...header, ...fields }, transcript);
}

/** Puts bytes where the app keeps its snapshots; the file's path. */
export async function putIntoCache(userData: string, name: string, bytes: Uint8Array): Promise<string> {
  const folder = path.join(userData, 'snapshots');
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, `${name}.nsatlas`);
  await writeFile(file, bytes);
  return file;
}
