// A network of routers that chance made: network namespaces on bridges and wires, with routes that may be right, wrong or
// missing, policy rules and a firewall. What is planned stays the same for a seed.
import { Dice } from '../../helpers/dice.ts';

export interface RoutedNetwork {
  /** Names under /run/netns. */
  readonly names: readonly string[];
  /** Every address, and of whom. */
  readonly addresses: readonly { readonly netns: string; readonly address: string }[];
  /** A bash script, run as root in a bare host. */
  readonly script: string;
}

/** Where everybody listens, and one port where nobody does. */
export const port = 5000;

interface Segment {
  readonly subnet: number;
  readonly members: readonly { readonly netns: string; readonly device: string; readonly address: string }[];
}

export function randomRoutes(seed: number): RoutedNetwork {
  const dice = new Dice(seed);
  const names = Array.from({ length: dice.integer(3, 7) }, (_, i) => `n${i}`);
  const lines: string[] = [];
  const inside = (netns: string, command: string): void => void lines.push(`ip -n ${netns} ${command}`);
  for (const name of names) {
    lines.push(`ip netns add ${name}`, `ip -n ${name} link set lo up`);
    lines.push(`nsenter --net=/run/netns/${name} sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'`);
    for (const one of ['all', 'default']) {
      lines.push(`nsenter --net=/run/netns/${name} sh -c 'echo 0 >/proc/sys/net/ipv4/conf/${one}/rp_filter'`);
    }
    const bridged = '/proc/sys/net/bridge/bridge-nf-call-iptables';
    lines.push(`nsenter --net=/run/netns/${name} sh -c 'test ! -e ${bridged} || echo 0 >${bridged}'`);
  }
  const segments: Segment[] = [];
  const count = dice.integer(2, 5);
  for (let subnet = 1; subnet <= count; subnet += 1) {
    const isBridge = dice.chance(0.5);
    const members = someOf(dice, names, isBridge ? dice.integer(2, 4) : 2);
    segments.push(isBridge ? bridge(dice, subnet, names, members, inside) : wire(dice, subnet, members, inside));
  }
  routes(dice, names, segments, inside);
  for (const name of names) {
    if (dice.chance(0.4)) rules(dice, name, names, segments, inside);
    if (dice.chance(0.5)) lines.push(firewall(dice, name, segments));
  }
  // A dice of its own: what was planned for a seed before stays as it was.
  const second = new Dice(seed + 1_000_000);
  for (const name of names) lines.push(...settings(second, name, segments));
  const addresses = segments.flatMap(({ members }) => members.map(({ netns, address }) => ({ netns, address })));
  return { names, addresses, script: lines.join('\n') };
}

/** Forwarding is on and rp_filter off, but here and there not. */
function settings(dice: Dice, name: string, segments: readonly Segment[]): readonly string[] {
  const set = (setting: string, value: number): string =>
    `nsenter --net=/run/netns/${name} sh -c 'echo ${value} >/proc/sys/net/ipv4/${setting}'`;
  const devices = segments.flatMap(({ members }) => members.filter(({ netns }) => netns === name));
  const lines: string[] = [];
  if (dice.chance(0.15)) lines.push(set('ip_forward', 0));
  // Who does not forward learns from redirects, and then sends otherwise than its routes say.
  for (const one of ['all', ...devices.map(({ device }) => device)]) lines.push(set(`conf/${one}/accept_redirects`, 0));
  if (dice.chance(0.2)) lines.push(set('conf/all/rp_filter', dice.integer(1, 2)));
  for (const { device } of devices) {
    if (dice.chance(0.15)) lines.push(set(`conf/${device}/forwarding`, dice.integer(0, 1)));
    if (dice.chance(0.2)) lines.push(set(`conf/${device}/rp_filter`, dice.integer(0, 3)));
  }
  return lines;
}

function someOf<T>(dice: Dice, all: readonly T[], count: number): readonly T[] {
  const left = [...all];
  const chosen: T[] = [];
  while (chosen.length < count && left.length > 0) chosen.push(...left.splice(dice.integer(0, left.length - 1), 1));
  return chosen;
}

type Inside = (netns: string, command: string) => void;

