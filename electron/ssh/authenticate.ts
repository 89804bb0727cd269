// Proving who we are: the ways of the target in their order, as the steps of one conversation with the server
// (RFC 4252: it answers each step with what may go on, and whether the step counted).
import type { AuthenticationType, AnyAuthMethod } from 'ssh2';
import { agentSocket, openAgent } from './agent.ts';
import type { ReadyAgent } from './agent.ts';
import { SshFailure, cancelled } from './failure.ts';
import { readPrivateKey } from './private-key.ts';
import type { LockedKey, UnlockedKey } from './private-key.ts';
import { nameOf } from './target.ts';
import type { PasswordQuestion, SshAuthentication, SshQuestions, SshTarget } from './target.ts';

/** What the server said to the step before. */
export interface ServerAnswer {
  readonly canContinue: readonly AuthenticationType[];
  /** The step was right and another one is wanted too. */
  readonly partial: boolean;
}

export type PreparedWay =
  | { readonly kind: 'key'; readonly key: LockedKey }
  | { readonly kind: 'held-key'; readonly privateKey: string }
  | { readonly kind: 'agent'; readonly agent: ReadyAgent }
  | { readonly kind: 'password' };

/** How often a person may mistype. */
const tries = 3;

/** Reads what can be read before there is a connection. With several ways, those that are not there are left out. */
export async function prepareWays(ways: readonly SshAuthentication[]): Promise<readonly PreparedWay[]> {
  const results = await Promise.allSettled(ways.map(prepareWay));
  const ready = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = results.find((result) => result.status === 'rejected');
  if (ready.length === 0 && failed !== undefined) throw failed.reason;
  return ready;
}

async function prepareWay(way: SshAuthentication): Promise<PreparedWay> {
  switch (way.kind) {
    case 'key':
      return { kind: 'key', key: await readPrivateKey(way.keyFile) };
    case 'agent':
      return { kind: 'agent', agent: await openAgent(way.socket ?? agentSocket()) };
    case 'held-key':
    case 'password':
      return way;
  }
}

/** Yields steps, is told the answer to each, and throws SshFailure when there is nothing left to try. */
export async function* authenticate(
  target: SshTarget,
  ways: readonly PreparedWay[],
  questions: SshQuestions,
): AsyncGenerator<AnyAuthMethod, void, ServerAnswer> {
  const username = target.user;
  const tried: string[] = [];
  // Asked first as OpenSSH does: the answer tells which ways the server takes at all.
  let answer = yield { type: 'none', username };
  for (const way of ways) {
    if (way.kind === 'key' && takes(answer, 'publickey')) {
      tried.push(`the key ${way.key.keyFile}`);
      answer = yield { type: 'publickey', username, ...(await unlock(target, way.key, questions)) };
    } else if (way.kind === 'held-key' && takes(answer, 'publickey')) {
      tried.push('the key it was given');
      answer = yield { type: 'publickey', username, key: way.privateKey };
    } else if (way.kind === 'agent' && takes(answer, 'publickey')) {
      tried.push(`${way.agent.keys} key${way.agent.keys === 1 ? '' : 's'} of the agent`);
      answer = yield { type: 'agent', username, agent: way.agent.agent };
    } else if (way.kind === 'password') {
      answer = yield* passwords(target, answer, questions, tried);
    }
    // A host may want a second factor after a key.
    if (answer.partial) answer = yield* passwords(target, answer, questions, tried);
  }
  throw refused(target, ways, answer, tried);
}

async function* passwords(
  target: SshTarget,
  first: ServerAnswer,
  questions: SshQuestions,
  tried: string[],
): AsyncGenerator<AnyAuthMethod, ServerAnswer, ServerAnswer> {
  const username = target.user;
  let answer = first;
  for (let count = 0; count < tries; count += 1) {
    const again = count > 0;
    const ask = (text?: string): Promise<string> => askPassword(target, questions, again, text);
    if (takes(answer, 'password')) {
      answer = yield { type: 'password', username, password: await ask() };
    } else if (takes(answer, 'keyboard-interactive')) {
      let stopped: unknown;
      const conversation = yield {
        type: 'keyboard-interactive',
        username,
        prompt: (_name, _instructions, _language, prompts, finish) => {
          answerAll(prompts, ask).then(finish, (error: unknown) => {
            stopped = error;
            finish(prompts.map(() => ''));
          });
        },
      };
      if (stopped !== undefined) throw stopped;
      answer = conversation;
    } else return answer;
    if (count === 0) tried.push('a password');
    if (answer.partial) count = -1;
  }
  return answer;
}

/** `Password:` is asked in the window's own words, everything else (a code of a device) in the host's. */
async function answerAll(
  prompts: readonly { readonly prompt: string }[],
  ask: (text?: string) => Promise<string>,
): Promise<string[]> {
  const answers: string[] = [];
  for (const { prompt } of prompts) answers.push(await ask(/password/i.test(prompt) ? undefined : prompt.trim()));
  return answers;
}

async function askPassword(
  target: SshTarget,
  questions: SshQuestions,
  again: boolean,
  text: string | undefined,
): Promise<string> {
  const question: PasswordQuestion = { user: target.user, host: target.host, again };
  const answer = await questions.password(text === undefined ? question : { ...question, text });
  if (answer === undefined) throw cancelled(`log in as ${nameOf(target)}`);
  return answer;
}

async function unlock(target: SshTarget, key: LockedKey, questions: SshQuestions): Promise<UnlockedKey> {
  if (!key.encrypted) return key.unlock() ?? wrongPassphrase(key);
  for (let count = 0; count < tries; count += 1) {
    const passphrase = await questions.passphrase({ keyFile: key.keyFile, again: count > 0 });
    if (passphrase === undefined) throw cancelled(`log in as ${nameOf(target)}`);
    const unlocked = key.unlock(passphrase);
    if (unlocked !== undefined) return unlocked;
  }
  return wrongPassphrase(key);
}

function wrongPassphrase(key: LockedKey): never {
  throw new SshFailure({
    code: 'passphrase-wrong',
    attempted: `unlock the private key ${key.keyFile}`,
    reason: `The passphrase was wrong ${tries} times.`,
    advice: `Try it in a terminal: ssh-keygen -yf '${key.keyFile}'`,
  });
}

function takes(answer: ServerAnswer, method: AuthenticationType): boolean {
  return answer.canContinue.includes(method);
}

function refused(
  target: SshTarget,
  ways: readonly PreparedWay[],
  answer: ServerAnswer,
  tried: readonly string[],
): SshFailure {
  const offered = answer.canContinue.join(', ') || 'nothing';
  return new SshFailure({
    code: 'authentication-failed',
    attempted: `log in as ${nameOf(target)}`,
    reason:
      tried.length === 0
        ? `The host does not take ${ways.map((way) => way.kind).join(' or ')}; it takes ${offered}.`
        : `The host refused ${tried.join(' and ')}; it takes ${offered}.`,
    advice: authenticationAdvice,
  });
}

export const authenticationAdvice =
  "Check the user name (Amazon Linux: ec2-user, Ubuntu: ubuntu, Debian: admin) and that the key's public half stands in " +
  "that user's ~/.ssh/authorized_keys.";
