// The ssh agent: asked for its keys first, so that "no agent" and "an empty agent" are told apart from "refused".
import ssh2 from 'ssh2';
import type { BaseAgent } from 'ssh2';
import { SshFailure } from './failure.ts';

export interface ReadyAgent {
  readonly agent: BaseAgent;
  /** How many keys it holds that can be offered; security keys and certificates are not among them. */
  readonly keys: number;
}

/** Where the agent listens; undefined when nothing says so. Apps started from a dock do not see a shell's variables. */
export function agentSocket(): string | undefined {
  const told = process.env['SSH_AUTH_SOCK'];
  if (told !== undefined && told !== '') return told;
  return process.platform === 'win32' ? '\\\\.\\pipe\\openssh-ssh-agent' : undefined;
}

/** Rejects with SshFailure: agent-unavailable, agent-empty. */
export async function openAgent(socket: string | undefined): Promise<ReadyAgent> {
  const attempted = 'ask the ssh agent for its keys';
  if (socket === undefined)
    throw new SshFailure({
      code: 'agent-unavailable',
      attempted,
      reason: 'No agent is known: SSH_AUTH_SOCK is not set.',
      advice: 'Start one (eval "$(ssh-agent)"; ssh-add) and start nsatlas from that terminal, or choose a key file.',
    });
  const agent = ssh2.createAgent(socket);
  const keys = await new Promise<number>((resolve, reject) => {
    agent.getIdentities((error, found) => {
      if (error === undefined || error === null) resolve(found?.length ?? 0);
      else
        reject(
          new SshFailure(
            {
              code: 'agent-unavailable',
              attempted,
              reason: `Nobody answers at ${socket} (${error.message}).`,
              advice: 'Start the agent (ssh-add -l shows whether it runs), or choose a key file.',
            },
            error,
          ),
        );
    });
  });
  if (keys > 0) return { agent, keys };
  throw new SshFailure({
    code: 'agent-empty',
    attempted,
    reason: `The agent at ${socket} holds no key that can be used here.`,
    advice: 'Add one with ssh-add, or choose a key file. Security keys and certificates are not supported yet.',
  });
}
