// Files named on the command line, where `-` is standard input or output.
import { readFile, realpath, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { addAbortSignal } from 'node:stream';
import { systemReason } from '../store/failure.ts';
import { replaceFile } from '../store/replace-file.ts';
import { CliFailure } from './failure.ts';

/** What to call it in a sentence. */
export const inputName = (file: string): string => (file === '-' ? 'standard input' : file);
export const outputName = (file: string): string => (file === '-' ? 'standard output' : file);

/** `attempted`: for the failure, as a phrase; `signal` ends waiting for standard input. Rejects with CliFailure. */
export async function readInput(file: string, attempted: string, signal?: AbortSignal): Promise<Buffer> {
  try {
    return file === '-' ? await standardInput(signal) : await readFile(file);
  } catch (error) {
    const advice = 'Check the path, and that you may read it.';
    throw new CliFailure({ attempted, reason: systemReason(error), advice }, error);
  }
}

async function standardInput(signal: AbortSignal | undefined): Promise<Buffer> {
  if (signal !== undefined) addAbortSignal(signal, process.stdin);
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/**
 * Before the work is done, whether there will be a place for it. `binary`: what it is, when that is nothing for a
 * terminal. Rejects with CliFailure.
 */
export async function checkOutput(file: string, binary?: string): Promise<void> {
  const failed = (reason: string, advice: string): CliFailure =>
    new CliFailure({ attempted: `write ${outputName(file)}`, reason, advice });
  if (file === '-') {
    if (binary === undefined || !process.stdout.isTTY) return;
    throw failed(`It is a terminal, and ${binary} is no text.`, 'Name a file, or let another program read it.');
  }
  const folder = path.dirname(path.resolve(file));
  const found = await stat(folder).catch((error: unknown) => {
    throw failed(systemReason(error), `Make the folder first: mkdir -p '${folder}'`);
  });
  if (!found.isDirectory()) throw failed(`${folder} is not a folder.`, 'Choose another place.');
  const there = await stat(file).catch(() => undefined);
  if (there?.isDirectory() === true) throw failed('It is a folder.', 'Name a file in it.');
}

/**
 * Whole or not at all, over an old file and through a symbolic link; but what is no ordinary file (/dev/null, a pipe) is
 * written to, not replaced. `mode`: of a new file, less the umask. Rejects with StoreFailure or CliFailure.
 */
export async function writeOutput(file: string, content: Uint8Array | string, mode: number): Promise<void> {
  if (file === '-') return writeStandardOutput(content);
  const there = await stat(file).catch(() => undefined);
  if (there === undefined || there.isFile())
    return replaceFile(await realpath(file).catch(() => path.resolve(file)), content, mode);
  await writeFile(file, content).catch((error: unknown) => {
    const advice = 'Choose another place, or make this one writable.';
    throw new CliFailure({ attempted: `write ${file}`, reason: systemReason(error), advice }, error);
  });
}

/** Resolves when the reader has taken it; a reader that went away ends the program (main.ts). */
export function writeStandardOutput(content: Uint8Array | string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(content, (error) => (error ? reject(error) : resolve()));
  });
}
