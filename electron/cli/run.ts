// One command line, from its words to its exit status.
import { collectorScript } from '../collect/collector-script.ts';
import { readArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { captureCommand } from './capture-command.ts';
import { collectCommand } from './collect-command.ts';
import { exitStatus } from './exit-status.ts';
import { exportCommand } from './export-command.ts';
import { UsageError, failureLines, isCancelled } from './failure.ts';
import { writeStandardOutput } from './files.ts';
import { help } from './help.ts';
import { listenForInterruption, statusOfSignal } from './interruption.ts';
import type { Interruption } from './interruption.ts';
import { printable } from '../../shared/explain/printable.ts';
import { ProgressLine } from './progress-line.ts';
import { showCommand } from './show-command.ts';
import { traceCommand } from './trace-command.ts';

/** `args`: without the program's own name. Results go to standard output, all else to standard error. Never rejects. */
export async function run(args: readonly string[], version: string): Promise<number> {
  const interruption = listenForInterruption();
  const progress = new ProgressLine(process.stderr);
  const say = (text: string): void => {
    progress.clear();
    process.stderr.write(`${text}\n`);
  };
  try {
    return await perform(readArguments(args), version, { interruption, progress, say });
  } catch (error) {
    const by = interruption.by();
    if (by !== undefined || isCancelled(error)) {
      say('nsatlas: stopped');
      return statusOfSignal(by ?? 'SIGINT');
    }
    say(failureLines(error));
    return error instanceof UsageError ? exitStatus.usage : exitStatus.failed;
  } finally {
    interruption.stop();
  }
}

interface Around {
  readonly interruption: Interruption;
  readonly progress: ProgressLine;
  readonly say: (text: string) => void;
}

async function perform(command: Command, version: string, { interruption, progress, say }: Around): Promise<number> {
  switch (command.name) {
    case 'help':
      await writeStandardOutput(help(command.about));
      return exitStatus.done;
    case 'version':
      await writeStandardOutput(`nsatlas ${version}\n`);
      return exitStatus.done;
    case 'script':
      await writeStandardOutput(collectorScript);
      return exitStatus.done;
    case 'collect': {
      const circumstances = { signal: interruption.signal, progress, say: (line: string) => say(printable(line)) };
      return collectCommand(command, circumstances, version);
    }
    case 'capture': {
      const circumstances = { signal: interruption.signal, progress, say: (line: string) => say(printable(line)) };
      return captureCommand(command, circumstances);
    }
    case 'show':
      // Nothing has to be wound down: the signal itself ends these.
      interruption.stop();
      await showCommand(command);
      return exitStatus.done;
    case 'trace':
      interruption.stop();
      await traceCommand(command);
      return exitStatus.done;
    case 'export':
      interruption.stop();
      await exportCommand(command);
      return exitStatus.done;
  }
}
