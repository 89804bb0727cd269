// IPVS from its table to published ports, and as a doubt of a path.
import { describe, expect, it } from 'vitest';
import type { Entities } from '../../../../shared/model/entities.ts';
import { parseVirtualServices } from '../../../../shared/parse/ipvs.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { assemble } from '../../../../shared/snapshot/assemble.ts';
import { aLink, anAddress, anEntities, net } from '../../../helpers/entities.ts';
import { aFrame, aTranscript } from '../../../helpers/frames.ts';
import { processFrames } from '../../../helpers/process-frames.ts';
import { doubtsOf, inShort, TraceNetwork } from '../../../helpers/trace-model.ts';

/** As ip_vs_info_seq_show writes it (Linux 6.12). */
const table = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  C0A8000A:7563 rr
  -> 0AF40105:1F90      Masq    1      5          0         
  -> 0AF40203:1F90      Masq    1      3          0         
  -> 0AF40304:1F90      Masq    0      0          12        
TCP  0A600001:01BB sh persistent 10800 FFFFFFFF
  -> C0A8000A:192B      Masq    1      2          0         
UDP  [FD00:0000:0000:0000:0000:0000:0000:000A]:0035 rr
  -> [FD00:0000:0000:0000:0000:0000:0001:0046]:0035      Masq    1      0          0         
SCTP C0A8000A:2525 wlc
FWM  00000010 wlc
  -> 0AF40105:0000      Route   100    0          0         
`;
const read = (text: string) => parseVirtualServices(aFrame('ipvs', text.replace(/^(?=.)/gm, '/proc/9/net/ip_vs:')));

describe('its table', () => {
  it('has services with their servers, and lines that lead back', () => {
    const { facts, unparsable } = read(table);
    expect(unparsable).toEqual([]);
    expect(facts.map(({ of, scheduler, servers }) => [of, scheduler, servers.length])).toEqual([
      [{ protocol: 'tcp', address: '192.168.0.10', port: 30051 }, 'rr', 3],
      [{ protocol: 'tcp', address: '10.96.0.1', port: 443 }, 'sh', 1],
      [{ protocol: 'udp', address: 'fd00::a', port: 53 }, 'rr', 1],
      [{ protocol: 'sctp', address: '192.168.0.10', port: 9509 }, 'wlc', 0],
      [{ mark: 16 }, 'wlc', 1],
    ]);
    expect(facts[0]?.servers[2]).toMatchObject({
      address: '10.244.3.4',
      port: 8080,
      forwarding: 'Masq',
      weight: 0,
      evidence: { section: 'ipvs', line: 7 },
    });
    expect(facts[2]?.servers[0]?.address).toBe('fd00::1:46');
  });

  it('loses a line, and no server to another service', () => {
    const { facts, unparsable } = read(
      table.replace('UDP  [FD00', 'UDP  [XD00').replace('wlc\n  -> 0AF40105', 'wlc\n  -> X'),
    );
    expect(facts.map(({ servers }) => servers.length)).toEqual([3, 1, 0, 0]);
    expect(unparsable.map(({ evidence }) => evidence.line)).toEqual([10, 11, 14]);
  });

  it('is of the network namespace of the process it was read through', () => {
    const frames = processFrames([{ pid: 9, inodes: { net: 77 } }]);
    const frame = aFrame('ipvs', '/proc/9/net/ip_vs:TCP  C0A8000A:7563 rr\n/proc/8/net/ip_vs:TCP  C0A8000A:7563 rr\n');
    expect(assemble(aTranscript([...frames, frame])).virtualServices).toMatchObject([{ netns: 'net:[77]' }]);
  });
});

describe('published ports of IPVS', () => {
  const host = net(1);
  const pod = net(2);
  const veth = { lower: { ifindex: 2, netnsid: 0 }, kind: 'veth' };
  const services = read(table).facts.map(({ pid: _, ...service }) => ({ netns: host, ...service }));
  const model = (fields: Partial<Entities> = {}) =>
    resolveModel(
      anEntities({
        links: [
          aLink(host, 2, 'eth0', { addresses: [anAddress('192.168.0.10/24')] }),
          aLink(host, 3, 'kube-ipvs0', { kind: 'dummy', addresses: [anAddress('10.96.0.1/32')] }),
          aLink(host, 4, 'veth1', { ...veth, addresses: [] }),
          aLink(pod, 2, 'eth0', {
            ...veth,
            lower: { ifindex: 4, netnsid: 0 },
            addresses: [anAddress('10.244.1.5/24')],
          }),
        ],
        netnsIds: [
          { observer: host, netns: pod, netnsid: 0, evidence: [] },
          { observer: pod, netns: host, netnsid: 0, evidence: [] },
        ],
        virtualServices: services,
        ...fields,
      }),
    );

  it('go to each server that takes connections, by turns; none of it is certain', () => {
    const { forwards } = model();
    expect(forwards.map(({ listen, target, certainty }) => [listen.address, listen.port, target, certainty])).toEqual([
      ['192.168.0.10', 30051, { address: '10.244.1.5', port: 8080, netns: pod }, 'inferred'],
      ['192.168.0.10', 30051, { address: '10.244.2.3', port: 8080, netns: undefined }, 'inferred'],
    ]);
    expect(forwards.every(({ by, steps }) => by === 'IPVS' && steps?.[0]?.shared === true)).toBe(true);
  });

  it('are not the service addresses of a cluster, nor marks, which are counted', () => {
    expect(model().findings.find(({ rule }) => rule === 'ipvs.services')).toMatchObject({
      kind: 'note',
      subjects: [host],
      values: { count: 4, example: '10.96.0.1' },
    });
    expect(model({ virtualServices: services.slice(0, 1) }).findings.map(({ rule }) => rule)).not.toContain(
      'ipvs.services',
    );
  });
});

describe('a path to where IPVS may take it', () => {
  const toPort = (of: { protocol: 'tcp'; address: string; port: number } | { mark: number }, port: number) => {
    const network = new TraceNetwork();
    const host = network.netns(1, 'host');
    network.listens(host, '0.0.0.0', 80);
    const at = { section: 'ipvs' as const, frame: 0 };
    const server = { address: '10.244.1.5', port: 8080, forwarding: 'Masq' as const, weight: 1, evidence: at };
    const service = { netns: host, of, scheduler: 'rr', servers: [server, { ...server, weight: 0 }], evidence: at };
    const model = { ...network.model(), virtualServices: [service] };
    return network.trace(host, '127.0.0.1', { protocol: 'tcp', port }, model);
  };
  const address = '127.0.0.1';

  it.each([
    [{ protocol: 'tcp', address, port: 80 }, 80, 'inferred: sent, routed local, delivered', ['ipvs: 10.244.1.5:8080']],
    [
      { protocol: 'tcp', address, port: 0 },
      81,
      'inferred: sent, routed local, nobody-listens',
      ['ipvs: 10.244.1.5:8080'],
    ],
    [{ protocol: 'tcp', address, port: 81 }, 80, 'certain: sent, routed local, delivered', []],
    [{ protocol: 'tcp', address: '127.0.0.2', port: 80 }, 80, 'certain: sent, routed local, delivered', []],
    [{ mark: 1 }, 80, 'inferred: sent, routed local, delivered', ['ipvs: ']],
  ] as const)('of %j to %i: %s', (of, port, path, doubts) => {
    const trace = toPort(of, port);
    expect(inShort(trace)).toEqual([path]);
    expect(doubtsOf(trace)).toEqual(doubts);
  });
});
