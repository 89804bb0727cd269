// nsatlas trace: the path of a packet through what a snapshot says, on standard output.
import { describeTrace, tellNotTraced } from '../../shared/explain/tell-trace.ts';
import { printableJson, printableValue } from '../../shared/explain/printable.ts';
import type { Model } from '../../shared/model/model.ts';
import type { TraceRequest } from '../../shared/trace/path.ts';
import { readStart, readTarget, type NotRead } from '../../shared/trace/read-place.ts';
import { tracePath } from '../../shared/trace/trace.ts';
import type { TraceCommand } from './command.ts';
import { CliFailure } from './failure.ts';
import { writeStandardOutput } from './files.ts';
import { openSnapshot } from './open-snapshot.ts';

/** Rejects with CliFailure, also where a place is not in the snapshot or nothing can be traced from it. */
export async function traceCommand(command: TraceCommand): Promise<void> {
  const model = printableValue(await openSnapshot(command.file));
  const request = requestOf(model, command);
  const trace = tracePath(model, request);
  if ('problem' in trace) {
    throw new CliFailure({
      attempted: `trace from ${command.from} to ${command.to}`,
      reason: tellNotTraced(model, trace),
      advice: `nsatlas show ${command.file} lists what is there.`,
    });
  }
  const text =
    command.format === 'json'
      ? `${printableJson(JSON.stringify({ request, ...trace }, null, 2))}\n`
      : describeTrace(model, request, trace);
  await writeStandardOutput(text);
}

function requestOf(model: Model, { file, from, to, protocol, port }: TraceCommand): TraceRequest {
  const start = readStart(model, from);
  if ('problem' in start) throw notRead(start, from, file);
  const target = readTarget(model, to);
  if ('problem' in target) throw notRead(target, to, file);
  const asked = port ?? target.port;
  return {
    from: start,
    to: target.to,
    ...(protocol === undefined ? {} : { protocol }),
    ...(asked === undefined ? {} : { port: asked }),
  };
}

const reasons: Readonly<Record<NotRead['problem'], (text: string, names: readonly string[]) => string>> = {
  'nothing-of-that-name': (text) => `There is no ${text} in the snapshot.`,
  'several-of-that-name': (text, names) => `${text} may be ${names.slice(0, 8).join(', ')}.`,
  'not-a-start': (text) => `${text} is an address: a packet begins in a network namespace.`,
  'not-a-port': (_, [port = '']) => `${port} is no port.`,
};

const notRead = ({ problem, names }: NotRead, text: string, file: string): CliFailure =>
  new CliFailure({
    attempted: `trace: ${text}`,
    reason: reasons[problem](text, names),
    advice: `Give a container’s name, a PID or a network namespace, as nsatlas show ${file} has them.`,
  });
