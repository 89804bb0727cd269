// Which socket takes what arrives; test/lab/topologies/listeners.test.ts asks the kernel.
import { describe, expect, it } from 'vitest';
import { backBy, byHolders, takenBy, type Arriving } from '../../../../shared/model/listening.ts';
import type { Socket } from '../../../../shared/model/socket.ts';
import { aSocket, net } from '../../../helpers/entities.ts';

const at = (listen: string, fields: Partial<Socket> = {}): Socket => {
  const { device: _, ...socket } = aSocket(net(1), listen);
  return { ...socket, ...(listen.startsWith(':') && { protocol: 'tcp6' }), ...fields };
};
const taken = (sockets: readonly Socket[], by: Arriving['by'] = [{ name: 'eth0' }], address = '10.0.0.1') => {
  const found = takenBy(sockets, { protocol: 'tcp', address, port: 80, by });
  return {
    by: found.sockets.map(({ local, device }) => `${local.address}%${device ?? '?'}`),
    doubts: found.doubts.map(({ code }) => code),
  };
};
const [none, eth0, lo] = [{ device: '' }, { device: 'eth0' }, { device: 'lo' }];
const sure = (...by: string[]) => ({ by, doubts: [] });

describe('a socket', () => {
  it('bound to a device takes what comes in there alone', () => {
    expect(taken([at('0.0.0.0:80', eth0)])).toEqual(sure('0.0.0.0%eth0'));
    expect(taken([at('0.0.0.0:80', lo)])).toEqual(sure());
    expect(taken([at('0.0.0.0:80', lo), at('0.0.0.0:80', none)])).toEqual(sure('0.0.0.0%'));
    expect(taken([at('10.0.0.1:80', lo), at('0.0.0.0:80', none)])).toEqual(sure('0.0.0.0%'));
  });

  it('for this address goes before those for any', () => {
    expect(taken([at('0.0.0.0:80', eth0), at('10.0.0.1:80', none)])).toEqual(sure('10.0.0.1%'));
    expect(taken([at('10.0.0.2:80', none)])).toEqual(sure());
  });

  it('that shares its port is one of them, bound or not', () => {
    const { by, doubts } = taken([at('0.0.0.0:80', eth0), at('0.0.0.0:80', none)]);
    expect({ by, doubts }).toEqual(sure('0.0.0.0%eth0', '0.0.0.0%'));
  });

  it('of which the device is not told may not be it', () => {
    expect(taken([at('0.0.0.0:80')])).toEqual({ by: ['0.0.0.0%?'], doubts: ['device-not-told'] });
  });

  it('bound to one of the devices that it may come in by may be it', () => {
    const several = [{ name: 'eth0' }, { name: 'eth1' }];
    expect(taken([at('0.0.0.0:80', eth0)], several)).toEqual({ by: ['0.0.0.0%eth0'], doubts: ['other-device'] });
    expect(taken([at('10.0.0.1:80', eth0), at('0.0.0.0:80', none)], several)).toEqual({
      by: ['10.0.0.1%eth0', '0.0.0.0%'],
      doubts: ['other-device'],
    });
    expect(takenBy([at('0.0.0.0:80', eth0)], { protocol: 'tcp', address: '10.0.0.1', port: 80 }).doubts).toHaveLength(
      1,
    );
  });

  it('of IPv6 takes IPv4 too unless it says no', () => {
    expect(taken([at(':::80', { ...none, v6Only: false })])).toEqual(sure('::%'));
    expect(taken([at(':::80', { ...none, v6Only: true })])).toEqual(sure());
    expect(taken([at(':::80', none)])).toEqual({ by: ['::%'], doubts: ['v6-only'] });
    expect(taken([at('::ffff:10.0.0.1:80', none)])).toEqual(sure('::ffff:10.0.0.1%'));
    expect(taken([at('0.0.0.0:80', none), at(':::80', { ...none, v6Only: true })])).toEqual(sure('0.0.0.0%'));
    expect(taken([at('0.0.0.0:80', none)], [{ name: 'eth0' }], 'fd00::1')).toEqual(sure());
  });

  it('of a VRF takes what comes in at its ports; whether those of none do is not told', () => {
    const slave = [{ name: 'eth0', vrf: 'red' }];
    expect(taken([at('0.0.0.0:80', { device: 'red' })], slave)).toEqual(sure('0.0.0.0%red'));
    expect(taken([at('0.0.0.0:80', eth0)], slave)).toEqual(sure('0.0.0.0%eth0'));
    expect(taken([at('0.0.0.0:80', none)], slave)).toEqual({ by: ['0.0.0.0%'], doubts: ['vrf'] });
  });
});

it('sockets of the same processes are one', () => {
  const [a, b, c] = [['process:1', 'process:2'], ['process:2', 'process:1'], ['process:1']].map((processIds, index) =>
    at('0.0.0.0:80', { id: `socket:${index}`, processIds: processIds as Socket['processIds'] }),
  );
  expect(byHolders([a, b, c].filter((one) => one !== undefined))).toHaveLength(2);
});

it('what is sent to an own address counts as come in by the device that has it', () => {
  const links = [
    { name: 'lo', kind: 'loopback', addresses: [{ local: '127.0.0.1' }] },
    { name: 'eth0', kind: 'veth', addresses: [{ local: '10.0.0.1' }] },
  ];
  expect(backBy('10.0.0.1', links)).toEqual([{ name: 'eth0' }]);
  expect(backBy('127.0.0.53', links)).toEqual([{ name: 'lo' }]);
  expect(backBy('10.0.0.9', links)).toBeUndefined();
});