function bridge(
  dice: Dice,
  subnet: number,
  names: readonly string[],
  members: readonly string[],
  inside: Inside,
): Segment {
  const at = dice.one(names);
  const filtering = dice.chance(0.25);
  // A kernel may be without VLANs.
  if (filtering) inside(at, `link add br${subnet} type bridge vlan_filtering 1 2>/dev/null || true`);
  inside(at, `link add br${subnet} type bridge 2>/dev/null || true`);
  inside(at, `link set br${subnet} up`);
  const own = dice.chance(0.6) ? [{ netns: at, device: `br${subnet}`, address: `10.${subnet}.0.1` }] : [];
  for (const { address } of own) inside(at, `address add ${address}/24 dev br${subnet}`);
  const others = members
    .filter((netns) => netns !== at)
    .map((netns, i) => {
      const device = `s${subnet}`;
      inside(at, `link add p${subnet}${i} type veth peer name ${device} netns ${netns}`);
      inside(at, `link set p${subnet}${i} master br${subnet} up`);
      if (dice.chance(0.1)) inside(at, `link set p${subnet}${i} type bridge_slave isolated on`);
      inside(netns, `address add 10.${subnet}.0.${i + 2}/24 dev ${device}`);
      inside(netns, `link set ${device} ${dice.chance(0.95) ? 'up' : 'down'}`);
      return { netns, device, address: `10.${subnet}.0.${i + 2}` };
    });
  return { subnet, members: [...own, ...others] };
}

/** A veth pair, sometimes with a VLAN over it. */
function wire(dice: Dice, subnet: number, [a = '', b = '']: readonly string[], inside: Inside): Segment {
  const device = `s${subnet}`;
  const tagged = dice.chance(0.3);
  const base = tagged ? `w${subnet}` : device;
  inside(a, `link add ${base} type veth peer name ${base} netns ${b}`);
  const members = [a, b].map((netns, i) => {
    if (tagged) {
      // A kernel may be without VLANs: then it is the wire itself.
      const vlan = `link add link ${base} name ${device} type vlan id 20 2>/dev/null`;
      inside(netns, `${vlan} || ip -n ${netns} link set ${base} name ${device}`);
      inside(netns, `link set ${base} up 2>/dev/null || true`);
    }
    inside(netns, `link set ${device} up`);
    inside(netns, `address add 10.${subnet}.0.${i + 1}/24 dev ${device}`);
    if (dice.chance(0.2)) inside(netns, `address add 10.${subnet}.0.${i + 101}/24 dev ${device}`);
    return { netns, device, address: `10.${subnet}.0.${i + 1}` };
  });
  return { subnet, members };
}

/** Others on a segment that a network namespace is on: whom it can send to. */
function neighboursOf(
  name: string,
  segments: readonly Segment[],
): readonly { readonly device: string; readonly address: string }[] {
  return segments.flatMap(({ members }) => {
    const own = members.find(({ netns }) => netns === name);
    return own
      ? members.filter(({ netns }) => netns !== name).map(({ address }) => ({ device: own.device, address }))
      : [];
  });
}

function routes(dice: Dice, names: readonly string[], segments: readonly Segment[], inside: Inside): void {
  for (const name of names) {
    const near = neighboursOf(name, segments);
    for (const { subnet, members } of segments) {
      if (members.some(({ netns }) => netns === name)) continue;
      const destination = `10.${subnet}.0.0/${dice.one([24, 24, 24, 16, 30])}`;
      // Where it may not be: a link is down, the next hop is not there. Then there is no route.
      const attempt = (route: string): void => inside(name, `route add ${route} 2>/dev/null || true`);
      if (dice.chance(0.08)) attempt(`${dice.one(['unreachable', 'blackhole', 'prohibit', 'throw'])} ${destination}`);
      if (near.length === 0 || dice.chance(0.1)) continue;
      const [first, second] = someOf(dice, near, 2);
      if (first && second && dice.chance(0.15)) {
        attempt(
          `${destination} nexthop via ${first.address} dev ${first.device} nexthop via ${second.address} dev ${second.device}`,
        );
      } else if (first)
        attempt(`${destination} via ${first.address}${dice.chance(0.3) ? ` metric ${dice.integer(1, 9)}` : ''}`);
    }
    const out = near.length > 0 && dice.chance(0.6) ? dice.one(near) : undefined;
    if (out) inside(name, `route add default via ${out.address} 2>/dev/null || true`);
    if (dice.chance(0.1)) inside(name, `route add local 10.${dice.integer(1, 6)}.0.0/16 dev lo`);
  }
}

