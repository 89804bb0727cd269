// Ports that the firewall itself forwards: rules of nat chains that send what arrives for this host elsewhere. Whoever
// wrote them: CNI's portmap, netavark, Docker, kube-proxy, a person.
import type { Finding } from '../../model/finding.ts';
import type { Selection } from '../../model/firewall.ts';
import type { Forward } from '../../model/forward.ts';
import type { NamespaceId } from '../../model/id.ts';
import { isLoopbackAddress } from '../../model/listening.ts';
import type { Known, Pass } from '../known.ts';
import { finding } from '../relation.ts';
import { goesTo, ifItComes, isSure } from './arrival.ts';
import { forwardTo, type Found } from './forward.ts';
import { rewritesAt, type Rewrite } from './rewrites.ts';
import { evidenceOf, leastSure, nameOf, ruleOf, wayBy } from './way.ts';

export const firewallForwards: Pass = {
  name: 'firewall forwards',
  run: (known) => {
    const all = [...new Set(known.entities.firewalls.map(({ netns }) => netns))].map((netns) => inNetns(netns, known));
    const found = all.flatMap((one) => one.found);
    return {
      forwards: found.map(({ forward }) => forward),
      relations: found.flatMap(({ relations }) => relations),
      findings: all.flatMap(({ findings }) => findings),
    };
  },
};

/** More forwards in one network namespace do not fit a picture. */
const mostForwards = 1000;
/** Ports of a range that are given one by one. */
const mostOfRange = 16;

function inNetns(
  netns: NamespaceId,
  known: Known,
): { readonly found: readonly Found[]; readonly findings: readonly Finding[] } {
  const own = ownAddresses(netns, known);
  const told = new Set(known.forwards.flatMap(({ steps = [] }) => steps.flatMap((step) => stepKeys(step, netns))));
  const found = new Map<string, Found>();
  /** Listeners that have all their connections already. */
  const decided = new Set<string>();
  let elsewhere: Rewrite[] = [];
  for (const written of rewritesAt('prerouting', netns, known.entities)) {
    if (written.to.kind !== 'dnat' && written.to.kind !== 'redirect') continue;
    const listens = listensAt(written, own);
    if (listens.length === 0) elsewhere = [...elsewhere.slice(0, 999), written];
    for (const { protocol, address, port, lastPort } of listens) {
      const key = `${protocol} ${address} ${port} ${lastPort ?? ''}`;
      if (decided.has(key) || found.size >= mostForwards) continue;
      const [rewrite] = ifItComes(written, { netns, hook: 'prerouting', protocol, address, port }, known);
      if (!rewrite) continue;
      const only = !rewrite.conditions.shared && isSure(rewrite);
      if (only) decided.add(key);
      if (told.has(keyOf(rewrite, protocol, port))) continue;
      const target = goesTo(rewrite.to, { address, port });
      const one = asForward(
        rewrite,
        { protocol, address, port, lastPort },
        netns,
        known,
        only ? '' : ` ${target.address}:${target.port}`,
      );
      // Some of them come there by a rule with conditions, the others by one without.
      const before = found.get(one.forward.id);
      if (!before || (before.forward.certainty !== 'certain' && isSure(rewrite))) found.set(one.forward.id, one);
    }
  }
  return { found: [...found.values()], findings: [...services(netns, elsewhere), ...notFollowed(netns, known)] };
}

interface Listens {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
  readonly lastPort: number | undefined;
}

/** Addresses and ports of this network namespace that a rewrite is for; none where it is for others' alone. */
function listensAt({ conditions, to }: Rewrite, own: ReadonlySet<string>): readonly Listens[] {
  const protocols = (conditions.protocols ?? []).filter((one) => one === 'tcp' || one === 'udp');
  const named = conditions.destinations.filter(({ not }) => !not);
  const family = conditions.family ?? (to.kind === 'dnat' && to.address?.includes(':') ? 'ip6' : ('ip' as const));
  const addresses =
    named.length === 0 ? [family === 'ip6' ? '::' : '0.0.0.0'] : commonOf(named).filter((address) => own.has(address));
  if (conditions.local === false || !conditions.ports) return [];
  return protocols.flatMap((protocol) =>
    addresses.flatMap((address) =>
      (conditions.ports ?? []).flatMap(([first, last]): readonly Listens[] =>
        last - first < mostOfRange
          ? Array.from({ length: last - first + 1 }, (_, i) => ({
              protocol,
              address,
              port: first + i,
              lastPort: undefined,
            }))
          : [{ protocol, address, port: first, lastPort: last }],
      ),
    ),
  );
}

