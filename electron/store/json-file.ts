// A small JSON file that a program owns. What cannot be understood is set aside, never overwritten and never lost.
import { copyFile, readFile, rename } from 'node:fs/promises';
import type { z } from 'zod';
import { StoreFailure, systemReason } from './failure.ts';
import { replaceFile } from './replace-file.ts';

export interface JsonFileContent<T> {
  /** undefined: there was no file, or it was set aside. */
  readonly value: T | undefined;
  /** What a person should know: the file was damaged and where it is now. */
  readonly notice: StoreFailure | undefined;
}

/** Rejects with StoreFailure (file-unreadable) when the file is there and cannot be read at all. */
export async function readJsonFile<T>(file: string, schema: z.ZodType<T>): Promise<JsonFileContent<T>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { value: undefined, notice: undefined };
    throw new StoreFailure(
      {
        code: 'file-unreadable',
        attempted: `read ${file}`,
        reason: systemReason(error),
        advice: 'Make it readable for you, then start again.',
      },
      error,
    );
  }
  try {
    return { value: schema.parse(JSON.parse(text)), notice: undefined };
  } catch (error) {
    return { value: undefined, notice: await setAside(file, whatIsWrong(error)) };
  }
}

export async function writeJsonFile(file: string, value: unknown): Promise<void> {
  await replaceFile(file, `${JSON.stringify(value, null, 2)}\n`);
}

/** Moves a file out of the way, or copies it when `keep` says that the rest of it is still used. */
export async function setAside(file: string, reason: string, keep = false): Promise<StoreFailure> {
  const aside = `${file}.damaged-${new Date().toISOString().replace(/[:.]/g, '-')}`;
  await (keep ? copyFile(file, aside) : rename(file, aside));
  return new StoreFailure({
    code: 'file-damaged',
    attempted: `read ${file}`,
    reason,
    advice: `Nothing was deleted: what it held is in ${aside}.`,
  });
}

function whatIsWrong(error: unknown): string {
  if (error instanceof SyntaxError) return `It is not JSON (${error.message}).`;
  const issue = (error as Partial<z.ZodError>).issues?.[0];
  return issue === undefined ? String(error) : `${issue.path.join('.') || 'It'}: ${issue.message}.`;
}