function rules(dice: Dice, name: string, names: readonly string[], segments: readonly Segment[], inside: Inside): void {
  const near = neighboursOf(name, segments);
  const prefix = (): string => `10.${dice.integer(1, segments.length)}.0.0/${dice.one([24, 16, 31])}`;
  const own = segments.flatMap(({ members }) => members.filter(({ netns }) => netns === name));
  for (let i = 0; i < dice.integer(1, 3); i += 1) {
    const table = 100 + i;
    const select = dice.one([
      `from ${prefix()}`,
      `to ${prefix()}`,
      `from ${own[0]?.address ?? '10.9.9.9'}`,
      `iif ${own[0]?.device ?? 'lo'}`,
      `iif lo`,
      `fwmark ${dice.integer(0, 2)}`,
      `not fwmark 1`,
      `not to ${prefix()}`,
      `oif ${own[0]?.device ?? 'lo'}`,
      `ipproto udp dport ${dice.one([port, 53])}`,
      `ipproto tcp`,
      `from all`,
    ]);
    const action = dice.one([
      `lookup ${table}`,
      `lookup ${table}`,
      `lookup ${table}`,
      'lookup main suppress_prefixlength 0',
      'prohibit',
      'goto 32000',
    ]);
    const priority = dice.integer(1, 300) * 100;
    inside(name, `rule add pref ${priority} ${select} ${action} 2>/dev/null || true`);
    const via = near.length > 0 ? dice.one(near) : undefined;
    const destination = dice.one(['default', `10.${dice.integer(1, segments.length)}.0.0/16`]);
    if (via && dice.chance(0.8))
      inside(name, `route add ${destination} via ${via.address} table ${table} 2>/dev/null || true`);
    else if (dice.chance(0.5))
      inside(name, `route add ${dice.one(['throw', 'unreachable'])} ${destination} table ${table}`);
  }
  void names;
}

function firewall(dice: Dice, name: string, segments: readonly Segment[]): string {
  const prefix = (): string => `10.${dice.integer(1, segments.length)}.0.0/${dice.one([24, 31])}`;
  const someone = (): string => dice.one(segments.flatMap(({ members }) => members.map(({ address }) => address)));
  const device = (): string => dice.one(segments.flatMap(({ members }) => members.map((one) => one.device)));
  const condition = (hook: string): string =>
    dice.one([
      `ip daddr ${prefix()}`,
      `ip saddr ${prefix()}`,
      `ip saddr != ${prefix()}`,
      `udp dport ${dice.one([String(port), '53', `{ 53, ${port} }`])}`,
      'meta l4proto tcp',
      `ct state ${dice.one(['new', 'established,related', 'invalid', '{ new, related }'])}`,
      `ct status dnat`,
      'fib daddr type local',
      'meta mark 0x1',
      'meta length > 2000',
      ...(hook === 'output' || hook === 'postrouting' ? [] : [`iifname "${device()}"`, `iifname != "${device()}"`]),
      ...(hook === 'input' || hook === 'prerouting' ? [] : [`oifname "${device()}"`]),
    ]);
  const chains: string[] = [];
  for (const hook of ['prerouting', 'input', 'forward', 'output', 'postrouting']) {
    if (!dice.chance(0.35)) continue;
    const body = Array.from(
      { length: dice.integer(1, 3) },
      () => `${condition(hook)} ${dice.one(['drop', 'accept', 'return', 'jump sub', 'goto sub', 'counter', 'drop'])}`,
    );
    const policy = dice.chance(0.2) ? 'drop' : 'accept';
    chains.push(
      `chain f-${hook} { type filter hook ${hook} priority ${dice.one(['-300', '0', '150'])}; policy ${policy}; ${body.join('; ')}; }`,
    );
  }
  for (const hook of ['prerouting', 'output']) {
    if (!dice.chance(0.25)) continue;
    const to = dice.one([`dnat to ${someone()}`, `dnat to ${someone()}:${port}`, `redirect to :${port}`]);
    const matching = dice.one([
      `udp dport ${port}`,
      `udp dport 5001`,
      `ip daddr ${someone()} udp dport ${port}`,
      `fib daddr type local udp dport ${port}`,
      `meta mark 0x1 udp dport ${port}`,
      `iifname "${device()}" udp dport ${port}`,
    ]);
    chains.push(`chain n-${hook} { type nat hook ${hook} priority -100; ${matching} ${to}; }`);
  }
  if (dice.chance(0.3)) {
    chains.push(
      `chain n-post { type nat hook postrouting priority 100; ${dice.chance(0.5) ? '' : `${condition('postrouting')} `}masquerade; }`,
    );
  }
  const sub = Array.from(
    { length: dice.integer(1, 2) },
    () => `${condition('sub-input')} ${dice.one(['drop', 'accept', 'return'])}`,
  );
  const ruleset = `table ip t {
chain sub { ${sub.filter((one) => !/[io]ifname/.test(one)).join('; ')}; }
${chains.join('\n')}
}`;
  return `nsenter --net=/run/netns/${name} nft '${ruleset.replaceAll('{ ;', '{')}'`;
}
