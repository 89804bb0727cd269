// What a host, a key or sudo want to know on the way, asked on the terminal; without one, the way ends with a failure
// that says what to give instead.
import type { AskSudoPassword } from '../collect/sudo.ts';
import { CollectFailure } from '../collect/failure.ts';
import { SshFailure } from '../ssh/failure.ts';
import { knownHostsName } from '../ssh/known-hosts.ts';
import type { SshQuestions, UnknownHostKey } from '../ssh/target.ts';
import { questionOf } from './terminal.ts';
import type { Terminal } from './terminal.ts';

export interface Asking {
  readonly terminal: Terminal | undefined;
  readonly acceptNewHostKey: boolean;
  /** Where accepted keys are kept. */
  readonly keptIn: string;
  /** Says a line on standard error. */
  readonly say: (line: string) => void;
  /** Takes the progress line away, so that a question stands alone. */
  readonly pause: () => void;
}

export function sshQuestions({ terminal, acceptNewHostKey, keptIn, say, pause }: Asking): SshQuestions {
  return {
    unknownHostKey: async (key) => {
      if (acceptNewHostKey) {
        say(`${hostOf(key)} is new: ${key.keyType} ${key.fingerprint} is kept in ${keptIn}.`);
        return true;
      }
      if (terminal === undefined) throw unknownHost(key);
      pause();
      return asksYes(terminal, key, keptIn);
    },
    passphrase: async ({ keyFile, again }) => {
      if (terminal === undefined) throw locked(keyFile);
      pause();
      return terminal.askSecret(questionOf(`${again ? 'That was wrong. ' : ''}Passphrase of ${keyFile}:`));
    },
    password: async ({ user, host, again, text }) => {
      if (terminal === undefined) throw noPassword(user, host);
      pause();
      const wanted = text === undefined ? `Password of ${user}@${host}:` : `${user}@${host}: ${text}`;
      return terminal.askSecret(questionOf(`${again ? 'That was wrong. ' : ''}${wanted}`));
    },
  };
}

/** `whose`: `ec2-user@192.0.2.1`, or the name of this machine. */
export function sudoQuestion(terminal: Terminal | undefined, whose: string, pause: () => void): AskSudoPassword {
  return async ({ again }) => {
    if (terminal === undefined)
      throw new CollectFailure({
        code: 'sudo-refused',
        attempted: 'become root with sudo',
        reason: 'sudo wants a password, and there is no terminal to ask for it.',
        advice: 'Run it from a terminal, or use --sudo try: sudo only where it needs no password.',
      });
    pause();
    return terminal.askSecret(questionOf(`${again ? 'That was wrong. ' : ''}Password for sudo, ${whose}:`));
  };
}

async function asksYes(terminal: Terminal, key: UnknownHostKey, keptIn: string): Promise<boolean> {
  const others = key.alsoKnownAs.length === 0 ? '' : ` The same key is known as ${key.alsoKnownAs.join(', ')}.`;
  const lines = [
    questionOf(`${hostOf(key)} is not known yet. Its key is ${key.keyType} ${key.fingerprint}.${others}`),
    questionOf(`Is that the right host? Its key will be kept in ${keptIn}. [yes/no]`),
  ];
  for (let question = lines.join('\n'); ; question = questionOf('yes or no?')) {
    const said = (await terminal.ask(question))?.trim().toLowerCase();
    if (said === 'yes') return true;
    if (said === undefined || said === 'no' || said === 'n') return false;
  }
}

const hostOf = ({ host, port }: UnknownHostKey): string => knownHostsName(host, port);

const unknownHost = (key: UnknownHostKey): SshFailure =>
  new SshFailure({
    code: 'host-key-rejected',
    attempted: `connect to ${key.host} port ${key.port}`,
    reason: `The host is not known yet, and there is no terminal to ask. Its key is ${key.keyType} ${key.fingerprint}.`,
    advice:
      'If that is the right one, use --accept-new-host-key, or name a file that has it: --known-hosts FILE ' +
      '(ssh-keyscan writes such lines).',
  });

const locked = (keyFile: string): SshFailure =>
  new SshFailure({
    code: 'passphrase-wrong',
    attempted: `unlock the private key ${keyFile}`,
    reason: 'It has a passphrase, and there is no terminal to ask for it.',
    advice: 'Run it from a terminal, or let an agent hold the key (ssh-add) and leave out -i.',
  });

const noPassword = (user: string, host: string): SshFailure =>
  new SshFailure({
    code: 'authentication-failed',
    attempted: `log in as ${user}@${host}`,
    reason: 'The host wants a password, and there is no terminal to ask for it.',
    advice: 'Run it from a terminal, or use a key: -i KEY',
  });
