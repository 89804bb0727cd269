// A process that takes a connection and makes another one of it: a published port's forwarder. Where it goes on from.
import type { Forward } from '../model/forward.ts';
import type { NamespaceId, ProcessId } from '../model/id.ts';
import type { Link } from '../model/link.ts';
import type { Look } from './look.ts';
import type { Packet } from './path.ts';
import { anew, withHop, type At } from './state.ts';

export type HandedOn =
  /** A process connects from inside the network namespace it is in now. */
  | { readonly as: 'sent'; readonly at: At; readonly process: ProcessId | undefined }
  /** A packet comes in by the device that the process serves. */
  | { readonly as: 'tap'; readonly at: At; readonly tap: Link }
  /** What is between here and where it ends is not told. */
  | { readonly as: 'ends'; readonly at: At }
  | { readonly as: 'nowhere'; readonly at: At; readonly detail: string };

interface Target {
  readonly netns: NamespaceId;
  readonly address: string;
  readonly port: number;
  readonly as: 'sent' | 'tap' | 'ends';
}

export function handedOn(look: Look, at: At, forward: Forward): HandedOn {
  const { forwarder, steps = [] } = forward;
  const to = targetOf(look, forward);
  if (!to) return { as: 'nowhere', at, detail: `${forward.target.address}:${forward.target.port}` };
  const [first] = to.as === 'ends' ? [] : steps;
  const on = withHop(at, {
    event: {
      kind: 'handed-on',
      forward: forward.id,
      process: forwarder,
      to: { address: to.address, port: to.port },
    },
    entity: forward.id,
    through: [forwarder, to.netns, ...relationsOf(look, forward.id)],
    certainty: first?.certainty ?? forward.certainty,
    rules: [first?.rule ?? forward.rule],
    evidence: first?.evidence ?? forward.evidence,
  });
  const packet: Packet = {
    family: to.address.includes(':') ? 'inet6' : 'inet',
    protocol: at.packet.protocol,
    source: undefined,
    destination: to.address,
    port: to.port,
  };
  const next = anew(on, to.netns, packet);
  if (to.as === 'ends') return { as: 'ends', at: next };
  if (to.as === 'sent') return { as: 'sent', at: next, process: senderIn(look, to.netns, forwarder) };
  const tap = tapOf(look, to.netns, forwarder);
  return tap ? { as: 'tap', at: next, tap } : { as: 'ends', at: next };
}

/** `undefined`: in which network namespace it goes on is not known. */
function targetOf(look: Look, forward: Forward): Target | undefined {
  const { target, forwarder, steps = [] } = forward;
  const process = forwarder && look.processes.get(forwarder);
  const own = process?.namespaces.net;
  if (forward.by === 'docker-proxy') {
    return own && { netns: own, address: target.address, port: target.port, as: 'sent' };
  }
  const [first] = steps;
  if (first?.to.netns !== undefined) {
    const isTap = process?.roles.some((role) => role === 'slirp4netns' || role === 'pasta') === true;
    return {
      netns: first.to.netns,
      address: first.to.address,
      port: first.to.port,
      as: isTap ? 'tap' : 'sent',
    };
  }
  return target.netns && { netns: target.netns, address: target.address, port: target.port, as: 'ends' };
}

const relationsOf = (look: Look, id: string): readonly string[] =>
  (['forwarded-by', 'listens-on'] as const).flatMap((kind) => look.from(id, kind).map((one) => one.id));

/** RootlessKit's child connects for its parent. */
function senderIn(look: Look, netns: NamespaceId, forwarder: ProcessId | undefined): ProcessId | undefined {
  if (forwarder === undefined) return undefined;
  if (look.processes.get(forwarder)?.namespaces.net === netns) return forwarder;
  const [child] = look.to(forwarder, 'rootlesskit-child-of').map(({ from }) => look.processes.get(from));
  return child?.roles.includes('rootlesskit-child') && child.namespaces.net === netns ? child.id : undefined;
}

function tapOf(look: Look, netns: NamespaceId, server: ProcessId | undefined): Link | undefined {
  const served = server === undefined ? [] : look.to(server, 'served-by');
  return served.map(({ from }) => look.links.get(from)).find((link) => link?.netns === netns);
}
