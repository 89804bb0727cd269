// Which members of ip's JSON objects a rule reads: marked in the proof, so that nobody has to search an object of forty.

const identity = ['ifindex', 'ifname'];
/** What an end says of the other: iproute2 prints `link` in the same network namespace, the numbers for another one. */
const otherEnd = [...identity, 'link_index', 'link', 'link_netnsid', 'link_netns'];

const byPrefix: readonly (readonly [prefix: string, members: readonly string[]])[] = [
  ['veth.', otherEnd],
  ['lower.', [...otherEnd, 'linkinfo']],
  ['underlay.', [...identity, 'link_netnsid', 'link_netns', 'linkinfo']],
  ['vf.', [...identity, 'parentbus', 'parentdev']],
  ['master.', [...identity, 'master']],
  ['tap.', [...identity, 'linkinfo']],
  ['leaves-through.', [...identity, 'dst', 'gateway', 'dev', 'metric']],
];

/** `undefined`: the rule reads no JSON of ip, or all of it. */
export function membersBehind(rule: string): readonly string[] | undefined {
  return byPrefix.find(([prefix]) => rule.startsWith(prefix))?.[1];
}
