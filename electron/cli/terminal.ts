// The person at the terminal, whatever standard input and output are: questions go to /dev/tty, as ssh's own do.
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { printable } from '../../shared/explain/printable.ts';
import { SecretLine } from './secret-line.ts';

export interface Terminal {
  /** Shows the answer while it is typed; undefined when the person wants to stop. */
  ask(question: string): Promise<string | undefined>;
  /** Shows nothing of it. */
  askSecret(question: string): Promise<string | undefined>;
}

/** undefined where nobody can be asked: cron, a service, a pipeline of a build. `signal` ends an open question. */
export function findTerminal(signal: AbortSignal): Terminal | undefined {
  const open = openTerminal();
  if (open === undefined) return undefined;
  open.close();
  return {
    ask: (question) => answer(question, false, signal),
    askSecret: (question) => answer(question, true, signal),
  };
}

interface OpenTerminal {
  readonly input: number;
  readonly output: number;
  readonly close: () => void;
}

function openTerminal(): OpenTerminal | undefined {
  if (process.platform === 'win32')
    return process.stdin.isTTY ? { input: 0, output: 2, close: () => undefined } : undefined;
  try {
    const file = openSync('/dev/tty', constants.O_RDWR | constants.O_NOCTTY);
    return { input: file, output: file, close: () => closeSync(file) };
  } catch {
    return undefined;
  }
}

function answer(question: string, secret: boolean, signal: AbortSignal): Promise<string | undefined> {
  const terminal = openTerminal();
  if (terminal === undefined || signal.aborted) return Promise.resolve(undefined);
  // From here on the stream owns the file and closes it.
  const input = new ReadStream(terminal.input);
  // Not raw for what may be seen: the terminal echoes and edits. Before the question, or a quick answer would be seen.
  if (secret) input.setRawMode(true);
  writeSync(terminal.output, question);
  const line = new SecretLine();
  return new Promise((resolve) => {
    const end = (text: string | undefined): void => {
      signal.removeEventListener('abort', stop);
      input.removeAllListeners('data').on('error', () => undefined);
      if (secret) {
        input.setRawMode(false);
        writeSync(terminal.output, '\n');
      }
      input.destroy();
      resolve(text);
    };
    const stop = (): void => end(undefined);
    signal.addEventListener('abort', stop, { once: true });
    input.once('error', stop).once('end', stop);
    input.on('data', (bytes: Buffer) => {
      const typed = line.type(bytes);
      if (typed !== undefined) end(typed ?? undefined);
    });
  });
}

/** A question with words of a host in it: they are made printable, it ends in a blank. */
export const questionOf = (words: string): string => `${printable(words.trim())} `;
