// What `ip -batch` is given for one network namespace, in order (shared/collect/README.md), and which of it failed.
// A line of a batch cannot choose its family: routes are picked by `root`, IPv6 rules have a section of their own.
import { netQuestions } from '../../model/net-questions.ts';
import { causeOf } from '../refusals.ts';
import type { Cause } from '../refusals.ts';

export type About = 'address' | 'route' | 'rule' | 'neighbour' | 'next-hop' | 'netconf';

export interface NetCommand {
  readonly text: string;
  readonly about: About;
  readonly family?: 'inet' | 'inet6';
}

// A line of a batch cannot choose its family (`-4 route …` is no command there, iproute2 6.1): `root` picks it instead.
// Rules have no such filter: IPv6's come in a frame of their own (section `rule6`).
const about: Readonly<Record<(typeof netQuestions)[number], Omit<NetCommand, 'text'>>> = {
  'addr show': { about: 'address' },
  'route show table all root 0.0.0.0/0': { about: 'route', family: 'inet' },
  'route show table all root ::/0': { about: 'route', family: 'inet6' },
  'rule show': { about: 'rule', family: 'inet' },
  'neigh show': { about: 'neighbour' },
  'nexthop show': { about: 'next-hop' },
  'neigh show proxy': { about: 'neighbour' },
  'netconf show': { about: 'netconf' },
};

export const netCommands: readonly NetCommand[] = netQuestions.map((text) => ({ text, ...about[text] }));

export interface FailedCommand {
  readonly command: NetCommand;
  /** What ip said before `Command failed`. */
  readonly message: string;
  readonly cause: Cause | undefined;
}

/**
 * Reads `ip -force -batch`'s standard error: what went wrong, then which line of the batch it was.
 *
 *   RTNETLINK answers: Operation not supported
 *   Dump terminated
 *   Command failed -:5
 */
export function readFailedCommands(stderr: string): readonly FailedCommand[] {
  const failed: FailedCommand[] = [];
  let said: string[] = [];
  for (const line of stderr.split('\n')) {
    const number = /^Command failed .{0,80}:(\d+)$/.exec(line)?.[1];
    if (number === undefined) {
      if (line !== '') said.push(line);
      continue;
    }
    const command = netCommands[Number(number) - 1];
    const message = said.join('; ');
    if (command) failed.push({ command, message, cause: causeOf(message) });
    said = [];
  }
  return failed;
}
