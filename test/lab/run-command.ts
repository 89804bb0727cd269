// Runs a program to its end and tells everything it said. Shell-free: arguments are arguments.
import { spawn } from 'node:child_process';

export interface CommandResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly timeoutMs?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** The result whatever the exit status (null: ended by a signal, also ours at the time limit, 120 s unless told). */
export function runCommand(program: string, args: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: options.timeoutMs ?? 120_000,
      env: { ...process.env, LC_ALL: 'C.UTF-8', ...options.env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
    // A program that does not read its input closes the pipe under us; its exit status says what matters.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

/** Standard output of a program that has to succeed; an Error with the command line and stderr when it does not. */
export async function runOrThrow(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const result = await runCommand(program, args, options);
  if (result.status !== 0) {
    throw new Error(
      `${[program, ...args].join(' ')}: exit status ${result.status ?? 'none'}\n${result.stderr || result.stdout}`,
    );
  }
  return result.stdout;
}
