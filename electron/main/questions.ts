// What a host, a key or sudo want to know on the way, asked in the window; the answers belong to one run or capture.
import type { Prompt } from '../../shared/ipc/contract.ts';
import type { SshQuestions } from '../ssh/target.ts';
import type { Prompts } from './prompts.ts';

export function questionsOf(prompts: Prompts, runId: string, signal: AbortSignal): SshQuestions {
  return {
    unknownHostKey: async ({ host, port, keyType, fingerprint, alsoKnownAs }) => {
      const prompt = { kind: 'unknown-host-key', host, port, keyType, fingerprint, alsoKnownAs } as const;
      return (await prompts.ask(runId, prompt, signal)).accept;
    },
    passphrase: (question) => askSecret(prompts, runId, { kind: 'passphrase', ...question }, signal),
    password: (question) => askSecret(prompts, runId, { kind: 'password', ...question }, signal),
  };
}

/** undefined: the person said no, or it is over. */
export async function askSecret(
  prompts: Prompts,
  runId: string,
  prompt: Prompt,
  signal: AbortSignal,
): Promise<string | undefined> {
  const answer = await prompts.ask(runId, prompt, signal);
  return answer.accept ? (answer.secret ?? '') : undefined;
}
