// Networks carried over other networks, and what dials in.
import { row, type LinkKind } from './kind.ts';

export const overlays: readonly LinkKind[] = [
  row(
    'vxlan',
    'id',
    'remote',
    'remote6',
    'group',
    'group6',
    'local',
    'local6',
    'port',
    'learning:when-off',
    'proxy',
    'l2miss',
    'l3miss',
    'external',
    'vnifilter',
    'gbp',
    'ageing:seconds',
    'ttl:unless-zero',
  ),
  row('geneve', 'id', 'remote', 'remote6', 'port', 'ttl:unless-zero', 'tos', 'external', 'inner_proto_inherit'),
  row('bareudp', 'dstport', 'ethertype', 'srcportmin', 'multiproto'),
  row('gtp', 'role', 'hsize', 'restart_count'),
  row('amt', 'mode', 'gateway_port', 'relay_port', 'local', 'remote', 'discovery', 'max_tunnels'),
  row('pfcp'),
  row('wireguard'),
  row('ovpn', 'mode'),
  row('ppp'),
];
