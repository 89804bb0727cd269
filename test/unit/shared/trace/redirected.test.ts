// What `redirect` and ranges make of a packet: nf_nat_redirect.c, get_unique_tuple.
import { describe, expect, it } from 'vitest';
import { rewritten } from '../../../../shared/trace/rewritten.ts';
import { address, ModelBuilder } from '../../../helpers/model-builder.ts';
import { doubtsOf, inShort, TraceNetwork } from '../../../helpers/trace-model.ts';

const addressed = (all: readonly string[]) =>
  all.map((one) => {
    const [text = '', ...flags] = one.split(' ');
    return { ...address(text), flags };
  });

/** a – r, which has these addresses where it comes in, and a rule in prerouting. */
function redirecting(rule: string, addresses: readonly string[], port = 80) {
  const network = new TraceNetwork();
  const [a, r] = [network.netns(2, 'a'), network.netns(3, 'r')];
  network.wire(
    network.link(a, 'eth0', 'veth', ['10.1.0.2/24']),
    network.link(r, 'toa', 'veth', ['10.1.0.1/24'], { addresses: addressed(addresses) }),
  );
  network.route(a, 'default via 10.1.0.1 dev eth0');
  network.neighbour(a, 'eth0', '10.1.0.1', '02:00:00:00:03:02');
  network.firewall(
    r,
    `table inet n { # handle 1
         chain p { # handle 1
           type nat hook prerouting priority dstnat; policy accept;
           ${rule} # handle 2
         }
       }`,
  );
  network.listens(r, '0.0.0.0', 8080);
  const trace = network.trace(a, '10.2.0.2', { protocol: 'tcp', port });
  const event = trace.paths[0]?.hops.find(({ event: { kind } }) => kind === 'rewritten')?.event;
  const after = event?.kind === 'rewritten' ? event.after : undefined;
  const [path] = inShort(trace);
  return {
    to: after && `${after.address} ${after.port}`,
    end: path?.split(', ').at(-1),
    doubts: doubtsOf(trace),
    path,
  };
}

describe('redirect', () => {
  const rule = 'tcp dport 80 redirect to :8080';

  it('is to the first IPv4 address of the device that it came in by', () => {
    const told = redirecting(rule, ['10.1.0.1/24', '10.9.0.1/24', '10.1.0.5/24 secondary']);
    expect(told).toMatchObject({ to: '10.1.0.1 8080', end: 'delivered', doubts: [] });
    expect(told.path).toMatch(/^certain/);
  });

  it('is a drop where that has none', () => {
    for (const addresses of [[], ['fd01::1/64']]) {
      const told = redirecting(rule, addresses);
      expect(told.path).toMatch(/^certain: .*, dropped redirect-nowhere$/);
    }
    expect(redirecting(`meta mark 0x1 ${rule}`, []).path).toMatch(/^ambiguous/);
  });

  it('is to the first IPv6 address of its list but for those whose use is not settled', () => {
    const to = (addresses: readonly string[], destination = 'fd02::2', flags = ['UP']) => {
      const builder = new ModelBuilder({ hostname: 'r' });
      const netns = builder.namespace('net', 3, 'bare', 'r');
      builder.link(netns, 2, 'toa', 'veth', { flags, addresses: addressed(addresses) });
      const packet = { family: 'inet6', protocol: 'tcp', source: 'fd01::2', destination, port: 80 } as const;
      const incoming = builder.build().links.find(({ name }) => name === 'toa');
      const done = rewritten(packet, { to: { kind: 'redirect' }, text: 'redirect' }, { incoming, outgoing: undefined });
      return `${done.packet?.destination ?? 'nowhere'}${done.isOneOf ? ', or another' : ''}`;
    };
    expect(to(['fd01::5/64', 'fd01::1/64', 'fe80::1/64'])).toBe('fd01::5');
    expect(to(['fd01::5/64 tentative', 'fd01::1/64'])).toBe('fd01::1, or another');
    expect(to(['fd01::5/64', 'fe80::1/64'], 'fe80::9')).toBe('fe80::1, or another');
    expect(to(['10.1.0.1/24'])).toBe('nowhere');
    // The kernel's files alone told of the link.
    expect(to([], 'fd02::2', [])).toBe('fd02::2, or another');
  });
});

describe('a range of ports', () => {
  it('keeps a port that is in it, unless one is chosen by chance', () => {
    const to = (ports: string, port: number) =>
      redirecting(`tcp dport 8000-9000 redirect to ${ports}`, ['10.1.0.1/24'], port);
    expect(to(':8079-8082', 8080)).toMatchObject({ to: '10.1.0.1 8080', end: 'delivered', doubts: [] });
    expect(to(':8080-8082', 8090).doubts).toEqual(['one-of: tcp dport 8000-9000 redirect to :8080-8082']);
    expect(to(':8079-8082 random', 8080).doubts).toHaveLength(1);
  });

  it('of a destination as well', () => {
    const to = (port: number) =>
      redirecting('tcp dport 8000-9000 dnat ip to 10.1.0.1:8079-8082', ['10.1.0.1/24'], port);
    expect(to(8080)).toMatchObject({ to: '10.1.0.1 8080', end: 'delivered', doubts: [] });
    expect(to(8090)).toMatchObject({ to: '10.1.0.1 8079' });
  });
});
