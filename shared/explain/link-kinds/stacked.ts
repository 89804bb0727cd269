// Links made on top of one other.
import { row } from './kind.ts';

export const stacked = [
  row('vlan', 'id', 'protocol', 'flags', 'ingress_qos', 'egress_qos'),
  row('macvlan', 'mode', 'flags', 'macaddr_count', 'bclim'),
  row('macvtap', 'mode', 'flags'),
  row('ipvlan', 'mode', 'flags'),
  row('ipvtap', 'mode', 'flags'),
  row(
    'macsec',
    'sci',
    'cipher_suite',
    'protect:switch',
    'encrypt:switch',
    'validation',
    'replay_protect:switch',
    'window',
  ),
  row('rmnet', 'mux_id', 'flags'),
  row('ipoib', 'pkey', 'mode', 'umcast'),
  row('dsa', 'conduit'),
  row('virt_wifi'),
  row('lowpan'),
];
