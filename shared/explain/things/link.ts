// A network link.
import type { EntityId } from '../../model/id.ts';
import type { Address, Link } from '../../model/link.ts';
import type { Explanation, Fact } from '../explanation.ts';
import { fact, groupsOf, limited, optional, related, type Telling } from '../facts.ts';
import { peerOf, peersOf } from '../look-up.ts';
import { detailsOf, forwardingOf, hardwareOf, peersOfWireGuard, portDetailsOf, storyOf } from './link-details.ts';
import { settingsOf } from './netconf.ts';
import { switchOf, switchPortOf } from './open-vswitch.ts';
import { nameOf } from '../names.ts';
import { inNetns, quoted } from '../try-it.ts';

export type Described = Omit<Explanation, 'remarks'>;

export function explainLink(telling: Telling, link: Link): Described {
  const { look, texts } = telling;
  const { labels } = texts;
  const netns = look.namespaces.get(link.netns);
  const at = link.evidence;
  const tryIt = inNetns(look, netns, `ip -d address show dev ${quoted(link.name)}`);
  return {
    id: link.id,
    title: link.name,
    what: whatOf(telling, link),
    sentence: sentenceOf(telling, link),
    groups: groupsOf(texts, {
      identity: [
        fact(labels.name, link.name, at, { monospace: true, members: ['ifname'] }),
        ...link.altNames.map((name) => fact(labels.alsoNamed, name, at, { monospace: true, members: ['altnames'] })),
        fact(labels.kind, kindOf(link), at, { members: ['linkinfo', 'link_type'] }),
        fact(labels.index, String(link.ifindex), at, { hint: texts.terms['ifindex'], members: ['ifindex'] }),
        ...optional(labels.mac, link.mac, at, { monospace: true, members: ['address'] }),
        fact(labels.netns, netns?.name ?? link.netns, at, {
          entity: link.netns,
          hint: texts.terms['network namespace'],
        }),
      ],
      state: [
        fact(labels.operState, [link.operState, ...link.flags.filter((flag) => flag === 'NO-CARRIER')].join(', '), at, {
          members: ['operstate', 'flags'],
        }),
        // Where neither ip nor a file told it, it is 0.
        ...optional(labels.mtu, link.mtu || undefined, at, { members: ['mtu'] }),
        ...optional(labels.mtuRange, mtuRange(telling, link), at, { members: ['min_mtu', 'max_mtu'] }),
        ...optional(labels.qdisc, link.qdisc, at, { members: ['qdisc', 'txqlen'] }),
        ...optional(labels.group, link.group, at, { members: ['group'] }),
        ...optional(labels.promiscuity, link.promiscuity && texts.values.askedBy(link.promiscuity), at, {
          members: ['promiscuity'],
        }),
        ...optional(labels.xdp, link.xdp, at, { members: ['xdp'] }),
        ...settingsOf(telling, link),
        ...counters(telling, link),
      ],
      addresses: link.addresses.map((address) =>
        fact(labels.address, addressInFull(telling, address), at, { monospace: true, members: ['addr_info'] }),
      ),
      connected: connections(telling, link),
      details: [...detailsOf(telling, link), ...switchOf(telling, link), ...networksOf(telling, link)],
      port: [...portDetailsOf(telling, link), ...switchPortOf(telling, link)],
      hardware: hardwareOf(telling, link),
      peers: peersOfWireGuard(telling, link),
      forwarding: forwardingOf(telling, link),
      used: limited(
        texts,
        look.model.routes
          .filter((route) => route.link === link.id && route.table === 'main')
          .map((route) =>
            fact(
              labels.route,
              route.gateway ? `${route.destination} via ${route.gateway}` : route.destination,
              route.evidence,
              {
                monospace: true,
              },
            ),
          ),
        12,
      ),
    }),
    ...(tryIt === undefined ? {} : { tryIt }),
  };
}

function connections(telling: Telling, link: Link): readonly Fact[] {
  const { look, texts } = telling;
  const { labels, terms } = texts;
  const peers = peersOf(look, link.id).flatMap(({ peer, by }) => [
    related(telling, labels.peer, by, peer, terms['peer']),
    ...look
      .from(peer, 'master')
      .map((master) => related(telling, labels.peerMaster, master, master.to, terms['master'])),
  ]);
  const up = <K extends 'master' | 'switch-port' | 'lower'>(kind: K, label: string, hint?: string) =>
    look.from(link.id, kind).map((by) => related(telling, label, by, by.to, hint));
  const down = (kind: 'master' | 'switch-port' | 'patch' | 'lower', label: string, hint?: string) =>
    look.to(link.id, kind).map((by) => related(telling, label, by, by.from, hint));
  const servers = look.from(link.id, 'served-by');
  return [
    ...peers,
    ...up('master', labels.master, terms['master']),
    ...limited(texts, down('master', labels.member, terms['port'])),
    ...up('switch-port', labels.master, terms['master']),
    ...limited(texts, down('switch-port', labels.member, terms['port'])),
    ...[
      ...look.from(link.id, 'patch').map((by) => related(telling, labels.patchedTo, by, by.to)),
      ...down('patch', labels.patchedTo),
    ],
    ...up('lower', labels.lower, terms['lower device']),
    ...limited(texts, down('lower', labels.belowOf)),
    ...look.from(link.id, 'underlay').map((by) => related(telling, labels.sendsIn, by, by.to, terms['underlay'])),
    ...look.from(link.id, 'vf-of').map((by) => related(telling, labels.virtualFunctionOf, by, by.to)),
    ...limited(
      texts,
      look.to(link.id, 'vf-of').map((by) => related(telling, labels.virtualFunction, by, by.from)),
    ),
    ...servers.map((by) => related(telling, labels.servedBy, by, by.to, terms['tap'])),
    ...servers.flatMap((server) =>
      look.from(server.to, 'leaves-through').map((by) => related(telling, labels.leavesThrough, by, by.to)),
    ),
    ...look.to(link.id, 'leaves-through').map((by) => related(telling, labels.wayOut, by, by.from)),
  ];
}

