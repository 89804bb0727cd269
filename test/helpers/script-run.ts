// Runs the collector's script under a shell of choice, and finds whatever it may have left behind.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { collectorScript } from '../../electron/collect/collector-script.ts';
import { readTranscript } from '../../shared/collect/read-transcript.ts';
import type { Transcript } from '../../shared/model/transcript.ts';

/** The shells that a host may have for sh. */
export const shells: readonly { readonly name: string; readonly shell: readonly string[] }[] = [
  { name: 'dash', shell: ['dash'] },
  { name: 'bash', shell: ['bash', '--posix'] },
  { name: 'BusyBox', shell: ['busybox', 'ash'] },
];

/** Words that make the rest of a command run as nobody special. */
export const asNobody: readonly string[] =
  process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];

export interface ScriptRun {
  readonly child: ChildProcess;
  /** Environment variable that everything it starts inherits. */
  readonly mark: string;
}

/** `settings`: lines before the script. `change`: makes a question of the script another one. */
export function startScript(
  shell: readonly string[],
  settings: Readonly<Record<string, string | number>> = {},
  change: (text: string) => string = (text) => text,
): ScriptRun {
  const mark = `NSATLAS_TEST_MARK=${randomUUID()}`;
  const [name = 'sh', ...words] = [...shell, '-s'];
  const child = spawn(name, words, { env: { ...process.env, ...Object.fromEntries([mark.split('=')]) } });
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}\n`);
  child.stdin.on('error', () => undefined);
  child.stdin.end(lines.join('') + change(collectorScript));
  return { child, mark };
}

/** A change for startScript: the host's own facts are asked and nothing else. */
export function aboutHostOnly(text: string): string {
  const rest = /(?<=\n {2}host_facts\n)( {2}.*\n)*? {2}networks everything_else\n/;
  if (!rest.test(text)) throw new Error('The order of the questions in run.sh is another now.');
  return text.replace(rest, '');
}

export interface ScriptResult {
  readonly bytes: Buffer;
  readonly errors: string;
  readonly status: number | null;
  readonly transcript: Transcript;
}

export async function resultOf({ child }: ScriptRun): Promise<ScriptResult> {
  const chunks: Buffer[] = [];
  let errors = '';
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  const bytes = Buffer.concat(chunks);
  return { bytes, errors, status, transcript: readTranscript(bytes) };
}

/** PIDs that carry the mark. Processes of other users are not seen. */
export function leftBehind(mark: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(mark);
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Waits until nothing carries the mark, at most so long; returns what still does. */
export async function leftAfter(mark: string, milliseconds: number): Promise<readonly number[]> {
  const end = Date.now() + milliseconds;
  while (leftBehind(mark).length > 0 && Date.now() < end) await sleep(50);
  return leftBehind(mark);
}
