// Two ends of one cable.
import { row } from './kind.ts';

export const pairs = [
  row('veth'),
  // ip/iplink_netkit.c: type is primary or peer, policy what happens to packets where no program decides.
  row('netkit', 'mode', 'type', 'policy', 'scrub'),
  row('vxcan'),
];
