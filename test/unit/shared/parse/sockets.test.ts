import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIpv6, parseSockets } from '../../../../shared/parse/sockets.ts';
import { aFrame, sourceText } from '../../../helpers/frames.ts';

const sockets = (text: string, order?: 'little' | 'big') => parseSockets(aFrame('socket', text), order);

describe('sockets', () => {
  it('reads the reference host: listeners with their namespaces’ processes', () => {
    const { facts, unparsable } = sockets(sourceText('sockets/reference-host.txt'));
    expect(unparsable).toEqual([]);
    expect(
      facts
        .filter(({ state }) => state === 'LISTEN')
        .map(({ pid, protocol, local, uid, inode }) => [pid, protocol, local, uid, inode]),
    ).toEqual([
      [83, 'tcp', { address: '0.0.0.0', port: 22 }, 0, 132222],
      [83, 'tcp', { address: '127.0.0.1', port: 8080 }, 1000, 132086],
      [211, 'tcp', { address: '0.0.0.0', port: 80 }, 1000, 131743],
      [383, 'tcp', { address: '0.0.0.0', port: 6379 }, 1000, 133141],
      [83, 'tcp6', { address: '::', port: 22 }, 0, 132224],
    ]);
    expect(facts.find(({ state }) => state === 'ESTABLISHED')).toMatchObject({
      local: { address: '172.31.40.91', port: 22 },
      remote: { address: '172.31.32.1', port: 42892 },
    });
  });

  it('reads mapped addresses, TIME_WAIT without an inode, connected and unconnected UDP', () => {
    const { facts } = sockets(sourceText('sockets/mapped-timewait-connected-udp.txt'));
    expect(
      facts.map(
        ({ protocol, local, state, inode }) => `${protocol} ${local.address}:${local.port} ${state} ${inode > 0}`,
      ),
    ).toEqual([
      'tcp 127.0.0.1:46327 LISTEN true',
      'tcp 127.0.0.1:46327 TIME_WAIT false',
      'tcp6 ::ffff:127.0.0.1:8081 LISTEN true',
      'udp 10.2.0.1:54804 ESTABLISHED true',
      'udp6 ::1:5353 UNCONN true',
    ]);
  });

  it('reads /proc/net of a namespace without a process, and a big-endian host', () => {
    const line =
      '/proc/net/tcp:   0: 7F000001:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 5 1\n';
    expect(sockets(line, 'big').facts).toMatchObject([{ pid: undefined, local: { address: '127.0.0.1', port: 8080 } }]);
  });

  // Linux 6.18: one process in a user and network namespace of its own that opened one of each kind.
  it('reads raw, ping and udplite sockets, and leaves unix and packet to their own parsers', () => {
    const { facts, unparsable } = sockets(sourceText('sockets/raw-ping-packet-unix.txt'));
    expect(unparsable).toEqual([]);
    expect(facts.map(({ protocol, local, state }) => [protocol, local.address, local.port, state])).toEqual([
      ['raw', '0.0.0.0', 1, 'UNCONN'],
      ['raw6', '::', 58, 'UNCONN'],
      ['icmp', '127.0.0.1', 4321, 'UNCONN'],
      ['udplite', '127.0.0.1', 7777, 'UNCONN'],
    ]);
  });

  // As the kernel prints them: %08X of each 32-bit word as it lies in memory.
  const words = (bytes: readonly number[], order: 'little' | 'big') =>
    Array.from({ length: bytes.length / 4 }, (_, word) => {
      const four = bytes.slice(4 * word, 4 * word + 4);
      return (order === 'little' ? four.reverse() : four).map((byte) => byte.toString(16).padStart(2, '0')).join('');
    })
      .join('')
      .toUpperCase();

  it.each(['little', 'big'] as const)('gives every address and port back, on %s-endian hosts', (order) => {
    const address = (length: number) => fc.array(fc.nat(255), { minLength: length, maxLength: length });
    const port = fc.nat(65535);
    fc.assert(
      fc.property(fc.oneof(address(4), address(16)), port, (bytes, number) => {
        const hex = `${words(bytes, order)}:${number.toString(16).padStart(4, '0').toUpperCase()}`;
        const table = bytes.length === 4 ? 'tcp' : 'tcp6';
        const line = `/proc/1/net/${table}:  10: ${hex} ${hex} 01 00000000:00000000 00:00000000 00000000  7        0 5 1\n`;
        const text = bytes.length === 4 ? bytes.join('.') : formatIpv6(bytes);
        const end = { address: text, port: number };
        expect(sockets(line, order).facts).toMatchObject([{ protocol: table, local: end, remote: end, uid: 7 }]);
      }),
    );
  });

  it('loses only the line it cannot read', () => {
    const { facts, unparsable } = sockets(
      '/proc/1/net/tcp: 0: zz\n/proc/1/net/tcp: 1: 0100007F:0050 00000000:0000 FF 0 0 0 0 0 1\n',
    );
    expect(facts).toEqual([]);
    expect(unparsable.map(({ evidence }) => evidence.line)).toEqual([1, 2]);
  });

  it.each([
    [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], '::'],
    [[0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 'fe80::1'],
    [[0x20, 1, 0xd, 0xb8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1], '2001:db8:0:1::1'],
    [[0x20, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1], '2001:0:1:0:1:0:1:1'],
    [[0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 0, 0, 0], '1:2:3:4:5:6::'],
  ])('writes %j as %s', (bytes, text) => expect(formatIpv6(bytes)).toBe(text));
});
