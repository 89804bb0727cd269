// A `*.nsatlas` file: gzip around what shared/snapshot/codec.ts describes, a header line and the transcript.
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { createGunzip, gunzip, gzip } from 'node:zlib';
import { decodeSnapshot, encodeSnapshot } from '../../shared/snapshot/codec.ts';
import type { Snapshot, SnapshotHeader } from '../../shared/snapshot/codec.ts';
import { SnapshotError } from '../../shared/snapshot/snapshot-error.ts';
import { StoreFailure, systemReason } from './failure.ts';
import { replaceFile } from './replace-file.ts';

/** Bytes of an unpacked snapshot; the largest hosts stay below a tenth of it. */
const largest = 1024 * 1024 * 1024;
/** Unpacked bytes that hold any header. */
const headerBytes = 64 * 1024;

/** Atomic. Rejects with StoreFailure (file-unwritable). */
export async function writeSnapshotFile(file: string, header: SnapshotHeader, transcript: Uint8Array): Promise<void> {
  await replaceFile(file, await packSnapshot(header, transcript));
}

/** The bytes of such a file. */
export const packSnapshot = async (header: SnapshotHeader, transcript: Uint8Array): Promise<Uint8Array> =>
  promisify(gzip)(encodeSnapshot(header, transcript));

/** Rejects with StoreFailure: file-unreadable, file-damaged, file-newer. */
export async function readSnapshotFile(file: string): Promise<Snapshot> {
  return unpackSnapshot(file, await readFile(file).catch((error: unknown) => Promise.reject(unreadable(file, error))));
}

/** `file`: what to call it. Rejects with StoreFailure: file-damaged, file-newer. */
export async function unpackSnapshot(file: string, packed: Uint8Array): Promise<Snapshot> {
  const bytes = await promisify(gunzip)(packed, { maxOutputLength: largest }).catch((error: unknown) =>
    Promise.reject(damaged(file, error)),
  );
  return decode(file, bytes);
}

export interface SnapshotFileHeader {
  readonly header: SnapshotHeader;
  /** Size of the file. */
  readonly bytes: number;
}

/** Unpacks the beginning of the file only. Rejects as readSnapshotFile does. */
export async function readSnapshotHeader(file: string): Promise<SnapshotFileHeader> {
  const { size } = await stat(file).catch((error: unknown) => Promise.reject(unreadable(file, error)));
  const { header } = decode(file, await beginning(file));
  return { header, bytes: size };
}

function beginning(file: string): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const source = createReadStream(file, { highWaterMark: 16 * 1024 });
    const unpacked = createGunzip();
    const chunks: Buffer[] = [];
    let length = 0;
    const done = (): void => {
      source.destroy();
      unpacked.destroy();
      resolve(Buffer.concat(chunks));
    };
    source.once('error', (error) => reject(unreadable(file, error)));
    unpacked.once('error', (error) => {
      source.destroy();
      reject(damaged(file, error));
    });
    unpacked.once('end', done);
    unpacked.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= headerBytes || chunk.includes('\n')) done();
    });
    source.pipe(unpacked);
  });
}

function decode(file: string, bytes: Uint8Array): Snapshot {
  try {
    return decodeSnapshot(bytes);
  } catch (error) {
    if (!(error instanceof SnapshotError)) throw error;
    throw new StoreFailure(
      {
        code: error.code === 'newer-format' ? 'file-newer' : 'file-damaged',
        attempted: `open ${file}`,
        reason: error.message,
        advice: error.advice,
      },
      error,
    );
  }
}

function unreadable(file: string, error: unknown): StoreFailure {
  return new StoreFailure(
    {
      code: 'file-unreadable',
      attempted: `open ${file}`,
      reason: systemReason(error),
      advice: 'Check the path, and that you may read it.',
    },
    error,
  );
}

function damaged(file: string, error: unknown): StoreFailure {
  return new StoreFailure(
    {
      code: 'file-damaged',
      attempted: `open ${file}`,
      reason: `It is no nsatlas snapshot, or it is not whole (${error instanceof Error ? error.message : String(error)}).`,
      advice: 'Choose a file that nsatlas saved (*.nsatlas), or take another copy of it.',
    },
    error,
  );
}
