// A transcript, from wherever the command line says, and what this machine knows about it.
import { hostname, userInfo } from 'node:os';
import type { SectionProgress } from '../../shared/collect/frame-counter.ts';
import { readTranscript } from '../../shared/collect/read-transcript.ts';
import type { SudoMode } from '../../shared/ipc/contract.ts';
import { collect } from '../collect/collect.ts';
import type { Collected } from '../collect/collect.ts';
import type { AskSudoPassword } from '../collect/sudo.ts';
import { connect } from '../ssh/connect.ts';
import { LocalShell } from '../ssh/local-shell.ts';
import type { RemoteShell } from '../ssh/remote-shell.ts';
import type { HostOrLocal, Source } from './command.ts';
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
  return source.from === 'transcript'
    ? kept(source.file, circumstances.signal)
    : onHost(source, circumstances, (host) => collectFrom(host, circumstances));
}

/** A host, or this machine, that commands can be run on. */
export interface ReachedHost {
  readonly shell: RemoteShell;
  /** `user@host`, or the name of this machine. */
  readonly label: string;
  readonly user: string;
  readonly sudo: SudoMode;
  readonly sudoPassword: AskSudoPassword;
}

/** Connects, has the work done, and ends the connection. Rejects with SshFailure or CliFailure, and as the work does. */
export async function onHost<T>(
  source: HostOrLocal,
  circumstances: Circumstances,
  work: (host: ReachedHost) => Promise<T>,
): Promise<T> {
  const host = source.from === 'host' ? await overSsh(source, circumstances) : here(source, circumstances);
  try {
    return await work(host);
  } finally {
    await host.shell.close();
  }
}

export async function collectFrom(
  { shell, label, user, sudo, sudoPassword }: ReachedHost,
  { signal, progress }: Circumstances,
): Promise<Obtained> {
  progress.say('Starting the script …');
  const onProgress = (part: SectionProgress): void => progress.section(part);
  const collected = await collect(shell, { sudo, sudoPassword, signal, onProgress });
  return { ...collected, hostLabel: label, user, collectedAt: new Date() };
}

async function overSsh(source: HostSource, { signal, progress, say }: Circumstances): Promise<ReachedHost> {
  const terminal = findTerminal(signal);
  const pause = (): void => progress.clear();
  const target = await sshTarget(source, terminal !== undefined);
  const files = knownHosts(source);
  const { acceptNewHostKey, sudo } = source;
  const label = `${target.user}@${target.host}`;
  progress.say(`Connecting to ${target.host} …`);
  const shell = await connect(target, {
    signal,
    knownHosts: files,
    questions: sshQuestions({ terminal, acceptNewHostKey, keptIn: files.append, say, pause }),
    onAuthenticating: () => progress.say(`Logging in as ${label} …`),
  });
  return { shell, label, user: target.user, sudo, sudoPassword: askedOnce(sudoQuestion(terminal, label, pause)) };
}

function here({ sudo }: Extract<Source, { readonly from: 'local' }>, { signal, progress }: Circumstances): ReachedHost {
  if (process.platform !== 'linux')
    throw new CliFailure({
      attempted: 'ask this machine',
      reason: 'It has no Linux namespaces.',
      advice: 'Give a Linux host instead: user@host',
    });
  const ask = sudoQuestion(findTerminal(signal), hostname(), () => progress.clear());
  const sudoPassword = askedOnce(ask);
  return { shell: new LocalShell(), label: hostname(), user: userInfo().username, sudo, sudoPassword };
}

/** For two commands in a row: the answer that was right for the first is given to the second. */
function askedOnce(ask: AskSudoPassword): AskSudoPassword {
  let answer: string | undefined;
  return async ({ again }) => (answer = again || answer === undefined ? await ask({ again }) : answer);
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
