// nat chains that drop: the kernel asks them where it keeps connections, and once.
import { describe, expect, it } from 'vitest';
import { doubtsOf, inShort, TraceNetwork } from '../../../helpers/trace-model.ts';

const tcp = { protocol: 'tcp', port: 80 } as const;

/** A host that another sends to over a wire: a nat chain drops that, and another rule is beside it. */
function dropping(hook: string, other: string) {
  const network = new TraceNetwork();
  const [host, client] = [network.netns(1, 'host'), network.netns(2, 'client')];
  network.wire(network.link(host, 'v', 'veth', ['10.0.0.1/24']), network.link(client, 'eth0', 'veth', ['10.0.0.2/24']));
  network.neighbour(client, 'eth0', '10.0.0.1', '02:00:00:00:01:02');
  network.netconf(host, 'all');
  network.netconf(host, 'v');
  network.listens(host, '0.0.0.0', 80);
  network.firewall(
    host,
    `table ip n { # handle 1
         chain c { # handle 1
           type nat hook ${hook} priority 100; policy accept;
           tcp dport 80 drop # handle 2
         }
       }
       table ${other.startsWith('ip6 ') ? 'ip6' : 'inet'} o { # handle 2
         chain f { # handle 1
           type filter hook output priority filter; policy accept;
           ${other.replace(/^ip6 /, '')} # handle 2
         }
       }`,
  );
  return { from: network.trace(client, '10.0.0.1', tcp), over: network.trace(host, '10.0.0.1', tcp) };
}

describe.each(['prerouting', 'input'])('a nat chain at %s', (hook) => {
  it('drops what comes in where a rule asks for connections, not what comes over lo', () => {
    for (const other of ['ct state established accept', 'ct state vmap { established : accept, new : jump other }']) {
      const { from, over } = dropping(hook, other);
      expect(inShort(from), other).toEqual(
        ['certain: sent, routed eth0, out, pair, dropped firewall'].map(routedIn(hook)),
      );
      expect(over.paths.map(({ end }) => end)).toEqual(['delivered']);
    }
  });

  it('may not be asked at all where none does, or one of the other family', () => {
    for (const other of ['tcp dport 81 accept', 'ip6 ct state established accept']) {
      const { from, over } = dropping(hook, other);
      expect(inShort(from)[0], other).toMatch(/^inferred: .*, delivered$/);
      expect(doubtsOf(from)).toEqual(['drops-if-tracked: ip n c: tcp dport 80 drop']);
      expect(doubtsOf(over)).toEqual([]);
    }
  });
});

/** At input the route is looked up before. */
const routedIn =
  (hook: string) =>
  (path: string): string =>
    hook === 'input' ? path.replace('pair, ', 'pair, routed local, ') : path;
