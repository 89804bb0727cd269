// Whether IPsec policies may be at work (ip xfrm policy): they are not asked for (README.md), but who sets them shows.
import type { NamespaceId } from '../model/id.ts';
import { isListening } from '../model/listening.ts';
import type { Look } from './look.ts';
import type { Doubt } from './path.ts';

/** IKE, and IKE through NAT (RFC 7296, 2.23). */
const exchanges = [500, 4500];

const interfaces: ReadonlySet<string> = new Set(['xfrm', 'vti', 'vti6']);

export function atPolicies(look: Look, netns: NamespaceId): readonly Doubt[] {
  const sign = interfaceIn(look, netns) ?? exchangeIn(look, netns);
  return sign === undefined ? [] : [{ code: 'ipsec', text: sign }];
}

function interfaceIn(look: Look, netns: NamespaceId): string | undefined {
  const link = look.linksOf(netns).find(({ kind }) => interfaces.has(kind));
  return link && `${link.name} (${link.kind})`;
}

function exchangeIn(look: Look, netns: NamespaceId): string | undefined {
  const port = exchanges.find((one) => look.socketsAt(netns, one).some((socket) => isListening(socket, 'udp')));
  return port === undefined ? undefined : `udp port ${port}`;
}
