// `netconf show` of an `ip -batch` inside one network namespace.
import { describe, expect, it } from 'vitest';
import { parseNetBatch } from '../../../../shared/parse/net/batch.ts';
import { aFrame, quoted, sourceText } from '../../../helpers/frames.ts';
import { batch, netns } from '../../../helpers/net-batch.ts';

describe('what the kernel does by itself', () => {
  const { netconfs, links, unparsable, failed } = batch(sourceText('net/netconf-with-a-number.json.txt'));
  const of = (family: string, name: string) => netconfs.find((one) => one.family === family && one.interface === name);

  it('reads every link of both families, then all and default', () => {
    expect(unparsable).toEqual([]);
    expect(failed).toEqual([]);
    const names = ['lo', 'eth1', 'eth0', 'all', 'default'];
    expect(netconfs.map((one) => [one.family, one.interface])).toEqual([
      ...names.map((name) => ['inet', name]),
      ...names.map((name) => ['inet6', name]),
    ]);
    const eth0 = links.find(({ name }) => name === 'eth0')?.id;
    expect(of('inet', 'eth0')).toMatchObject({ link: eth0, forwarding: true, rpFilter: 'loose' });
    expect(of('inet', 'eth1')).toMatchObject({
      forwarding: false,
      proxyNeighbour: true,
      ignoreRoutesWithLinkdown: true,
    });
    expect(of('inet', 'all')).toMatchObject({ forwarding: false, rpFilter: 'strict' });
    expect(of('inet', 'all')).not.toHaveProperty('link');
    expect(of('inet6', 'eth1')).toMatchObject({ forwarding: true });
    expect(of('inet6', 'all')).not.toHaveProperty('rpFilter');
  });

  it('a filter without a name filters loosely', () => {
    expect(of('inet', 'default')).toMatchObject({ rpFilter: 'loose' });
  });

  it('points at exactly the characters', () => {
    const frame = aFrame('net', sourceText('net/netconf-with-a-number.json.txt'));
    for (const one of parseNetBatch(frame, netns).netconfs) {
      expect(JSON.parse(quoted(frame, one.evidence[0] ?? {}))).toMatchObject({ interface: one.interface });
    }
  });

  it('leaves out MPLS without a word, and names what is no setting', () => {
    const said = batch('[{"family":"mpls","interface":"lo","input":true},{"family":"inet","interface":7}]\n');
    expect(said.netconfs).toEqual([]);
    expect(said.unparsable).toHaveLength(1);
  });

  it('an ip or a kernel that does not know of it costs nothing else', () => {
    const whole = sourceText('net/rootlesskit-child.json.txt');
    const before = batch(whole);
    const { links, netconfs, failed } = batch(
      whole,
      'Object "netconf" is unknown, try "ip help".\nCommand failed -:8\n',
    );
    expect(links).toEqual(before.links);
    expect(netconfs).toEqual([]);
    expect(failed).toMatchObject([{ command: { text: 'netconf show' }, cause: 'not-supported' }]);
    const words = batch(`${whole}ipv4 lo forwarding off rp_filter off mc_forwarding off proxy_neigh off \n`);
    expect(words.links).toEqual(before.links);
    expect(words.routes).toEqual(before.routes);
  });
});
