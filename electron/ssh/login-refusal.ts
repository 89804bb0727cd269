// Cloud images answer the wrong user with a sentence instead of a shell (cloud-init's disable_root_opts):
//   Please login as the user "ec2-user" rather than the user "root".
// and then sleep for ten seconds. It is heard here, so that nobody waits for it or takes it for an answer.
import { SshFailure } from './failure.ts';
import { nameOf } from './target.ts';
import type { SshTarget } from './target.ts';

/** The sentence stands at the very beginning; what comes later is a command's own output. */
const listenFor = 300;

export class LoginRefusal {
  readonly #target: SshTarget;
  readonly #refused: (failure: SshFailure) => void;
  #heard = '';

  constructor(target: SshTarget, refused: (failure: SshFailure) => void) {
    this.#target = target;
    this.#refused = refused;
  }

  hear(chunk: Uint8Array): void {
    if (this.#heard.length >= listenFor) return;
    this.#heard += Buffer.from(chunk).toString('latin1').slice(0, listenFor);
    const user = /^\s*Please login as the user "([a-z_][a-z0-9_-]*)"/i.exec(this.#heard)?.[1];
    if (user === undefined) return;
    this.#heard = ' '.repeat(listenFor);
    this.#refused(
      new SshFailure({
        code: 'wrong-user',
        attempted: `run a command as ${nameOf(this.#target)}`,
        reason: `The host wants you to log in as ${user}, not as ${this.#target.user}.`,
        advice: `Change the user to ${user}.`,
      }),
    );
  }
}
