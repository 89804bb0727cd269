// A forward and its relations, once a rule has found out what is forwarded where.
import type { Certainty, Evidence } from '../../model/evidence.ts';
import type { Forward, ForwardStep } from '../../model/forward.ts';
import type { ProcessId } from '../../model/id.ts';
import type { UnresolvedProcess } from '../../model/entities.ts';
import type { Relation } from '../../model/relation.ts';
import type { Known } from '../known.ts';
import { saidIn } from '../process-evidence.ts';
import { relation, uniqueEvidence } from '../relation.ts';
import type { LinkingRule } from '../rules.ts';
import { listenersAt, type Listeners } from './listener.ts';
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
    readonly forwarder?: UnresolvedProcess;
    /** Tells forwards of one port apart. */
    readonly variant?: string;
    readonly lastPort?: number;
    readonly incoming?: Forward['incoming'];
    readonly steps?: readonly ForwardStep[];
    readonly certainty: Certainty;
    readonly rule: LinkingRule;
    readonly evidence: readonly Evidence[];
    readonly container?: { readonly reached: Reached; readonly certainty: Certainty; readonly rule: LinkingRule };
    /** Containers that may have the target's address, where it is not decided which of them is meant. */
    readonly candidates?: readonly Reached[];
  },
): Found {
  const { listen, protocol, forwarder, container, target } = what;
  // What the kernel rewrites needs no socket.
  const listening = forwarder && listeningSocket(known, listen, protocol, forwarder.id);
  const id: Forward['id'] = `forward:${what.by}/${listen.netns ?? 'unknown'}/${protocol}/${listen.address}:${listen.port}${what.variant ?? ''}`;
  const relations: Relation[] = [];
  if (forwarder) {
    relations.push(
      relation('forwarded-by', id, forwarder.id, {
        certainty: listening?.held ? 'certain' : 'inferred',
        rule: what.rule,
        evidence: [...what.evidence, ...saidIn(forwarder, 'cmdline')],
      }),
    );
  }
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
  for (const { container: candidate, link } of what.candidates ?? []) {
    relations.push(
      relation('forwards-to', id, candidate.id, {
        certainty: 'ambiguous',
        rule: 'forward.several-containers',
        evidence: [...what.evidence, ...link.evidence],
      }),
    );
  }
  const listeners = answering(known, what);
  if (listeners) relations.push(...reaches(id, listeners));
  return {
    forward: {
      id,
      by: what.by,
      protocol,
      listen,
      ...(what.lastPort === undefined ? {} : { lastPort: what.lastPort }),
      ...(what.incoming === undefined ? {} : { incoming: what.incoming }),
      target,
      ...(forwarder === undefined ? {} : { forwarder: forwarder.id }),
      ...(listening === undefined ? {} : { socket: listening.socket.id }),
      ...(container === undefined ? {} : { container: container.reached.container.id }),
      ...(what.steps === undefined ? {} : { steps: what.steps }),
      ...(listeners === undefined ? {} : answered(listeners)),
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

function answering(
  known: Known,
  {
    target: { netns, ...at },
    listen,
    lastPort,
    protocol,
    forwarder,
  }: Pick<Forward, 'target' | 'listen' | 'lastPort' | 'protocol'> & { readonly forwarder?: UnresolvedProcess },
): Listeners | undefined {
  // A range that goes on one to one ends at as many ports.
  if (lastPort !== undefined && at.port === listen.port) return undefined;
  const from = forwarder ? undefined : listen.netns;
  return netns === undefined ? undefined : listenersAt(known, { ...at, netns }, protocol, from);
}

export function answered({ sockets }: Listeners): Pick<Forward, 'targetSocket' | 'servers'> {
  const servers = [...new Set(sockets.flatMap(({ processIds }) => processIds))];
  const [socket] = sockets;
  return socket && sockets.length === 1 ? { targetSocket: socket.id, servers } : { servers };
}

export function reaches(id: Forward['id'], { sockets, certainty, rule }: Listeners): readonly Relation[] {
  const evidence = new Map<ProcessId, readonly Evidence[]>();
  for (const socket of sockets) {
    for (const process of socket.processIds) {
      evidence.set(process, [...(evidence.get(process) ?? []), ...socket.evidence]);
    }
  }
  return [...evidence].map(([process, lines]) =>
    relation('reaches', id, process, { certainty, rule, evidence: uniqueEvidence(lines) }),
  );
}
