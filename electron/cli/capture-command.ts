// nsatlas capture: packets of one network namespace of a host, as a pcap file.
import { capture } from '../capture/capture.ts';
import type { Captured } from '../capture/capture.ts';
import { deriveModel } from '../../shared/snapshot/derive.ts';
import type { Model } from '../../shared/model/model.ts';
import type { CaptureTarget } from '../../shared/capture/capture-target.ts';
import { GrowingFile } from '../store/growing-file.ts';
import type { CaptureCommand } from './command.ts';
import { findTarget } from './capture-place.ts';
import { exitStatus } from './exit-status.ts';
import type { ExitStatus } from './exit-status.ts';
import { failureLines } from './failure.ts';
import { checkOutput, outputName, writeStandardOutput } from './files.ts';
import { collectFrom, onHost } from './obtain.ts';
import type { Circumstances, ReachedHost } from './obtain.ts';
import { openSnapshot } from './open-snapshot.ts';
import { counted, sizeOf } from './quantities.ts';

/** What people say to each other is in it: for its owner alone. */
const secret = 0o600;

/** Rejects before anything was captured; later failures are said, and what was captured is kept. */
export async function captureCommand(command: CaptureCommand, circumstances: Circumstances): Promise<ExitStatus> {
  const { source, snapshot, output } = command;
  const { progress, say } = circumstances;
  await checkOutput(output, 'a capture');
  const kept = snapshot === undefined ? undefined : findTarget(await openSnapshot(snapshot), command);
  const captured = await onHost(source, circumstances, async (host) => {
    const target = kept ?? findTarget(await collectedModel(host, circumstances), command);
    progress.say('Starting tcpdump …');
    return captureTo(output, host, target, command, circumstances);
  });
  progress.clear();
  say(`${outputName(output)}: ${describe(captured)}`);
  if (captured.failure === undefined) return exitStatus.done;
  say(failureLines(captured.failure));
  say('It broke off; what was captured before that is in the file.');
  return exitStatus.failed;
}

async function collectedModel(host: ReachedHost, circumstances: Circumstances): Promise<Model> {
  const { transcript } = await collectFrom(host, circumstances);
  return deriveModel(transcript).model;
}

async function captureTo(
  file: string,
  { shell, sudo, sudoPassword }: ReachedHost,
  target: CaptureTarget,
  { filter, packets, seconds, bytes, snaplen, includeOwn }: CaptureCommand,
  { signal, progress }: Circumstances,
): Promise<Captured> {
  const limits = {
    ...(packets !== undefined && { packets }),
    ...(seconds !== undefined && { seconds }),
    ...(bytes !== undefined && { bytes }),
  };
  const request = { target, filter, limits, includeOwn, ...(snaplen !== undefined && { snaplen }) };
  const where = `${target.link?.name ?? 'all interfaces'} of ${target.netns.name}`;
  const output = file === '-' ? undefined : new GrowingFile(file, secret);
  try {
    return await capture(shell, request, {
      sudo,
      sudoPassword,
      signal,
      write: (piece) => output?.write(piece) ?? writeStandardOutput(piece),
      onStarted: () => progress.say(`Listening on ${where}. Ctrl+C ends it.`),
      onProgress: (so) =>
        progress.often(() => `${counted(so.packets, 'packet', 'packets')}, ${sizeOf(so.bytes)}, on ${where}`),
    });
  } finally {
    await output?.close();
  }
}

/** `12 packets, 3 kB; 0 dropped by kernel` */
function describe({ packets, bytes, droppedByKernel, droppedByInterface }: Captured): string {
  const dropped = [
    ...(droppedByKernel === undefined ? [] : [`${droppedByKernel} dropped by kernel`]),
    ...(droppedByInterface === undefined ? [] : [`${droppedByInterface} dropped by interface`]),
  ];
  const lost = dropped.length === 0 ? 'tcpdump did not say how many were dropped' : dropped.join(', ');
  return `${counted(packets, 'packet', 'packets')}, ${sizeOf(bytes)}; ${lost}`;
}
