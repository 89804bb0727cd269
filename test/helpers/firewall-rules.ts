// Hosts whose firewall was read, for tests of what it forwards and of how that is told.
import { expect } from 'vitest';
import type { Entities } from '../../shared/model/entities.ts';
import type { UnresolvedFirewall } from '../../shared/model/firewall.ts';
import type { Forward } from '../../shared/model/forward.ts';
import type { NamespaceId } from '../../shared/model/id.ts';
import { parseIptablesSave } from '../../shared/parse/firewall/iptables-save.ts';
import { parseNftRuleset } from '../../shared/parse/firewall/nft-ruleset.ts';
import { resolveModel } from '../../shared/resolve/resolve.ts';
import { aLink, anAddress, anEntities, net } from './entities.ts';
import { aFrame } from './frames.ts';

/** Whose rules they are. */
export const host = net(1);

export function rulesOf(netns: NamespaceId, text: string, by: UnresolvedFirewall['by'] = 'nft'): UnresolvedFirewall {
  const frame = aFrame(by, text);
  const { unparsable, ...ruleset } =
    by === 'nft' ? parseNftRuleset(frame) : parseIptablesSave(frame, by === 'iptables' ? 'ip' : 'ip6');
  expect(unparsable).toEqual([]);
  return { netns, by, ...ruleset, evidence: [{ frame: 0, section: by }] };
}

/** A host with one address and these rules; nothing else is on it. */
export const withRules = (text: string, by: UnresolvedFirewall['by'] = 'nft', fields: Partial<Entities> = {}) =>
  resolveModel(
    anEntities({
      links: [aLink(host, 2, 'eth0', { addresses: [anAddress('203.0.113.5/24'), anAddress('192.168.0.2/24')] })],
      firewalls: [rulesOf(host, text, by)],
      ...fields,
    }),
  );

export const inChain = (rules: string, type = 'type nat hook prerouting priority dstnat; policy accept;') =>
  `table inet t {\n\tchain c {\n\t\t${type}\n${rules
    .split('\n')
    .map((rule, i) => `\t\t${rule} # handle ${i + 2}\n`)
    .join('')}\t}\n}\n`;

export const said = ({ by, protocol, listen, target, certainty, lastPort }: Forward): string =>
  `${by} ${protocol} ${listen.address}:${listen.port}${lastPort ? `-${lastPort}` : ''} → ${target.address}:${target.port} ${certainty}`;
