// One capture on one host: starts tcpdump where it was asked to, passes on what it writes, and ends it for certain.
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { CaptureTarget } from '../../shared/capture/capture-target.ts';
import type { SudoMode } from '../../shared/ipc/contract.ts';
import { SudoDialogue, shellStart, sudoRefused } from '../collect/sudo.ts';
import type { AskSudoPassword, ShellStart } from '../collect/sudo.ts';
import type { RemoteShell, RunningCommand } from '../ssh/remote-shell.ts';
import { captureScript } from './capture-script.ts';
import { attemptedCapture, explainEnd } from './explain.ts';
import { CaptureFailure } from './failure.ts';
import { filterWithout, ownConnection } from './own-connection.ts';
import type { OwnConnection } from './own-connection.ts';
import { SaidByHost } from './said.ts';
import type { Statistics } from './said.ts';
import { WholePackets } from './whole-packets.ts';

export interface CaptureLimits {
  readonly packets?: number;
  readonly seconds?: number;
  /** Of the capture file; it ends with the last packet that fits. */
  readonly bytes?: number;
}

export interface CaptureRequest {
  readonly target: CaptureTarget;
  /** pcap-filter(7); empty: everything. */
  readonly filter: string;
  readonly limits: CaptureLimits;
  /** Bytes kept of each packet; absent: all. */
  readonly snaplen?: number;
  /** With the packets of our own SSH connection. */
  readonly includeOwn: boolean;
}

export interface CaptureCount {
  readonly packets: number;
  /** Of the capture file. */
  readonly bytes: number;
}

export interface CaptureOptions {
  readonly sudo: SudoMode;
  /** For `ask`. */
  readonly sudoPassword?: AskSudoPassword;
  /** Ends the capture, on the host too; what was captured stays. Before it began, it is a failure: `cancelled`. */
  readonly signal: AbortSignal;
  /** Takes the capture file, always up to the end of a packet; the next piece waits for it. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** tcpdump listens. */
  readonly onStarted?: () => void;
  /** Once for each piece that arrives. */
  readonly onProgress?: (count: CaptureCount) => void;
}

export interface Captured extends CaptureCount, Statistics {
  /** `limit`: as much as was wanted; `stopped`: by the signal; `failed`: it broke off, `failure` says why. */
  readonly ended: 'limit' | 'stopped' | 'failed';
  /** CaptureFailure, SshFailure, or what `write` rejected with. */
  readonly failure?: Error;
}

/** Milliseconds tcpdump has to end by itself, which takes it a second, before its channel is closed. */
const grace = 5000;

/**
 * Resolves once it has begun and ended, however that was. Rejects, before anything was written, with CaptureFailure,
 * CollectFailure (sudo) or SshFailure.
 */
export async function capture(shell: RemoteShell, request: CaptureRequest, options: CaptureOptions): Promise<Captured> {
  if (options.signal.aborted) throw cancelled(request.target);
  const filter = filterWithout(await ownConnectionOf(shell, request, options.signal), request.filter);
  const start = shellStart(options.sudo, randomBytes(16).toString('hex'));
  const closing = new AbortController();
  const command = await shell.run(start.command, closing.signal);
  try {
    return await new Run({ command, start, request, filter, options, close: () => closing.abort() }).follow();
  } finally {
    closing.abort();
  }
}

async function ownConnectionOf(
  shell: RemoteShell,
  { target, includeOwn }: CaptureRequest,
  signal: AbortSignal,
): Promise<OwnConnection | undefined> {
  if (includeOwn || target.link?.withoutIp === true) return undefined;
  const own = await ownConnection(shell, signal);
  if (signal.aborted) throw cancelled(target);
  return own;
}

interface Started {
  readonly command: RunningCommand;
  readonly start: ShellStart;
  readonly request: CaptureRequest;
  /** For tcpdump. */
  readonly filter: string;
  readonly options: CaptureOptions;
  /** Ends it at once. */
  readonly close: () => void;
}

class Run {
  readonly #token = randomBytes(16).toString('hex');
  readonly #started: Started;
  readonly #said = new SaidByHost(this.#token);
  readonly #packets: WholePackets;
  readonly #clock = new AbortController();
  #sudoSaid = '';
  #asked = 0;
  #ready = false;
  #listening = false;
  #ended: 'limit' | 'stopped' | undefined;

  constructor(started: Started) {
    this.#started = started;
    this.#packets = new WholePackets(this.#token, started.request.limits);
  }

