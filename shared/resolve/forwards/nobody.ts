// A port that is forwarded to where nobody listens: connections to it are refused.
import type { Finding } from '../../model/finding.ts';
import type { Forward } from '../../model/forward.ts';
import type { Known, Pass } from '../known.ts';
import { finding } from '../relation.ts';

export const nobodyListens: Pass = {
  name: 'nobody listens',
  run: (known) => {
    const seen = new Set(known.entities.socketsSeenIn);
    return {
      findings: known.forwards
        .filter(({ protocol, target, servers, container, certainty, lastPort }) => {
          const there = target.netns !== undefined && seen.has(target.netns) && lastPort === undefined;
          // A datagram socket need not be bound where it is looked for.
          return there && protocol === 'tcp' && !servers && certainty !== 'ambiguous' && container !== undefined;
        })
        .map((forward) => said(forward, known)),
    };
  },
};

function said(forward: Forward, { containers }: Known): Finding {
  const container = containers.find(({ id }) => id === forward.container)?.name ?? '';
  const listen = `${forward.listen.address}:${forward.listen.port}`;
  const target = `${forward.target.address}:${forward.target.port}`;
  return finding('note', 'forward.nobody-listens', [forward.id, ...(forward.container ? [forward.container] : [])], {
    message: `${listen} is handed on to ${target} of ${container}, where nobody listens: connections are refused.`,
    values: { listen, target, container },
    evidence: forward.evidence,
  });
}
