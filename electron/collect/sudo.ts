// How the script's shell is started: as the login user, or through sudo.
import type { SudoMode } from '../../shared/ipc/contract.ts';
import { CollectFailure, cancelled } from './failure.ts';

/** Answers undefined when the person wants to stop. */
export type AskSudoPassword = (question: { readonly again: boolean }) => Promise<string | undefined>;

export interface ShellStart {
  /** For the login shell, whichever it is: only words and single quotes. */
  readonly command: string;
  /** What sudo writes to standard error when it wants the password. */
  readonly wants?: string;
  /** What is written there once the shell waits for the script; without it, it waits from the beginning. */
  readonly ready?: string;
}

/** `nonce`: hex digits nobody on the host can foresee. */
export function shellStart(mode: SudoMode, nonce: string): ShellStart {
  switch (mode) {
    case 'never':
      return { command: 'sh -s' };
    case 'try':
      return { command: "sh -c 'sudo -n sh -c : </dev/null >/dev/null 2>&1 && exec sudo -n sh -s; exec sh -s'" };
    case 'ask': {
      const [wants, ready] = [`nsatlas-password-${nonce}`, `nsatlas-ready-${nonce}`];
      return { command: `sudo -S -p '${wants}' sh -c 'echo ${ready} >&2; exec sh -s'`, wants, ready };
    }
  }
}

/**
 * Reads standard error until the shell waits for the script, and answers sudo. The password is only ever written after
 * sudo asked for it, since what comes too early would be read as a part of the script.
 * Resolves false when the command ended before that; what it said is for `sudoRefused`.
 */
export class SudoDialogue {
  readonly #start: ShellStart;
  readonly #ask: AskSudoPassword;
  readonly #write: (text: string) => void;
  #unread = '';
  #asked = 0;

  constructor(start: ShellStart, ask: AskSudoPassword, write: (text: string) => void) {
    this.#start = start;
    this.#ask = ask;
    this.#write = write;
  }

  /** How often the password was asked for. */
  get asked(): number {
    return this.#asked;
  }

  /** Takes what came on standard error; true when the shell is ready. */
  async hear(text: string): Promise<boolean> {
    const { wants, ready } = this.#start;
    this.#unread += text;
    if (ready !== undefined && this.#unread.includes(ready)) return true;
    if (wants !== undefined && this.#unread.includes(wants)) {
      this.#unread = this.#unread.slice(this.#unread.lastIndexOf(wants) + wants.length);
      const password = await this.#ask({ again: this.#asked > 0 });
      this.#asked += 1;
      if (password === undefined) throw cancelled();
      this.#write(`${password}\n`);
    }
    return false;
  }
}

/** `said`: the host's standard error. `asked`: how often sudo wanted the password. */
export function sudoRefused(said: string, asked: number): CollectFailure {
  const words = lastLine(said);
  if (asked > 0 && /incorrect password|try again|no password was provided/i.test(said)) {
    return new CollectFailure({
      code: 'sudo-password-wrong',
      attempted: 'become root with sudo',
      reason: `sudo did not accept the password${words === '' ? '' : ` (${words})`}.`,
      advice: "sudo wants this user's own password on that host. Or choose not to use sudo.",
    });
  }
  return new CollectFailure({
    code: 'sudo-refused',
    attempted: 'become root with sudo',
    reason: `sudo did not start${words === '' ? '' : ` (${words})`}.`,
    advice: 'Choose not to use sudo: nsatlas then shows what this user may see, and says what it may not.',
  });
}

/** Without the dot at its end: it becomes a part of a sentence. */
export const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.trim().replace(/\.$/, '') ?? '';
