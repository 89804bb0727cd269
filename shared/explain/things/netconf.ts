// Whether a network namespace is a router, and what the kernel lets in at a link.
import type { Evidence } from '../../model/evidence.ts';
import type { NamespaceId } from '../../model/id.ts';
import type { Link } from '../../model/link.ts';
import { filterInForce, type Netconf } from '../../model/netconf.ts';
import type { Fact } from '../explanation.ts';
import { fact, type Telling } from '../facts.ts';

const families = { inet: 'IPv4', inet6: 'IPv6' } as const;
type Family = keyof typeof families;

export function settingsOf(telling: Telling, link: Link): readonly Fact[] {
  const { labels, terms } = telling.texts;
  const conf = (family: Family, at: string) => netconf(telling, link.netns, family, at);
  const [own, all] = [conf('inet', link.name), conf('inet', 'all')];
  const at = evidenceOf([own, all]);
  const filter = filterInForce(own, all);
  const isProxy = own?.proxyNeighbour === true || all?.proxyNeighbour === true;
  return [
    ...(link.kind === 'loopback' ? [] : forwardingFact(telling, own, conf('inet6', 'all'))),
    ...(filter === undefined || filter === 'off'
      ? []
      : [fact(labels.rpFilter, filter, at, { members: ['interface', 'rp_filter'], hint: terms['rp_filter'] })]),
    ...(isProxy
      ? [
          fact(labels.proxyArp, families.inet, at, {
            members: ['interface', 'proxy_neigh'],
            hint: terms['proxy_arp'],
          }),
        ]
      : []),
  ];
}

/** IPv4 as the link says, IPv6 as the network namespace does: so the kernel asks. */
function forwardingFact(telling: Telling, ...[inet, inet6]: readonly (Netconf | undefined)[]): readonly Fact[] {
  const { labels, terms, values } = telling.texts;
  const said = [inet, inet6].flatMap((one) =>
    one?.forwarding === undefined ? [] : [values.forwards(families[one.family], one.forwarding)],
  );
  if (said.length === 0) return [];
  const how = { members: ['family', 'interface', 'forwarding'], hint: terms['forwarding'] };
  return [fact(labels.forwarding, said.join(', '), evidenceOf([inet, inet6]), how)];
}

export function forwardingIn(telling: Telling, netns: NamespaceId): readonly Fact[] {
  const routers = routersIn(telling, netns);
  if (routers.length === 0) return [];
  const { labels, terms, values } = telling.texts;
  const value = routers.map(({ family, on, by }) => values.forwardsBy(family, on, by)).join(', ');
  const evidence = routers.flatMap((one) => one.evidence);
  return [
    fact(labels.forwarding, value, evidence, {
      members: ['family', 'interface', 'forwarding'],
      hint: terms['forwarding'],
    }),
  ];
}

/** `IPv4, IPv6`; `undefined` where nothing is forwarded, or nothing was told. */
export function forwardedIn(telling: Telling, netns: NamespaceId): string | undefined {
  const routers = routersIn(telling, netns).filter(({ on }) => on);
  const { values } = telling.texts;
  return routers.length === 0 ? undefined : routers.map(({ family, by }) => values.familyBy(family, by)).join(', ');
}

interface Router {
  readonly family: string;
  readonly on: boolean;
  /** The links that forward, where not all do. */
  readonly by: readonly string[];
  readonly evidence: readonly Evidence[];
}

function routersIn(telling: Telling, netns: NamespaceId): readonly Router[] {
  const { linksOf } = telling.look;
  const links = (linksOf.get(netns) ?? [])
    .filter(({ kind }) => kind !== 'loopback')
    .flatMap(({ name }) => netconf(telling, netns, 'inet', name) ?? [])
    .filter(({ forwarding }) => forwarding !== undefined);
  const on = links.filter(({ forwarding }) => forwarding);
  const inet6 = netconf(telling, netns, 'inet6', 'all');
  return [
    ...(links.length === 0
      ? []
      : [
          {
            family: families.inet,
            on: on.length > 0,
            by: on.length === links.length ? [] : on.map((one) => one.interface),
            evidence: evidenceOf(on.length > 0 ? on : links),
          },
        ]),
    ...(inet6?.forwarding === undefined
      ? []
      : [{ family: families.inet6, on: inet6.forwarding, by: [], evidence: inet6.evidence }]),
  ];
}

function netconf({ look }: Telling, netns: NamespaceId, family: Family, at: string): Netconf | undefined {
  return look.netconfs.get(`${netns} ${family} ${at}`);
}

const evidenceOf = (netconfs: readonly (Netconf | undefined)[]): readonly Evidence[] =>
  netconfs.flatMap((one) => one?.evidence ?? []);
