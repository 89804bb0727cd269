// What the firewall forwards and rewrites, in words.
import { expect, it } from 'vitest';
import { explain } from '../../../../shared/explain/explain.ts';
import { describeText } from '../../../../shared/explain/describe-text.ts';
import { parseNftRuleset } from '../../../../shared/parse/firewall/nft-ruleset.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { aLink, anAddress, anEntities, aNamespace, aProcess, net } from '../../../helpers/entities.ts';
import { aFrame } from '../../../helpers/frames.ts';

const netns = net(1);
const { unparsable: _, ...ruleset } = parseNftRuleset(
  aFrame(
    'nft',
    `table ip t {
	chain p {
		type nat hook prerouting priority dstnat; policy accept;
		iifname "eth0" tcp dport 80 dnat to 10.0.0.1
		iifname != "eth1" tcp dport 81 dnat to 10.0.0.1
		ip daddr 203.0.113.5 ip protocol tcp dnat to 10.0.0.2
	}
	chain o {
		type nat hook postrouting priority srcnat; policy accept;
		ip saddr 10.0.0.0/24 oifname "eth1" tcp dport 25 masquerade
		ip saddr != 10.0.0.0/16 snat to 203.0.113.5
	}
}
`,
  ),
);
const model = resolveModel(
  anEntities({
    namespaces: [aNamespace(netns)],
    processes: [aProcess(1, { namespaces: { net: 1 } })],
    links: [
      aLink(netns, 2, 'eth0', { addresses: [anAddress('203.0.113.5/24')] }),
      aLink(netns, 3, 'eth1', { addresses: [anAddress('192.0.2.2/24')] }),
    ],
    firewalls: [{ netns, by: 'nft', ...ruleset, evidence: [{ frame: 0, section: 'nft' }] }],
  }),
);

it('by which interface a connection has to come in, and each port of a whole address', () => {
  const lines = describeText(model).split('\n');
  const about = (port: string) => lines.find((line) => line.trim().startsWith(port))?.replace(/^.*· /, '');
  expect(about('0.0.0.0:80/tcp')).toMatch(/^on every address of .*, if it comes in by eth0$/);
  expect(about('0.0.0.0:81/tcp')).toMatch(/^on every address of .*, unless it comes in by eth1$/);
  expect(lines.find((line) => line.includes('203.0.113.5:1-65535'))).toContain('→ 10.0.0.2:1-65535');
});

it('what leaves as another, with all that the rule asks', () => {
  const facts = explain(model, netns)?.groups.flatMap((group) => group.facts) ?? [];
  expect(facts.filter(({ label }) => label === 'Leaves as').map(({ value }) => value)).toEqual([
    '10.0.0.0/24 with tcp dport 25 as the address of the interface it leaves by, if it leaves by eth1',
    'everything with ip saddr != 10.0.0.0/16 as 203.0.113.5',
  ]);
});
