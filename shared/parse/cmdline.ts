// /proc/PID/cmdline (proc_pid_cmdline(5)) through `grep -aH ''`: arguments, each ended by NUL. A newline in an argument
// makes further lines under the same path. Empty for kernel threads and zombies.
//
//   /proc/9/cmdline:sh\0-c\0echo a
//   /proc/9/cmdline:echo b\0
//
// A program that rewrote its title (setproctitle) leaves one text, often followed by NULs up to the old length:
//
//   /proc/9/cmdline:nginx: worker process\0\0\0\0\0
import type { Evidence } from '../model/evidence.ts';
import { evidenceAt } from './parsed.ts';
import type { Parsed, Source } from './parsed.ts';
import { forEachProcFile } from './proc-lines.ts';

export interface CommandLine {
  readonly pid: number;
  readonly argv: readonly string[];
  readonly evidence: Evidence;
}

export function parseCommandLines(source: Source): Parsed<CommandLine> {
  const facts: CommandLine[] = [];
  const unparsable = forEachProcFile(source, 'cmdline', ({ pid, content, line }) => {
    facts.push({ pid, argv: splitArguments(content), evidence: evidenceAt(source, line) });
  });
  return { facts, unparsable };
}

function splitArguments(content: string): readonly string[] {
  if (content === '') return [];
  const whole = content.endsWith('\0') ? content.slice(0, -1) : content;
  const argv = whole.split('\0');
  const [title = '', ...rest] = argv;
  return title.includes(' ') && rest.every((argument) => argument === '') ? [title] : argv;
}
