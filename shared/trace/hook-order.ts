// Which base chains are asked at a hook, and in which order (nft(8), CHAINS).
import type { FirewallChain, UnresolvedFirewall } from '../model/firewall.ts';

export type Hook = 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';

/**
 * `nat`: chains that rewrite; they are asked for the first packet of a connection only, and all of them at one place among
 * the others, whatever their own priority is (NF_IP_PRI_NAT_DST, NF_IP_PRI_NAT_SRC). `beside`: chains of just that priority,
 * asked before it or behind it, which is not told (see equal-priority.ts).
 */
export type Which = 'before' | 'beside' | 'nat' | 'after';

const priorities: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
};

/** `dstnat`, `srcnat + 10`, `-100`: what comes first has the lower one. Those of iptables-save are its tables. */
export function priorityOf({ priority = '', hook, type }: FirewallChain): number {
  if (priority === 'nat' && type === 'nat') return hook === 'postrouting' || hook === 'input' ? 100 : -100;
  const match = /^([a-z]+)?\s*([+-])?\s*(\d+)?$/.exec(priority);
  const base = priorities[match?.[1] ?? ''] ?? 0;
  const more = Number(match?.[3] ?? 0);
  return match?.[2] === '-' ? base - more : base + more;
}

/** Conntrack looks at what comes in and at what is sent, at priority -200; behind that its state is known. */
export function isTracked(chain: FirewallChain): boolean | 'not-told' {
  const priority = priorityOf(chain);
  if (chain.hook !== 'prerouting' && chain.hook !== 'output') return true;
  return priority === -200 ? 'not-told' : priority > -200;
}

function whichOf(chain: FirewallChain): Which {
  if (chain.type === 'nat') return 'nat';
  const nat = chain.hook === 'postrouting' || chain.hook === 'input' ? 100 : -100;
  const priority = priorityOf(chain);
  if (priority === nat) return 'beside';
  return priority < nat ? 'before' : 'after';
}

/**
 * The tables of iptables over nftables that nft listed as well, as far as it can say them: iptables-save says them whole. An old
 * table is another one, whatever it is called.
 */
function listedTwice(firewalls: readonly UnresolvedFirewall[]): ReadonlySet<string> {
  const size = (one: UnresolvedFirewall, table: string): number =>
    one.chains.filter((chain) => `${chain.family} ${chain.table}` === table).reduce((sum, { rules }) => sum + rules, 0);
  const nft = firewalls.find(({ by }) => by === 'nft');
  if (!nft) return new Set();
  return new Set(
    firewalls
      .filter(({ throughNft }) => throughNft)
      .flatMap((one) => one.tables.filter((table) => size(one, table) === size(nft, table))),
  );
}

export interface Base {
  readonly firewall: UnresolvedFirewall;
  readonly chain: FirewallChain;
}

export const chainName = ({ family, table, name }: FirewallChain): string => `${family} ${table} ${name}`;

/** The base chains that a packet of these families comes to at one hook, in the order the kernel asks them. */
export function basesAt(
  firewalls: readonly UnresolvedFirewall[],
  hook: Hook,
  which: Which,
  families: readonly string[],
): readonly Base[] {
  const twice = listedTwice(firewalls);
  return firewalls
    .flatMap((firewall) =>
      firewall.chains
        .filter((chain) => chain.hook === hook && families.includes(chain.family))
        .filter((chain) => whichOf(chain) === which)
        .filter((chain) => firewall.by !== 'nft' || !twice.has(`${chain.family} ${chain.table}`))
        .map((chain) => ({ firewall, chain })),
    )
    .sort((a, b) => priorityOf(a.chain) - priorityOf(b.chain));
}
