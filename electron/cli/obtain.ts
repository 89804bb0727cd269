// A transcript, from wherever the command line says, and what this machine knows about it.
import { hostname, userInfo } from 'node:os';
import { readTranscript } from '../../shared/collect/read-transcript.ts';
import { collect } from '../collect/collect.ts';
import type { CollectOptions, Collected } from '../collect/collect.ts';
import { connect } from '../ssh/connect.ts';
import { LocalShell } from '../ssh/local-shell.ts';
import type { RemoteShell } from '../ssh/remote-shell.ts';
import type { Source } from './arguments.ts';
import { CliFailure } from './failure.ts';
import { inputName, readInput } from './files.ts';
import type { ProgressLine } from './progress-line.ts';
import { sshQuestions, sudoQuestion } from './questions.ts';
import { knownHosts, sshTarget } from './ssh-target.ts';
import type { HostSource } from './ssh-target.ts';
import { findTerminal } from './terminal.ts';

export interface Obtained extends Collected {
  /** `user@host`; undefined: as the host calls itself. */
  readonly hostLabel: string | undefined;
  /** Login name, should the host not have said it. */
  readonly user: string;
  /** This machine's clock; undefined: somebody else collected, and only the host's clock is known. */
  readonly collectedAt: Date | undefined;
}

export interface Circumstances {
  readonly signal: AbortSignal;
  readonly progress: ProgressLine;
  /** Says a line on standard error. */
  readonly say: (line: string) => void;
}

/** Rejects with SshFailure, CollectFailure or CliFailure. */
export function obtain(source: Source, circumstances: Circumstances): Promise<Obtained> {
  switch (source.from) {
    case 'host':
      return overSsh(source, circumstances);
    case 'local':
      return here(source, circumstances);
    case 'transcript':
      return kept(source.file, circumstances.signal);
  }
}

async function overSsh(source: HostSource, { signal, progress, say }: Circumstances): Promise<Obtained> {
  const terminal = findTerminal(signal);
  const pause = (): void => progress.clear();
  const target = await sshTarget(source, terminal !== undefined);
  const files = knownHosts(source);
  const { acceptNewHostKey } = source;
  const label = `${target.user}@${target.host}`;
  progress.say(`Connecting to ${target.host} …`);
  const shell = await connect(target, {
    signal,
    knownHosts: files,
    questions: sshQuestions({ terminal, acceptNewHostKey, keptIn: files.append, say, pause }),
    onAuthenticating: () => progress.say(`Logging in as ${label} …`),
  });
  const sudoPassword = sudoQuestion(terminal, label, pause);
  const collected = await run(shell, { sudo: source.sudo, sudoPassword, signal }, progress);
  return { ...collected, hostLabel: label, user: target.user, collectedAt: new Date() };
}

async function here(
  { sudo }: Extract<Source, { readonly from: 'local' }>,
  { signal, progress }: Circumstances,
): Promise<Obtained> {
  if (process.platform !== 'linux')
    throw new CliFailure({
      attempted: 'collect from this machine',
      reason: 'It has no Linux namespaces.',
      advice: 'Give a Linux host instead: nsatlas collect user@host -o FILE',
    });
  const sudoPassword = sudoQuestion(findTerminal(signal), hostname(), () => progress.clear());
  const collected = await run(new LocalShell(), { sudo, sudoPassword, signal }, progress);
  return { ...collected, hostLabel: hostname(), user: userInfo().username, collectedAt: new Date() };
}

async function run(shell: RemoteShell, options: CollectOptions, progress: ProgressLine): Promise<Collected> {
  try {
    progress.say('Starting the script …');
    return await collect(shell, { ...options, onProgress: (part) => progress.section(part) });
  } finally {
    await shell.close();
  }
}

async function kept(file: string, signal: AbortSignal): Promise<Obtained> {
  const attempted = `read the transcript in ${inputName(file)}`;
  const transcript = await readInput(file, attempted, signal);
  const { version, complete } = readTranscript(transcript);
  if (version === 0)
    throw new CliFailure({
      attempted,
      reason: transcript.length === 0 ? 'It is empty.' : 'There is no transcript in it.',
      advice: 'Give what the script printed: nsatlas script > collect.sh; sh collect.sh > FILE',
    });
  const reason = complete ? {} : { reason: 'The transcript ends before the script was through.' };
  return { transcript, complete, ...reason, hostLabel: undefined, user: '', collectedAt: undefined };
}
