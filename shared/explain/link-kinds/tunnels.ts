// Tunnels from one address to another.
import { row, type LinkKind } from './kind.ts';

const ends = ['remote', 'local', 'ttl:unless-zero', 'tos', 'fwmark', 'external', 'encap.type', 'encap.dport'] as const;
const overIpv6 = [
  'remote',
  'local',
  'ttl:unless-zero',
  'encap_limit',
  'tclass',
  'flowlabel',
  'fwmark',
  'external',
] as const;
const keys = ['ikey', 'okey'] as const;
const span = ['erspan_ver', 'erspan_index', 'erspan_dir', 'erspan_hwid'] as const;

export const tunnels: readonly LinkKind[] = [
  row('gre', ...ends, ...keys, 'pmtudisc'),
  row('gretap', ...ends, ...keys, 'pmtudisc'),
  row('erspan', ...ends, ...keys, ...span),
  row('ip6gre', ...overIpv6, ...keys),
  row('ip6gretap', ...overIpv6, ...keys),
  row('ip6erspan', ...overIpv6, ...keys, ...span),
  row('ipip', 'proto', ...ends, 'pmtudisc'),
  row('sit', 'proto', ...ends, 'pmtudisc', '6rd.prefix', '6rd.relay_prefix', 'isatap'),
  row('ip6tnl', 'proto', ...overIpv6),
  row('vti', 'remote', 'local', ...keys, 'fwmark'),
  row('vti6', 'remote', 'local', ...keys, 'fwmark'),
  row('xfrm', 'if_id', 'external'),
];
