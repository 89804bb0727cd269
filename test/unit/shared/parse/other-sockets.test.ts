// Unix and packet sockets; the lines are of Linux 6.18, from one process that opened one of each kind.
import { describe, expect, it } from 'vitest';
import { parsePacketSockets } from '../../../../shared/parse/packet-sockets.ts';
import { parseUnixSockets } from '../../../../shared/parse/unix-sockets.ts';
import { aFrame, sourceText } from '../../../helpers/frames.ts';

const recorded = aFrame('socket', sourceText('sockets/raw-ping-packet-unix.txt'));
const unix = (rows: readonly string[]) =>
  parseUnixSockets(aFrame('socket', rows.map((row) => `/proc/9/net/unix:${row}\n`).join('')));

describe('unix sockets', () => {
  it('reads types, states, paths with blanks and abstract names; those without a name are left out', () => {
    const { facts, unparsable } = parseUnixSockets(recorded);
    expect(unparsable).toEqual([]);
    expect(facts.map(({ type, state, name, inode }) => [type, state, name, inode])).toEqual([
      ['stream', 'LISTEN', '/run/lab/a b.sock', 431522],
      ['stream', 'ESTAB', '/run/lab/a b.sock', 431527],
      ['dgram', 'UNCONN', '/run/lab/dg', 431524],
      ['stream', 'LISTEN', '@x', 431525],
      // What follows the newline in the name of the one before: nothing tells it from a line of the kernel's.
      ['stream', 'LISTEN', '/run/forged.sock', 999],
      ['seqpacket', 'LISTEN', '@abstract@name', 431523],
    ]);
  });

  it('believes neither of two names of one inode', () => {
    const { facts, unparsable } = unix([
      'ff01: 00000002 00000000 00010000 0001 01 5 @x',
      'ff02: 00000002 00000000 00010000 0001 01 6 /run/docker.sock',
      'ff03: 00000002 00000000 00010000 0001 01 7 /run/a.sock',
      'ff02: 00000002 00000000 00010000 0001 01 7 /run/docker.sock',
      'ff03: 00000002 00000000 00010000 0001 01 7 /run/a.sock',
    ]);
    expect(facts.map(({ inode }) => inode)).toEqual([5, 6]);
    expect(unparsable).toHaveLength(1);
  });

  it('keeps what is listed twice once, and loses only the line it cannot read', () => {
    const { facts, unparsable } = unix([
      '0000000000000000: 00000002 00000000 00010000 0001 01     5 /run/a.sock',
      '0000000000000000: 00000003 00000000 00010000 0001 01     5 /run/a.sock',
      'rest of a name',
      '(____ptrval____): 00000002 00000000 00000000 0002 01   611 /run/systemd/notify',
      '(____ptrval____): 00000002 00000000 00000000 0009 01   612 /run/of-another-type',
    ]);
    expect(facts.map(({ inode }) => inode)).toEqual([5, 611]);
    expect(unparsable.map(({ evidence }) => evidence.line)).toEqual([3, 5]);
  });
});

describe('packet sockets', () => {
  it('reads what they are bound to', () => {
    const { facts, unparsable } = parsePacketSockets(recorded);
    expect(unparsable).toEqual([]);
    expect(facts).toMatchObject([
      { pid: 29269, type: 'raw', etherType: '0003', ifindex: 0, uid: 0, inode: 431516 },
      { pid: 29269, type: 'dgram', etherType: '0800', ifindex: 1, uid: 0, inode: 431517 },
    ]);
  });

  it('reads what was bound to a link that is gone', () => {
    // Linux 6.18, after the veth was removed.
    const line = '/proc/1137/net/packet:000000001610e424 2      3    0003   -1    0 0      1000   1066434\n';
    expect(parsePacketSockets(aFrame('socket', line))).toMatchObject({ facts: [{ ifindex: -1 }], unparsable: [] });
  });

  it('loses only the line it cannot read', () => {
    const { facts, unparsable } = parsePacketSockets(aFrame('socket', '/proc/net/packet:ff 3 99 0003 0 1 0 0 5\n'));
    expect(facts).toEqual([]);
    expect(unparsable).toHaveLength(1);
  });
});
