// A file that grows while it is written, so that what came before a failure is there. Made only when there is something
// to write: a capture that does not begin leaves an old file as it is.
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { systemReason } from '../store/failure.ts';
import { CliFailure } from './failure.ts';
import { writeStandardOutput } from './files.ts';

/** What people say to each other is in it: for its owner alone. */
const secret = 0o600;

export class CaptureOutput {
  readonly #file: string;
  #handle: FileHandle | undefined;

  /** `file`: a path; `-` is standard output. */
  constructor(file: string) {
    this.#file = file;
  }

  /** Rejects with CliFailure. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#file === '-') return writeStandardOutput(bytes);
    try {
      this.#handle ??= await open(this.#file, 'w', secret);
      await this.#handle.writeFile(bytes);
    } catch (error) {
      const advice = 'Choose another place, or make room there.';
      throw new CliFailure({ attempted: `write ${this.#file}`, reason: systemReason(error), advice }, error);
    }
  }

  async close(): Promise<void> {
    await this.#handle?.close();
  }
}
