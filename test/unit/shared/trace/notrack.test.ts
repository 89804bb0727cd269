// Connections that a rule takes away before they are looked up.
import { describe, expect, it } from 'vitest';
import { doubtsOf, TraceNetwork } from '../../../helpers/trace-model.ts';

describe('notrack', () => {
  /** Port 80 of a router is rewritten; before that a rule at another place. */
  const behind = (rule: string, priority = 'raw', hook = 'prerouting') => {
    const network = new TraceNetwork();
    const [host, client] = [network.netns(1, 'host'), network.netns(2, 'client')];
    network.wire(
      network.link(host, 'v', 'veth', ['10.0.0.1/24']),
      network.link(client, 'eth0', 'veth', ['10.0.0.2/24']),
    );
    network.netconf(host, 'all');
    network.netconf(host, 'v');
    network.neighbour(client, 'eth0', '10.0.0.1', '02:00:00:00:01:02');
    network.listens(host, '0.0.0.0', 81);
    network.firewall(
      host,
      `table ip t { # handle 1
       chain early { # handle 1
         type filter hook ${hook} priority ${priority}; policy accept;
         ${rule} # handle 2
       }

       chain nat { # handle 3
         type nat hook prerouting priority dstnat; policy accept;
         tcp dport 80 redirect to :81 # handle 4
       }

       chain late { # handle 5
         type filter hook input priority filter; policy accept;
         ct state untracked counter packets 0 bytes 0 # handle 6
       }
     }`,
    );
    return network.trace(client, '10.0.0.1', { protocol: 'tcp', port: 80 });
  };
  const ends = (rule: string, priority?: string, hook?: string) =>
    behind(rule, priority, hook).paths.map(({ certainty, hops, end }) => {
      const rewritten = hops.some(({ event }) => event.kind === 'rewritten');
      return `${certainty} ${rewritten ? 'rewritten ' : ''}${end}`;
    });

  it('takes the connection away: nothing is rewritten', () => {
    expect(ends('tcp dport 80 notrack')).toEqual(['certain nobody-listens']);
    expect(ends('tcp dport 80 counter packets 0 bytes 0 notrack accept')).toEqual(['certain nobody-listens']);
    expect(ends('tcp dport 90 notrack')).toEqual(['certain rewritten delivered']);
  });

  it('comes too late behind the place where connections are looked up', () => {
    expect(ends('tcp dport 80 notrack', 'mangle')).toEqual(['certain rewritten delivered']);
    expect(ends('tcp dport 80 notrack', 'filter', 'input')).toEqual(['certain rewritten delivered']);
  });

  it('at just that place may come too late, and the state is not known', () => {
    expect(ends('tcp dport 80 notrack', '-200')).toEqual(['ambiguous rewritten delivered', 'ambiguous nobody-listens']);
    expect(ends('ct state new drop', '-200')).toEqual(['inferred rewritten delivered']);
    expect(doubtsOf(behind('ct state invalid drop', '-200'))).toContain('may-drop: early: ct state invalid drop');
    expect(ends('ct state new,invalid drop', '-200')).toEqual(['certain dropped']);
    expect(ends('ct state established drop', '-200')).toEqual(['certain rewritten delivered']);
  });

  it('that may match leaves both', () => {
    expect(ends('meta mark 0x1 notrack')).toEqual(['ambiguous rewritten delivered', 'ambiguous nobody-listens']);
    expect(doubtsOf(behind('meta mark 0x1 notrack'))).toContain('may-not-track: ip t early: meta mark 0x1 notrack');
  });
});
