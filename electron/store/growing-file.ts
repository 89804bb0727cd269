// A file that grows while it is written, so that what came before a failure is there. Made only when there is something
// to write: what does not begin leaves an old file as it is.
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { StoreFailure, systemReason } from './failure.ts';

export class GrowingFile {
  readonly #file: string;
  readonly #mode: number;
  #handle: FileHandle | undefined;

  /** `mode`: of a new file, less the umask. */
  constructor(file: string, mode: number) {
    this.#file = file;
    this.#mode = mode;
  }

  /** Rejects with StoreFailure. */
  async write(bytes: Uint8Array): Promise<void> {
    try {
      this.#handle ??= await open(this.#file, 'w', this.#mode);
      await this.#handle.writeFile(bytes);
    } catch (error) {
      throw new StoreFailure(
        {
          code: 'file-unwritable',
          attempted: `write ${this.#file}`,
          reason: systemReason(error),
          advice: 'Choose another place, or make room there.',
        },
        error,
      );
    }
  }

  async close(): Promise<void> {
    await this.#handle?.close();
  }
}
