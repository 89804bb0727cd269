// Answers that belong to links which `ip` had listed: forwarding tables, VLANs of ports, hardware, WireGuard's peers.
import { describe, expect, it } from 'vitest';
import { parseForwarding } from '../../../../shared/parse/net/bridge-fdb.ts';
import { parseBridgeVlans } from '../../../../shared/parse/net/bridge-vlan.ts';
import { parseHardware } from '../../../../shared/parse/net/hardware.ts';
import { parseWireGuard } from '../../../../shared/parse/net/wireguard.ts';
import { aFrame, sourceText } from '../../../helpers/frames.ts';

const evidence = expect.anything() as unknown;

describe('bridge fdb show', () => {
  it('keeps what leads somewhere or stays at the bridge, and leaves out groups and filters of devices', () => {
    const { facts, unparsable } = parseForwarding(aFrame('fdb', sourceText('net-kinds/fdb-of-vxlan-and-bridge.json')));
    expect(unparsable).toEqual([]);
    expect(facts).toEqual([
      {
        device: 'vx0',
        entry: {
          mac: '00:00:00:00:00:00',
          destination: '10.0.0.2',
          via: 'v0',
          state: 'permanent',
          flags: [],
          evidence: [evidence],
        },
      },
      { device: 'br0', entry: { mac: '0e:be:7d:bc:5f:8b', state: 'permanent', flags: [], evidence: [evidence] } },
    ]);
  });

  it('learned ones have no state, those of others their flags', () => {
    const { facts } = parseForwarding(
      aFrame(
        'fdb',
        '[{"mac":"02:cc:00:00:00:01","ifname":"vx0","vlan":7,"dst":"fd00::2","vni":9,"port":8472,"flags":["extern_learn","self"],"state":""}]\n',
      ),
    );
    expect(facts[0]?.entry).toEqual({
      ...{ mac: '02:cc:00:00:00:01', vlan: 7, destination: 'fd00::2', vni: 9, port: 8472 },
      ...{ flags: ['extern_learn'], evidence: [evidence] },
    });
  });

  it('a broken one costs itself', () => {
    const { facts, unparsable } = parseForwarding(
      aFrame('fdb', '[{"mac":"02:00:00:00:00:01","ifname":"a"},{"mac":5},{}]\n'),
    );
    expect(facts).toHaveLength(1);
    expect(unparsable).toHaveLength(1);
  });
});

describe('bridge vlan show', () => {
  it('reads ports and the bridge itself', () => {
    const { facts, unparsable } = parseBridgeVlans(aFrame('bridge-vlan', sourceText('net-kinds/bridge-vlan.json')));
    expect(unparsable).toEqual([]);
    expect(facts.map(({ device, vlan }) => `${device} ${vlan.from}${vlan.untagged ? ' untagged' : ''}`)).toEqual([
      ...['e3 20', 'e3 30', 'e3 40', 'veth0b 20', 'veth0b 30', 'veth0b 40'],
      ...['br-Q 20 untagged', 'br-Q 30 untagged', 'br-Q 40'],
    ]);
  });

  it('reads ranges, and the shape of before 4.20', () => {
    const said = '[{"ifname":"a","vlans":[{"vlan":30,"vlanEnd":35,"flags":["PVID"]}]},{"ifname":"b","vlans":[]}]\n';
    expect(parseBridgeVlans(aFrame('bridge-vlan', said))).toMatchObject({
      facts: [{ device: 'a', vlan: { from: 30, to: 35, pvid: true, untagged: false } }],
      unparsable: [],
    });
    const older = '{"a":[{"vlan":1,"flags":["PVID","Egress Untagged"]}],"b":[{"vlan":2}]}\n';
    expect(parseBridgeVlans(aFrame('bridge-vlan', older)).facts.map(({ device }) => device)).toEqual(['a', 'b']);
  });
});

describe('/sys/class/net', () => {
  const line = (path: string, target: string) =>
    `lrwxrwxrwx 1 root root 0 Nov 24 03:42 /sys/class/net/${path} -> ${target}\n`;

  it('reads drivers, bus addresses, and both sides of a virtual function', () => {
    const { facts } = parseHardware(
      aFrame(
        'hardware',
        line('eth0/device', '../../../virtio2') +
          line('eth0/device/driver', '../../../../bus/virtio/drivers/virtio_net') +
          line('ens1/device/virtfn10', '../0000:3b:02.2') +
          line('ens1/device/virtfn9', '../0000:3b:02.1') +
          line('ens1v0/device/physfn', '../0000:3b:00.0') +
          'total 0\n',
      ),
    );
    expect(facts).toMatchObject([
      { device: 'eth0', hardware: { device: 'virtio2', driver: 'virtio_net', evidence: [{ line: 1 }, { line: 2 }] } },
      {
        device: 'ens1',
        hardware: {
          virtualFunctions: [
            { index: 9, device: '0000:3b:02.1' },
            { index: 10, device: '0000:3b:02.2' },
          ],
        },
      },
      { device: 'ens1v0', hardware: { physicalFunction: '0000:3b:00.0' } },
    ]);
  });
});

describe('wg show all', () => {
  it('puts together what is said of each peer', () => {
    const text = [
      ...['# listen-port', 'wg0\t51820', '# endpoints', 'wg0\tbQ1cEJ9k\t[2001:db8::7]:51820', 'wg0\tXk3r0pQ2\t(none)'],
      ...['# allowed-ips', 'wg0\tbQ1cEJ9k\t10.0.0.2/32 fd00::2/128', 'wg0\tXk3r0pQ2\t(none)'],
      ...['# latest-handshakes', 'wg0\tbQ1cEJ9k\t1764000000', 'wg0\tXk3r0pQ2\t0'],
      ...[
        '# transfer',
        'wg0\tbQ1cEJ9k\t1024\t2048',
        '# persistent-keepalive',
        'wg0\tbQ1cEJ9k\t25',
        'wg0\tXk3r0pQ2\toff',
      ],
      '',
    ].join('\n');
    const { facts, unparsable } = parseWireGuard(aFrame('wireguard', text));
    expect(unparsable).toEqual([]);
    expect(facts).toEqual([
      {
        device: 'wg0',
        listenPort: 51820,
        peers: [
          {
            ...{ fingerprint: 'bQ1cEJ9k', endpoint: '[2001:db8::7]:51820', allowedIps: ['10.0.0.2/32', 'fd00::2/128'] },
            ...{ latestHandshake: 1764000000, receivedBytes: 1024, sentBytes: 2048, keepalive: 25 },
            evidence: expect.any(Array) as unknown,
          },
          { fingerprint: 'Xk3r0pQ2', allowedIps: [], evidence: expect.any(Array) as unknown },
        ],
      },
    ]);
  });

  it('keeps no more of a key than its first eight characters, whatever it was given', () => {
    const key = 'bQ1cEJ9kXk3r0pQ2bQ1cEJ9kXk3r0pQ2bQ1cEJ9kXk3=';
    const { facts } = parseWireGuard(aFrame('wireguard', `# endpoints\nwg0\t${key}\t(none)\n`));
    expect(JSON.stringify(facts)).not.toContain(key.slice(0, 9));
  });

  it('a bad line costs itself', () => {
    const { facts, unparsable } = parseWireGuard(
      aFrame('wireguard', '# transfer\nwg0\tk\tx\ty\nnonsense\n# dump\nwg0\tk\tz\n'),
    );
    expect(unparsable.map(({ text }) => text)).toEqual(['wg0\tk\tx\ty', 'nonsense', 'wg0\tk\tz']);
    expect(facts).toHaveLength(1);
  });
});
