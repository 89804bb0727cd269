// Ports that the firewall itself forwards: rules of nat chains that send what arrives for this host elsewhere. Whoever
// wrote them: CNI's portmap, netavark, Docker, kube-proxy, a person.
import type { Certainty } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { Selection } from '../../model/firewall.ts';
import type { Forward } from '../../model/forward.ts';
import type { NamespaceId } from '../../model/id.ts';
import { isLoopbackAddress } from '../../model/listening.ts';
import type { Known, Pass } from '../known.ts';
import type { LinkingRule } from '../rules.ts';
import { goesTo, ifItComes, isSure } from './arrival.ts';
import { forwardTo, type Found } from './forward.ts';
import { isWithin, listensAt, overlap, type Listens } from './listens.ts';
import { areTied, rewritesAt, type Rewrite } from './rewrites.ts';
import { notFollowed, notShown, services } from './rules-not-shown.ts';
import { leastSure, nameOf, wayBy, type Way } from './way.ts';

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

/** A rewrite, and what comes to it. */
interface Taking {
  readonly listens: Listens;
  readonly rewrite: Rewrite;
  /** It has all of it; else others may too, by turns or by conditions. */
  readonly only: boolean;
  tied: boolean;
  /** Earlier ones have some of it. */
  readonly rest: boolean;
}

function inNetns(
  netns: NamespaceId,
  known: Known,
): { readonly found: readonly Found[]; readonly findings: readonly Finding[] } {
  const { takings, elsewhere } = takingsIn(netns, known);
  const told = new Set(known.forwards.flatMap(({ steps = [] }) => steps.flatMap((step) => stepKeys(step, netns))));
  const found = new Map<string, Found>();
  for (const taking of takings) {
    if (told.has(keyOf(taking.rewrite, taking.listens))) continue;
    const one = asForward(taking, netns, known);
    // Some of them come there by a rule with conditions, the others by one without.
    const before = found.get(one.forward.id);
    if (!before || (before.forward.certainty !== 'certain' && one.forward.certainty === 'certain')) {
      found.set(one.forward.id, one);
    }
  }
  const links = known.index.linksOf.get(netns) ?? [];
  const findings = [services(netns, elsewhere, links), notShown(netns, elsewhere), notFollowed(netns, known)].flat();
  return { found: [...found.values()], findings };
}

/** `elsewhere`: those that take nothing for this host. */
function takingsIn(netns: NamespaceId, known: Known): { readonly takings: Taking[]; readonly elsewhere: Rewrite[] } {
  const takings: Taking[] = [];
  const elsewhere: Rewrite[] = [];
  const links = known.index.linksOf.get(netns) ?? [];
  // What is sent to a loopback address comes to no prerouting: it has been asked about when it was sent.
  for (const hook of ['prerouting', 'output'] as const) {
    for (const written of rewritesAt(hook, netns, known.entities)) {
      if (written.to.kind !== 'dnat' && written.to.kind !== 'redirect') continue;
      const all = listensAt(written, hook, links);
      if (all.length === 0 && hook === 'prerouting' && elsewhere.length < 1000) elsewhere.push(written);
      // From loopback to loopback nothing is published: Docker's nameserver, say.
      if (hook === 'output' && (written.to.kind === 'redirect' || staysLoopback(written.to.address))) continue;
      for (const listens of all) takings.push(...takingOf(written, listens, takings, netns, known));
    }
  }
  return { takings, elsewhere };
}

const staysLoopback = (address: string | undefined): boolean => address === undefined || isLoopbackAddress(address);

function takingOf(
  written: Rewrite,
  listens: Listens,
  before: readonly Taking[],
  netns: NamespaceId,
  known: Known,
): readonly Taking[] {
  if (before.length >= mostForwards) return [];
  const others = before.filter((one) => one.only && overlap(listens, one.listens));
  const tied = others.filter((one) => areTied(one.rewrite, written));
  const earlier = others.filter((one) => !tied.includes(one));
  if (earlier.some((one) => isWithin(listens, one.listens))) return [];
  const { hook, protocol, address, port, lastPort } = listens;
  const asked = { netns, hook, protocol, address, port: lastPort === undefined ? port : undefined };
  const [rewrite] = ifItComes(written, asked, known);
  if (!rewrite) return [];
  const only = !rewrite.conditions.shared && isSure(rewrite);
  for (const one of only ? tied : []) one.tied = true;
  return [{ listens, rewrite, only, tied: tied.length > 0, rest: earlier.length > 0 }];
}

function asForward({ listens, rewrite: written, only, tied, rest }: Taking, netns: NamespaceId, known: Known): Found {
  const { hook, protocol, address, port, lastPort, by } = listens;
  const rewrite: Rewrite = { ...written, ...(tied && { tied }), ...(rest && { rest }) };
  const way = wayBy(rewrite, { netns, hook, protocol, address, port }, known);
  const { certainty, rule } = sureness(way, listens, netns);
  const target = goesTo(rewrite.to, { address, port });
  const onlyBy = by === undefined ? '' : ` by ${by.join(',')}`;
  const incoming = incomingOf(rewrite, by);
  return forwardTo(known, {
    by: nameOf(rewrite),
    protocol,
    listen: { address, port, netns },
    ...(lastPort === undefined ? {} : { lastPort }),
    ...(incoming === undefined ? {} : { incoming }),
    target: way.end,
    candidates: way.candidates,
    certainty,
    rule,
    evidence: way.steps.flatMap((step) => step.evidence),
    steps: way.steps,
    variant: `${onlyBy}${only && !tied ? '' : ` ${target.address}:${target.port}`}`,
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

function incomingOf({ conditions }: Rewrite, by: Listens['by']): Selection | undefined {
  if (by !== undefined) return { not: false, any: by };
  const not = conditions.incoming.flatMap(({ any }) => any);
  return not.length > 0 ? { not: true, any: [...new Set(not)] } : undefined;
}

/** As sure as its least sure step; from a loopback address to another machine it leaves with one, which may be dropped. */
function sureness(
  { steps, end }: Way,
  { address }: Listens,
  netns: NamespaceId,
): { readonly certainty: Certainty; readonly rule: LinkingRule } {
  const certainty = leastSure(steps.map((step) => step.certainty));
  if (certainty === 'certain' && isLoopbackAddress(address) && end.netns !== netns) {
    return { certainty: 'inferred', rule: 'forward.firewall-rule-loopback' };
  }
  const [first] = steps;
  return { certainty, rule: (first?.rule ?? 'forward.firewall-rule') as LinkingRule };
}

/** A rule that is a step of another forward is no forward of its own. */
const keyOf = ({ rules }: Rewrite, { protocol, port }: Listens): string => {
  const evidence = rules.at(-1)?.evidence;
  return `${evidence?.frame} ${evidence?.line} ${protocol} ${port}`;
};

function stepKeys(step: NonNullable<Forward['steps']>[number], netns: NamespaceId): readonly string[] {
  const [last] = step.evidence;
  if (step.netns !== netns || !step.rules || !last) return [];
  return ['tcp', 'udp'].map((protocol) => `${last.frame} ${last.line} ${protocol} ${step.from.port}`);
}
