// What an address means to the process that serves a tap device: passt(1), slirp4netns(1).
import { expect, it } from 'vitest';
import type { Process } from '../../../../shared/model/process.ts';
import { meaningOf } from '../../../../shared/trace/user-mode.ts';
import { aLink, anAddress, aProcess, net } from '../../../helpers/entities.ts';

const tap = aLink(net(1), 2, 'tap0', { kind: 'tun', addresses: [anAddress('192.168.77.1/24')] });

function meaning(command: string, destination: string, port = 80): string {
  const argv = command.split(' ');
  const role = argv[0] === 'slirp4netns' ? ('slirp4netns' as const) : ('pasta' as const);
  const process: Process = { ...aProcess(5, { argv }), roles: [role] };
  const family = destination.includes(':') ? 'inet6' : 'inet';
  const packet = { family, protocol: 'tcp', source: undefined, destination, port } as const;
  const to = meaningOf(packet, tap, process, '192.168.77.2');
  return 'address' in to ? `${to.as} ${to.address}` : to.as;
}

it('podman’s pasta: host.containers.internal is the host, its nameserver answers names alone', () => {
  const podman =
    'pasta --config-net --dns-forward 169.254.1.1 -t none --no-map-gw --netns /x --map-guest-addr 169.254.1.2';
  expect(meaning(podman, '169.254.1.2')).toBe('host 192.168.77.1');
  expect(meaning(podman, '169.254.1.1', 53)).toBe('dns');
  expect(meaning(podman, '169.254.1.1', 80)).toBe('outside 169.254.1.1');
  expect(meaning(podman, '192.168.77.2')).toBe('outside 192.168.77.2');
});

it('pasta: the gateway is the host’s loopback, unless another address is told', () => {
  expect(meaning('pasta --config-net', '192.168.77.2')).toBe('host-loopback 127.0.0.1');
  const other = 'pasta --map-host-loopback=10.9.9.9 --map-host-loopback=fd00::9';
  expect(meaning(other, '192.168.77.2')).toBe('outside 192.168.77.2');
  expect(meaning(other, '10.9.9.9')).toBe('host-loopback 127.0.0.1');
  expect(meaning(other, 'fd00::9')).toBe('host-loopback ::1');
  expect(meaning('pasta --map-host-loopback none', '192.168.77.2')).toBe('outside 192.168.77.2');
  // Of several for one family the last counts.
  expect(meaning('pasta --map-guest-addr 10.9.9.1 --map-guest-addr 10.9.9.2', '10.9.9.1')).toBe('outside 10.9.9.1');
});

it('slirp4netns: its second and third address', () => {
  expect(meaning('slirp4netns 5 tap0', '192.168.77.2')).toBe('host-loopback 127.0.0.1');
  expect(meaning('slirp4netns --disable-host-loopback 5 tap0', '192.168.77.2')).toBe('refused');
  expect(meaning('slirp4netns 5 tap0', '192.168.77.3', 53)).toBe('dns');
});
