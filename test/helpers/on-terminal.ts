// The command line as a person at a terminal runs it.
import { spawn } from 'node:child_process';
import type { CommandLine } from './command-line.ts';

/**
 * On a terminal of its own (util-linux's script makes one). Each answer is typed when the text before it has appeared.
 * `shown`: all that the terminal has shown.
 */
export function onTerminalOf(
  cli: CommandLine,
  args: readonly string[],
  answers: readonly (readonly [awaited: string, typed: string])[],
): Promise<{ readonly status: number | null; readonly shown: string }> {
  const words = [process.execPath, cli.program, ...args].map((word) => `'${word}'`).join(' ');
  // The shell, whichever $SHELL is, becomes the command: one that waits is ended by Ctrl+C, and its status is the one told.
  const child = spawn('script', ['-qec', `exec ${words}`, '/dev/null'], {
    cwd: cli.folder,
    env: cli.env,
    stdio: 'pipe',
  });
  const left = [...answers];
  let [shown, unread] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    unread += text;
    const [awaited, typed] = left[0] ?? [];
    if (awaited === undefined || typed === undefined || !unread.includes(awaited)) return;
    left.shift();
    unread = '';
    child.stdin.write(typed);
  });
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, shown })));
}
