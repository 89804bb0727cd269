// A forward and its relations, once a rule has found out what is forwarded where.
import type { Certainty, Evidence } from '../../model/evidence.ts';
import type { Forward } from '../../model/forward.ts';
import type { UnresolvedProcess } from '../../model/entities.ts';
import type { Relation } from '../../model/relation.ts';
import type { Known } from '../known.ts';
import { saidIn } from '../process-evidence.ts';
import { relation, uniqueEvidence } from '../relation.ts';
import type { LinkingRule } from '../rules.ts';
import { listeningSocket } from './listening.ts';
import type { Reached } from './reach.ts';

export interface Found {
  readonly forward: Forward;
  readonly relations: readonly Relation[];
}

export function forwardTo(
  known: Known,
  what: {
    readonly by: string;
    readonly protocol: 'tcp' | 'udp';
    readonly listen: Forward['listen'];
    readonly target: Forward['target'];
    readonly forwarder: UnresolvedProcess;
    readonly certainty: Certainty;
    readonly rule: LinkingRule;
    readonly evidence: readonly Evidence[];
    readonly container?: { readonly reached: Reached; readonly certainty: Certainty; readonly rule: LinkingRule };
  },
): Found {
  const { listen, protocol, forwarder, container } = what;
  const listening = listeningSocket(known, listen, protocol, forwarder.id);
  const id: Forward['id'] = `forward:${what.by}/${listen.netns ?? 'unknown'}/${protocol}/${listen.address}:${listen.port}`;
  const relations = [
    relation('forwarded-by', id, forwarder.id, {
      certainty: listening?.held ? 'certain' : 'inferred',
      rule: what.rule,
      evidence: [...what.evidence, ...saidIn(forwarder, 'cmdline')],
    }),
  ];
  if (listening) {
    relations.push(
      relation('listens-on', id, listening.socket.id, {
        certainty: listening.held ? 'certain' : 'inferred',
        rule: listening.held ? 'forward.socket-held-by-forwarder' : 'forward.socket-same-address',
        evidence: listening.socket.evidence,
      }),
    );
  }
  if (container) {
    const { reached } = container;
    relations.push(
      relation('forwards-to', id, reached.container.id, {
        certainty: container.certainty,
        rule: container.rule,
        evidence: [...what.evidence, ...reached.link.evidence],
      }),
    );
  }
  return {
    forward: {
      id,
      by: what.by,
      protocol,
      listen,
      target: what.target,
      forwarder: forwarder.id,
      ...(listening === undefined ? {} : { socket: listening.socket.id }),
      ...(container === undefined ? {} : { container: container.reached.container.id }),
      certainty: what.certainty,
      rule: what.rule,
      evidence: uniqueEvidence([
        ...what.evidence,
        ...(listening?.socket.evidence ?? []),
        ...(container?.reached.link.evidence ?? []),
      ]),
    },
    relations,
  };
}
