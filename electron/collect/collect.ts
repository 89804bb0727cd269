// One run: starts a shell on the host, gives it the script, and keeps what it says, byte for byte.
import { randomBytes } from 'node:crypto';
import { FrameCounter } from '../../shared/collect/frame-counter.ts';
import type { SectionProgress } from '../../shared/collect/frame-counter.ts';
import type { SudoMode } from '../../shared/ipc/contract.ts';
import type { RemoteShell, RunningCommand } from '../ssh/remote-shell.ts';
import { collectorScript } from './collector-script.ts';
import { CollectFailure, cancelled } from './failure.ts';
import { SudoDialogue, lastLine, shellStart, sudoRefused } from './sudo.ts';
import type { AskSudoPassword, ShellStart } from './sudo.ts';

export interface CollectLimits {
  /** Seconds for all questions together; kept by the host and, a little longer, by us. */
  readonly runSeconds: number;
  /** Seconds for one question. */
  readonly questionSeconds: number;
  /** Bytes of one answer. */
  readonly answerBytes: number;
  /** Bytes of everything. */
  readonly transcriptBytes: number;
}

export const defaultLimits: CollectLimits = {
  runSeconds: 180,
  questionSeconds: 20,
  answerBytes: 32 * 1024 * 1024,
  transcriptBytes: 512 * 1024 * 1024,
};

export interface CollectOptions {
  readonly sudo: SudoMode;
  /** For `ask`. */
  readonly sudoPassword?: AskSudoPassword;
  /** Ends the run, on the host too. */
  readonly signal: AbortSignal;
  /** The script runs and its first line has come. */
  readonly onStarted?: () => void;
  /** What a section has given so far; once for each part that arrives. */
  readonly onProgress?: (progress: SectionProgress) => void;
  readonly limits?: Partial<CollectLimits>;
}

export interface Collected {
  /** As it came, a talkative login shell's words included. */
  readonly transcript: Uint8Array;
  /** False when it broke off: what arrived is there all the same. */
  readonly complete: boolean;
  /** Why it is not complete: one sentence. */
  readonly reason?: string;
}

/** Rejects with CollectFailure, or with the SshFailure that ended the run before anything arrived. */
export async function collect(shell: RemoteShell, options: CollectOptions): Promise<Collected> {
  if (options.signal.aborted) throw cancelled();
  const limits = { ...defaultLimits, ...options.limits };
  const start = shellStart(options.sudo, randomBytes(16).toString('hex'));
  const ending = new AbortController();
  const end = (): void => ending.abort();
  options.signal.addEventListener('abort', end, { once: true });
  try {
    const command = await shell.run(start.command, ending.signal);
    return await new Run(command, start, options, limits, end).follow();
  } catch (error) {
    end();
    throw options.signal.aborted ? cancelled() : error;
  } finally {
    options.signal.removeEventListener('abort', end);
  }
}

class Run {
  readonly #command: RunningCommand;
  readonly #start: ShellStart;
  readonly #options: CollectOptions;
  readonly #limits: CollectLimits;
  readonly #giveUp: () => void;
  readonly #counter = new FrameCounter();
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;
  #said = '';
  #asked = 0;
  #ready = false;
  /** Why we ended it ourselves. */
  #reason: string | undefined;

  constructor(
    command: RunningCommand,
    start: ShellStart,
    options: CollectOptions,
    limits: CollectLimits,
    giveUp: () => void,
  ) {
    this.#command = command;
    this.#start = start;
    this.#options = options;
    this.#limits = limits;
    this.#giveUp = giveUp;
  }

  async follow(): Promise<Collected> {
    if (this.#start.ready === undefined) this.#sendScript();
    // The host keeps its own time; ours is for a host that does not.
    const patience = setTimeout(
      () => this.#end('The host took too long.'),
      (this.#limits.runSeconds + this.#limits.questionSeconds) * 1000,
    );
    let lost: unknown;
    try {
      const [, , end] = await Promise.all([
        this.#readOutput(),
        this.#readErrors(),
        this.#command.finished.catch((error: unknown) => void (lost = error)),
      ]);
      if (this.#options.signal.aborted) throw cancelled();
      if (!this.#counter.started) throw lost ?? this.#nothingCame(end?.status);
    } finally {
      clearTimeout(patience);
    }
    const complete = this.#counter.complete;
    const reason = this.#reason ?? (lost instanceof Error ? lost.message : 'The script ended before it was through.');
    return { transcript: joined(this.#chunks, this.#bytes), complete, ...(!complete && { reason }) };
  }

  #sendScript(): void {
    this.#ready = true;
    const { runSeconds, questionSeconds, answerBytes } = this.#limits;
    const token = randomBytes(16).toString('hex');
    const settings = [
      `token=${token}`,
      `run_seconds=${runSeconds}`,
      `question_seconds=${questionSeconds}`,
      `answer_bytes=${answerBytes}`,
    ];
    this.#command.stdin.end(`${settings.join('\n')}\n${collectorScript}`);
  }

  async #readOutput(): Promise<void> {
    for await (const chunk of this.#command.stdout) {
      const before = this.#counter.started;
      this.#chunks.push(chunk);
      this.#bytes += chunk.length;
      const progress = this.#counter.add(chunk);
      if (!before && this.#counter.started) this.#options.onStarted?.();
      for (const section of progress) this.#options.onProgress?.(section);
      if (this.#bytes > this.#limits.transcriptBytes) this.#end('The host said more than a snapshot may hold.');
    }
  }

  async #readErrors(): Promise<void> {
    const ask = this.#options.sudoPassword ?? (() => Promise.resolve(undefined));
    const sudo = new SudoDialogue(this.#start, ask, (text) => this.#command.stdin.write(text));
    for await (const chunk of this.#command.stderr) {
      const text = Buffer.from(chunk).toString('utf8');
      this.#said = (this.#said + text).slice(-longestSaid);
      if (this.#ready) continue;
      if (await sudo.hear(text)) this.#sendScript();
      this.#asked = sudo.asked;
    }
  }

  #end(reason: string): void {
    this.#reason ??= reason;
    this.#giveUp();
  }

  #nothingCame(status: number | undefined): CollectFailure {
    const said = this.#withoutMarkers();
    if (!this.#ready) return sudoRefused(said, this.#asked);
    const words = lastLine(said) || lastLine(Buffer.concat(this.#chunks.slice(0, 4)).toString('utf8'));
    return new CollectFailure({
      code: 'no-transcript',
      attempted: 'run the script on the host',
      reason:
        this.#reason ??
        `The host's shell ended (status ${status ?? 'unknown'}) without running it${words === '' ? '' : `: ${words}`}.`,
      advice: 'Check that this user may run commands there: ssh USER@HOST sh -c true',
    });
  }

  #withoutMarkers(): string {
    const { wants, ready } = this.#start;
    return [wants, ready].reduce<string>((text, marker) => text.replaceAll(marker ?? '\0', ''), this.#said);
  }
}

const longestSaid = 8192;

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
