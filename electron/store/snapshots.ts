// The cached snapshots: one file each, ID.nsatlas, in one folder. What is deleted waits in the folder `deleted` until the
// next start. Files opened from elsewhere get an id until the app ends and stay where they are.
import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { SnapshotContent, SnapshotSummary } from '../../shared/ipc/contract.ts';
import { printable } from '../../shared/explain/printable.ts';
import type { SnapshotHeader } from '../../shared/snapshot/codec.ts';
import { StoreFailure, systemReason } from './failure.ts';
import { readSnapshotFile, readSnapshotHeader, writeSnapshotFile } from './snapshot-file.ts';

const extension = '.nsatlas';

export interface SnapshotList {
  /** Newest first. */
  readonly snapshots: readonly SnapshotSummary[];
  /** Files that cannot be understood; they are left as they are. */
  readonly problems: readonly StoreFailure[];
}

export class SnapshotStore {
  readonly #folder: string;
  /** Id to path, of files outside the folder. */
  readonly #external = new Map<string, string>();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes the folder and empties its trash. */
  static async open(folder: string): Promise<SnapshotStore> {
    const store = new SnapshotStore(folder);
    await mkdir(folder, { recursive: true });
    await rm(store.#trash, { recursive: true, force: true });
    return store;
  }

  async list(): Promise<SnapshotList> {
    const ids = (await readdir(this.#folder))
      .filter((name) => name.endsWith(extension))
      .map((name) => name.slice(0, -extension.length));
    const read = await Promise.allSettled(ids.map((id) => this.summary(id)));
    const snapshots = read.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const problems = read.flatMap((result) =>
      result.status === 'rejected' && result.reason instanceof StoreFailure ? [result.reason] : [],
    );
    return { snapshots: snapshots.sort((a, b) => (a.collectedAt < b.collectedAt ? 1 : -1)), problems };
  }

  /** Rejects with StoreFailure (file-unwritable). */
  async add(header: SnapshotHeader, transcript: Uint8Array): Promise<SnapshotSummary> {
    const id = randomUUID();
    await writeSnapshotFile(this.#file(id), header, transcript);
    return this.summary(id);
  }

  /** Rejects with StoreFailure: file-unreadable, file-damaged, file-newer. */
  async summary(id: string): Promise<SnapshotSummary> {
    const { header, bytes } = await readSnapshotHeader(this.#file(id));
    const { collectedAt, user, complete } = header;
    // Somebody else may have written the file.
    const hostLabel = printable(header.host);
    const external = this.#external.has(id);
    const profileId = external ? undefined : header.profileId;
    const summary = { id, profileId, hostLabel, collectedAt, user, bytes, complete };
    return external ? { ...summary, external } : summary;
  }

  /** Rejects as `summary` does. */
  async read(id: string): Promise<SnapshotContent> {
    const summary = await this.summary(id);
    const { transcript } = await readSnapshotFile(this.#file(id));
    // Its own bytes: a view would take along whatever lies beside it in memory when it is sent to the window.
    return { summary, transcript: new Uint8Array(transcript) };
  }

  /** A file from anywhere; the same file keeps its id. Rejects as `summary` does. */
  async openFile(file: string): Promise<SnapshotContent> {
    const inCache = path.dirname(file) === this.#folder && file.endsWith(extension);
    const known = inCache ? path.basename(file, extension) : [...this.#external].find(([, at]) => at === file)?.[0];
    if (known !== undefined) return this.read(known);
    const id = randomUUID();
    this.#external.set(id, file);
    try {
      return await this.read(id);
    } catch (error) {
      this.#external.delete(id);
      throw error;
    }
  }

  /** Rejects with StoreFailure: not-found, file-unwritable. */
  async saveCopy(id: string, file: string): Promise<void> {
    if (path.resolve(file) === path.resolve(this.#file(id))) return;
    const draft = `${file}.${randomUUID()}.tmp`;
    try {
      await copyFile(this.#file(id), draft);
      await rename(draft, file);
    } catch (error) {
      await rm(draft, { force: true }).catch(() => undefined);
      throw new StoreFailure(
        {
          code: 'file-unwritable',
          attempted: `save a copy as ${file}`,
          reason: systemReason(error),
          advice: 'Choose another place.',
        },
        error,
      );
    }
  }

  /** A file outside the cache is only closed. Rejects with StoreFailure: not-found. */
  async delete(id: string): Promise<void> {
    if (this.#external.delete(id)) return;
    await mkdir(this.#trash, { recursive: true });
    await rename(this.#file(id), path.join(this.#trash, id + extension)).catch((error: unknown) =>
      Promise.reject(missing('delete a snapshot', error)),
    );
  }

  /** Rejects with StoreFailure: not-found. */
  async undelete(id: string): Promise<SnapshotSummary> {
    await rename(path.join(this.#trash, id + extension), this.#file(id)).catch((error: unknown) =>
      Promise.reject(missing('bring back a deleted snapshot', error)),
    );
    return this.summary(id);
  }

  get #trash(): string {
    return path.join(this.#folder, 'deleted');
  }

  #file(id: string): string {
    return this.#external.get(id) ?? path.join(this.#folder, id + extension);
  }
}

function missing(attempted: string, error: unknown): StoreFailure {
  return new StoreFailure(
    {
      code: 'not-found',
      attempted,
      reason: systemReason(error),
      advice: 'Open the list of snapshots again.',
    },
    error,
  );
}