  async follow(): Promise<Captured> {
    const { command, options, start } = this.#started;
    const stop = (): void => this.#end('stopped');
    options.signal.addEventListener('abort', stop, { once: true });
    if (options.signal.aborted) stop();
    let broken: unknown;
    const breaks = (error: unknown): undefined => {
      broken ??= error;
      this.#started.close();
    };
    try {
      if (start.ready === undefined) this.#sendScript();
      const [, , end] = await Promise.all([
        this.#readOutput().catch(breaks),
        this.#readErrors().catch(breaks),
        command.finished.catch(breaks),
      ]);
      this.#said.end();
      return this.#result(broken, end?.status);
    } finally {
      options.signal.removeEventListener('abort', stop);
      this.#clock.abort();
    }
  }

  #result(broken: unknown, status: number | undefined): Captured {
    const failure = this.#failureOf(broken, status);
    if (!this.#listening) {
      if (this.#ended === 'stopped') throw cancelled(this.#started.request.target);
      throw failure ?? this.#explain(status);
    }
    const { packets, bytes, enough } = this.#packets;
    // What was on its way when it was stopped may have been enough.
    const ended = enough ? 'limit' : (this.#ended ?? 'limit');
    return {
      packets,
      bytes,
      ...this.#said.statistics,
      ended: failure === undefined ? ended : 'failed',
      ...(failure !== undefined && { failure }),
    };
  }

  /** undefined: it ended as it should. */
  #failureOf(broken: unknown, status: number | undefined): Error | undefined {
    if (broken !== undefined) return broken instanceof Error ? broken : new Error(String(broken));
    if (!this.#ready) return sudoRefused(this.#withoutMarkers(), this.#asked);
    const done = this.#ended !== undefined || (status === 0 && this.#listening);
    return done ? undefined : this.#explain(status);
  }

  #explain(status: number | undefined): CaptureFailure {
    return explainEnd(this.#started.request, this.#said, status);
  }

  #sendScript(): void {
    this.#ready = true;
    const { command, filter, request } = this.#started;
    const { netns, link } = request.target;
    const script = captureScript({
      token: this.#token,
      boot_id: request.target.bootId ?? '',
      inode: netns.inode,
      marks: netns.marks,
      ways: netns.ways,
      interface: link?.name ?? '',
      ifindex: link?.ifindex,
      filter,
      packets: request.limits.packets,
      snaplen: request.snaplen,
    });
    // Not ended yet: its end is the end of the capture.
    command.stdin.write(script);
    if (this.#ended !== undefined) command.stdin.end();
  }

  async #readOutput(): Promise<void> {
    const { command, options } = this.#started;
    for await (const chunk of command.stdout) {
      const whole = this.#packets.add(chunk);
      if (this.#packets.problem !== undefined) throw malformed(this.#started.request.target);
      if (whole.length === 0) continue;
      if (!this.#listening) this.#listen();
      await options.write(whole);
      options.onProgress?.({ packets: this.#packets.packets, bytes: this.#packets.bytes });
      if (this.#packets.enough) this.#end('limit');
    }
  }

  #listen(): void {
    const { options, request } = this.#started;
    this.#listening = true;
    options.onStarted?.();
    const { seconds } = request.limits;
    if (seconds === undefined) return;
    delay(seconds * 1000, undefined, { signal: this.#clock.signal }).then(
      () => this.#end('limit'),
      () => undefined,
    );
  }

  async #readErrors(): Promise<void> {
    const { command, start, options } = this.#started;
    const ask = options.sudoPassword ?? (() => Promise.resolve(undefined));
    const sudo = new SudoDialogue(start, ask, (text) => command.stdin.write(text));
    for await (const chunk of command.stderr) {
      const text = Buffer.from(chunk).toString('utf8');
      if (this.#ready) {
        this.#said.add(text);
        continue;
      }
      this.#sudoSaid = (this.#sudoSaid + text).slice(-longestSaid);
      if (await sudo.hear(text)) this.#sendScript();
      this.#asked = sudo.asked;
    }
  }

  /** Lets tcpdump end by itself, so that it says what it has and how many were lost. */
  #end(how: 'limit' | 'stopped'): void {
    if (this.#ended !== undefined) return;
    this.#ended = how;
    this.#started.command.stdin.end();
    setTimeout(this.#started.close, this.#ready ? grace : 0).unref();
  }

  #withoutMarkers(): string {
    const { wants, ready } = this.#started.start;
    return [wants, ready].reduce<string>((text, marker) => text.replaceAll(marker ?? '\0', ''), this.#sudoSaid);
  }
}

const longestSaid = 8192;

const malformed = (target: CaptureTarget): CaptureFailure =>
  new CaptureFailure({
    code: 'capture-malformed',
    attempted: attemptedCapture(target),
    reason: 'What came is no capture file.',
    advice: 'Run tcpdump -w there by hand, and see what else writes to its output.',
  });

const cancelled = (target: CaptureTarget): CaptureFailure =>
  new CaptureFailure({
    code: 'cancelled',
    attempted: attemptedCapture(target),
    reason: 'It was cancelled.',
    advice: 'Start it again when you are ready.',
  });
