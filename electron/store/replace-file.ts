// Writing a file so that it is always either the old one or the new one, whatever is switched off in between.
import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreFailure, systemReason } from './failure.ts';

/**
 * A temporary file in the same folder, flushed to the disk, then renamed over the old one. Readable for its owner alone
 * unless `mode` says more (the umask still holds).
 * Rejects with StoreFailure (file-unwritable); the old file is untouched then.
 */
export async function replaceFile(file: string, content: Uint8Array | string, mode = 0o600): Promise<void> {
  const folder = path.dirname(file);
  const draft = path.join(folder, `.${path.basename(file)}.${randomUUID()}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    const handle = await open(draft, 'wx', mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await renameOver(draft, file);
    await syncFolder(folder);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw new StoreFailure(
      {
        code: 'file-unwritable',
        attempted: `write ${file}`,
        reason: systemReason(error),
        advice: 'Choose another place, or make this one writable.',
      },
      error,
    );
  }
}

/** On Windows a virus scanner may hold the old file for a moment. */
async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (process.platform !== 'win32' || attempt === 5) throw error;
      await sleep(50 * attempt);
    }
  }
}

/** The rename itself is in the folder, which Windows does not let anybody open. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch {
    // some file systems have nothing to flush here
  } finally {
    await handle.close();
  }
}
