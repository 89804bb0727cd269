// Links that end in a program, in hardware, or nowhere.
import { row, type LinkKind } from './kind.ts';

export const ends: readonly LinkKind[] = [
  row('tun', 'type', 'user', 'group', 'persist', 'multi_queue', 'numqueues', 'vnet_hdr', 'pi'),
  row('dummy'),
  row('ifb'),
  row('nlmon'),
  row('vsockmon'),
  row('can', 'state', 'bittiming.bitrate', 'data_bittiming.bitrate', 'ctrlmode', 'restart_ms:milliseconds'),
  row('vcan'),
  row('wwan', 'link_id'),
  row('netdevsim'),
  row('loopback'),
  row('physical'),
];
