// nsatlas collect: a host's answers, saved as a snapshot.
import type { Model } from '../../shared/model/model.ts';
import { summarise } from '../../shared/explain/summarise.ts';
import { isUnseen } from '../../shared/model/finding.ts';
import { deriveModel } from '../../shared/snapshot/derive.ts';
import { packSnapshot } from '../store/snapshot-file.ts';
import { snapshotHeader } from '../store/snapshot-header.ts';
import type { CollectCommand } from './command.ts';
import { collectedStatus } from './exit-status.ts';
import type { ExitStatus } from './exit-status.ts';
import { checkOutput, outputName, writeOutput } from './files.ts';
import { obtain } from './obtain.ts';
import type { Circumstances } from './obtain.ts';
import { counted, sizeOf } from './quantities.ts';

/** Command lines of processes are in it: for its owner alone. */
const secret = 0o600;

export async function collectCommand(
  { source, output }: CollectCommand,
  circumstances: Circumstances,
  version: string,
): Promise<ExitStatus> {
  const { signal, progress, say } = circumstances;
  await checkOutput(output, 'a snapshot');
  const { transcript, hostLabel, user, collectedAt, complete, reason } = await obtain(source, circumstances);
  progress.say('Saving …');
  const { model } = deriveModel(transcript);
  const about = {
    hostLabel: hostLabel ?? (model.host.hostname || 'host'),
    user,
    collectedAt: collectedAt ?? new Date(model.host.collectedAt ?? Date.now()),
    version,
  };
  const file = await packSnapshot(snapshotHeader(transcript, about), transcript);
  signal.throwIfAborted();
  await writeOutput(output, file, secret);
  progress.clear();
  say(`${outputName(output)}: ${contentOf(model)}, ${sizeOf(file.length)}`);
  if (!complete) say(`It is not whole. ${reason ?? ''}`.trim());
  say(summarise(model));
  const unseen = unseenOf(model);
  if (unseen !== undefined) say(`${unseen}${output === '-' ? '' : ` Which: nsatlas show ${output}`}`);
  return collectedStatus(model);
}

function contentOf({ host, namespaces, processes, containers }: Model): string {
  const netns = namespaces.filter(({ kind }) => kind === 'net').length;
  const counts = [
    counted(processes.length, 'process', 'processes'),
    counted(netns, 'network namespace', 'network namespaces'),
    counted(containers.length, 'container', 'containers'),
  ];
  return [host.hostname || 'unknown host', ...counts].join(', ');
}

/** One clause for the kinds of gaps, most frequent first; undefined when there are none. */
function unseenOf({ findings }: Model): string | undefined {
  const kinds = new Map<string, number>();
  for (const finding of findings.filter(isUnseen)) {
    const kind = finding.kind.replaceAll('-', ' ');
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  if (kinds.size === 0) return undefined;
  const said = [...kinds].sort((a, b) => b[1] - a[1]).map(([kind, count]) => `${count} ${kind}`);
  return `Not seen: ${said.join(', ')}.`;
}