function networksOf({ texts: { labels, values } }: Telling, { engineNetworks = [] }: Link): readonly Fact[] {
  return engineNetworks.map((network) =>
    fact(labels.ofNetwork, values.engineNetwork(network), network.evidence, {
      certainty: network.certainty,
      rule: network.rule,
    }),
  );
}

/** Only where the kernel sets bounds. */
function mtuRange({ texts }: Telling, { minMtu = 0, maxMtu }: Link): string | undefined {
  return maxMtu === undefined ? undefined : texts.values.range(minMtu, maxMtu);
}

function counters({ texts }: Telling, link: Link): readonly Fact[] {
  const { counters: count } = link;
  if (!count) return [];
  const { bytes, failures } = texts.values;
  const more = (errors: number, dropped: number): string => (errors + dropped > 0 ? failures(errors, dropped) : '');
  const { trouble } = texts.values;
  return [
    fact(
      texts.labels.received,
      bytes(count.rxBytes, count.rxPackets) +
        more(count.rxErrors, count.rxDropped) +
        trouble(count.rxOverruns ?? 0, 0, 0),
      link.evidence,
      { members: ['stats64'] },
    ),
    fact(
      texts.labels.sent,
      bytes(count.txBytes, count.txPackets) +
        more(count.txErrors, count.txDropped) +
        trouble(0, count.txCarrierErrors ?? 0, count.collisions ?? 0),
      link.evidence,
      { members: ['stats64'] },
    ),
  ];
}

/** iproute2 calls both tun; which of the two it is says its data. */
export const kindOf = (link: Link): string => (link.kind === 'tun' && link.data['type'] === 'tap' ? 'tap' : link.kind);

export const whatOf = ({ texts }: Telling, link: Link): string =>
  texts.linkWhats[kindOf(link)] ?? `${kindOf(link)} interface`;

export function addressText({ texts }: Telling, address: Address): string {
  const text = `${address.local}/${address.prefixLength}`;
  return address.dynamic ? `${text} ${texts.values.dynamic}` : text;
}

/** With what iproute2 says behind it. */
function addressInFull({ texts }: Telling, address: Address): string {
  const { local, prefixLength, peer, dynamic, flags = [], validLifetime, preferredLifetime } = address;
  const { values } = texts;
  const lifetime = validLifetime === undefined ? [] : [values.leaseLeft(validLifetime)];
  const deprecated = preferredLifetime === 0 && !flags.includes('deprecated') ? ['deprecated'] : [];
  const text = peer === undefined ? `${local}/${prefixLength}` : `${local} → ${peer}/${prefixLength}`;
  return [text, ...(dynamic ? [values.dynamic] : []), ...flags, ...deprecated, ...lifetime].join(' ');
}

function sentenceOf(telling: Telling, link: Link): string {
  const { look, texts } = telling;
  const { sentences } = texts;
  const bridge = look.model.ovsBridges.find((one) => one.link === link.id);
  if (bridge) return sentences.openVSwitch(bridge.ports.length - 1);
  const where = (id: EntityId): string => nameOf(look, id, texts);
  switch (kindOf(link)) {
    case 'veth': {
      const peer = peerOf(look, link.id);
      return peer ? sentences.veth(peer.name, where(peer.netns)) : sentences.vethOpen();
    }
    case 'bridge':
      return sentences.bridge(look.to(link.id, 'master').length);
    case 'tap': {
      const [server, another] = look.from(link.id, 'served-by');
      return server && !another ? sentences.tap(where(server.to)) : sentences.tapOpen();
    }
    case 'loopback':
      return sentences.loopback();
    case 'physical':
      if (look.namespaces.get(link.netns)?.role === 'host') return sentences.nic();
      break;
  }
  const story = texts.linkSentences[link.kind];
  if (story) return story(storyOf(telling, link));
  return sentences.link(whatOf(telling, link), where(link.netns));
}