/** Single addresses that all of them name. */
function commonOf([first, ...others]: readonly Selection[]): readonly string[] {
  return (first?.any ?? []).filter((address) => others.every(({ any }) => any.includes(address)));
}

/** Those of its links, and of its loopback. */
function ownAddresses(netns: NamespaceId, known: Known): ReadonlySet<string> {
  const links = known.index.linksOf.get(netns) ?? [];
  return new Set(['127.0.0.1', '::1', ...links.flatMap((link) => link.addresses.map(({ local }) => local))]);
}

function asForward(
  rewrite: Rewrite,
  { protocol, address, port, lastPort }: Listens,
  netns: NamespaceId,
  known: Known,
  variant: string,
): Found {
  const way = wayBy(rewrite, { netns, hook: 'prerouting', protocol, address, port }, known);
  const certainty = leastSure(way.steps.map((step) => step.certainty));
  return forwardTo(known, {
    by: nameOf(rewrite),
    protocol,
    listen: { address, port, netns },
    ...(lastPort === undefined ? {} : { lastPort }),
    target: way.end,
    candidates: way.candidates,
    certainty,
    rule: ruleOf(rewrite),
    evidence: way.steps.flatMap((step) => step.evidence),
    steps: way.steps,
    variant,
    ...(way.reached === undefined
      ? {}
      : {
          container: {
            reached: way.reached,
            certainty: leastSure([certainty, way.reached.certainty]),
            rule: 'forward.address-in-reachable-container' as const,
          },
        }),
  });
}

/** A rule that is a step of another forward is no forward of its own. */
const keyOf = ({ rules }: Rewrite, protocol: string, port: number): string => {
  const evidence = rules.at(-1)?.evidence;
  return `${evidence?.frame} ${evidence?.line} ${protocol} ${port}`;
};

function stepKeys(step: NonNullable<Forward['steps']>[number], netns: NamespaceId): readonly string[] {
  const [last] = step.evidence;
  if (step.netns !== netns || !step.rules || !last) return [];
  return ['tcp', 'udp'].map((protocol) => `${last.frame} ${last.line} ${protocol} ${step.from.port}`);
}

/** Addresses that are nobody's: what a cluster calls its services by. */
function services(netns: NamespaceId, elsewhere: readonly Rewrite[]): readonly Finding[] {
  const addresses = new Set(
    elsewhere
      .flatMap(({ conditions }) => commonOf(conditions.destinations.filter(({ not }) => !not)))
      .filter((address) => !isLoopbackAddress(address)),
  );
  if (addresses.size === 0) return [];
  const [example] = addresses;
  return [
    finding('note', 'firewall.service-addresses', [netns], {
      message: `The firewall rewrites connections to ${addresses.size} addresses that no link has here (${example}…): service addresses, which are not drawn as published ports.`,
      values: { count: addresses.size, example: example ?? '' },
      evidence: elsewhere.slice(0, 1).flatMap((one) => evidenceOf(one).slice(0, 1)),
    }),
  ];
}

/** Rules of nat chains that are written in words not known here. */
function notFollowed(netns: NamespaceId, { entities }: Known): readonly Finding[] {
  const unread = entities.firewalls
    .filter((one) => one.netns === netns)
    .flatMap(({ natRules }) =>
      natRules.filter(
        ({ action }) =>
          action.kind === 'unread' ||
          (action.kind === 'choice' && action.branches.some((one) => one.action.kind === 'unread')),
      ),
    );
  const [first] = unread;
  if (!first) return [];
  return [
    finding('unparsable', 'firewall.rules-not-followed', [netns], {
      message: `${unread.length} firewall rules rewrite in a way that is not followed here: ${first.text.slice(0, 160)}`,
      values: { count: unread.length, example: first.text.slice(0, 160) },
      evidence: unread.slice(0, 20).map((rule) => rule.evidence),
    }),
  ];
}
