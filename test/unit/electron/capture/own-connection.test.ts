import { describe, expect, it } from 'vitest';
import { filterWithout, readSshConnection } from '../../../../electron/capture/own-connection.ts';

describe('SSH_CONNECTION', () => {
  it.each([
    ['192.0.2.7 50122 198.51.100.4 22', '192.0.2.7', '198.51.100.4'],
    ['2001:db8::7 50122 2001:db8::4 22', '2001:db8::7', '2001:db8::4'],
    ['fe80::1%eth0 50122 fe80::2%eth0 22', 'fe80::1', 'fe80::2'],
  ])('%s', (text, peer, address) => {
    expect(readSshConnection(text)).toEqual({ peer, peerPort: 50122, address, port: 22 });
  });
  it.each([
    '',
    'UNKNOWN 65535 UNKNOWN 65535',
    '192.0.2.7 50122 198.51.100.4',
    '$(id) 1 1.2.3.4 22',
    '1.2.3.4 1 ) or ( 22',
  ])('nothing that is another: %s', (text) => {
    expect(readSshConnection(text)).toBeUndefined();
  });
});

describe('the filter', () => {
  const own = { peer: '192.0.2.7', peerPort: 50122, address: '198.51.100.4', port: 22 };
  const ours = 'not (tcp and host 192.0.2.7 and host 198.51.100.4 and port 50122 and port 22)';
  it('leaves our own packets out, and says so before what was asked for', () => {
    expect(filterWithout(own, '')).toBe(ours);
    expect(filterWithout(own, ' vlan 5 or icmp ')).toBe(`${ours} and (vlan 5 or icmp)`);
  });
  it('is what was asked for where there is no connection', () => {
    expect(filterWithout(undefined, ' icmp ')).toBe('icmp');
  });
});
