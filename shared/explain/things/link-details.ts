// What a link says of itself beyond what all have: its kind's details, what it is as a port, the hardware behind it, its
// virtual functions, VLANs, forwarding entries and WireGuard peers.
import type { ForwardingEntry, Link, PortVlan, VirtualFunction, WireGuardPeer } from '../../model/link.ts';
import { saidAsLink, saidAsPort, valueAt, type Said } from '../link-kinds/table.ts';
import type { LinkStory } from '../en/link-kinds.ts';
import type { Fact } from '../explanation.ts';
import { fact, limited, optional, type Telling } from '../facts.ts';

export function detailsOf(telling: Telling, link: Link): readonly Fact[] {
  const { labels } = telling.texts;
  const { evidence: at } = link;
  return [
    ...optional(labels.alias, link.alias, at, { members: ['ifalias'] }),
    ...saidAsLink(link).flatMap((said) => detail(telling, link, said)),
    ...limited(
      telling.texts,
      (link.vlans ?? []).map((vlan) => fact(labels.vlan, vlanText(telling, vlan), vlan.evidence)),
      16,
    ),
  ];
}

/** What it is for its master. */
export const portDetailsOf = (telling: Telling, link: Link): readonly Fact[] =>
  saidAsPort(link).flatMap((said) => detail(telling, link, said));

export function hardwareOf({ texts }: Telling, link: Link): readonly Fact[] {
  const { labels } = texts;
  const { evidence: at, hardware } = link;
  const sys = hardware?.evidence ?? at;
  const bus = link.parentDevice ?? hardware?.device;
  return [
    ...optional(labels.driver, hardware?.driver, sys, { monospace: true }),
    ...optional(
      labels.busAddress,
      bus && [link.parentBus, bus].filter(Boolean).join(' '),
      link.parentDevice ? at : sys,
      {
        monospace: true,
        members: ['parentbus', 'parentdev'],
      },
    ),
    ...optional(labels.permanentMac, link.permanentMac, at, { monospace: true, members: ['permaddr'] }),
    ...optional(labels.physicalPort, link.physPortName, at, { monospace: true, members: ['phys_port_name'] }),
    ...optional(labels.physicalPortId, link.physPortId, at, { monospace: true, members: ['phys_port_id'] }),
    ...optional(labels.switchId, link.physSwitchId, at, { monospace: true, members: ['phys_switch_id'] }),
    ...limited(
      texts,
      (link.virtualFunctions ?? []).map((vf) =>
        fact(labels.virtualFunction, virtualFunctionText(vf, texts), at, { members: ['vfinfo_list'] }),
      ),
    ),
  ];
}

export const forwardingOf = ({ texts }: Telling, link: Link): readonly Fact[] =>
  limited(
    texts,
    (link.forwarding ?? []).map((entry) =>
      fact(texts.labels.forwards, forwardingText(entry), entry.evidence, { monospace: true }),
    ),
    12,
  );

export const peersOfWireGuard = (telling: Telling, link: Link): readonly Fact[] => [
  ...optional(telling.texts.labels.wireGuardPort, link.wireGuardPort, link.wireGuardPeers?.[0]?.evidence ?? []),
  ...limited(
    telling.texts,
    (link.wireGuardPeers ?? []).map((peer) =>
      fact(telling.texts.labels.wireGuardPeer, wireGuardText(peer, telling), peer.evidence, { monospace: true }),
    ),
  ),
];

function detail({ texts }: Telling, link: Link, said: Said): readonly Fact[] {
  const value = textOf(said, texts.values);
  if (value === undefined) return [];
  const label = texts.linkDetails[said.member] ?? said.member;
  return [fact(label, value, link.evidence, { members: ['linkinfo'] })];
}

type Values = Telling['texts']['values'];

function textOf({ value, format }: Said, values: Values): string | undefined {
  const on = value === true || value === 1;
  const off = value === false || value === 0;
  switch (format) {
    case 'switch':
      return on ? values.switchedOn : off ? values.switchedOff : plainText(value);
    case 'when-off':
      return off ? values.no : undefined;
    case 'unless-zero':
      return off ? undefined : plainText(value);
    case 'milliseconds':
      return off ? undefined : typeof value === 'number' ? values.milliseconds(value) : plainText(value);
    case 'seconds':
      return typeof value === 'number' ? values.seconds(value) : plainText(value);
    case 'centiseconds':
      return typeof value === 'number' ? values.seconds(value / 100) : plainText(value);
    case 'words':
      return Array.isArray(value) ? value.filter((one) => typeof one === 'string').join(', ') : plainText(value);
    case undefined:
      if (value === true) return values.yes;
      return value === false ? undefined : plainText(value);
    default:
      return assertNever(format);
  }
}

function assertNever(format: never): never {
  throw new Error(`not a format: ${String(format)}`);
}

/** Anything a driver may say, on one line. */
function plainText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string' || typeof one === 'number')) {
    return value.join(', ');
  }
  const text = JSON.stringify(value) ?? '';
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
const longest = 120;

/** Addresses that mean any. */
const anyAddress: ReadonlySet<string> = new Set(['any', '0.0.0.0', '::']);

export function storyOf({ look }: Telling, link: Link): LinkStory {
  return {
    say: (member) => {
      const value = valueAt(link.data, member);
      if (value === undefined || value === null || value === '' || typeof value === 'boolean') return undefined;
      const text = plainText(value);
      return anyAddress.has(text) ? undefined : text;
    },
    lower: look.from(link.id, 'lower').flatMap(({ to, certainty }) => {
      const name = look.links.get(to)?.name;
      return name === undefined || certainty === 'ambiguous' ? [] : [name];
    }),
    ports: look.to(link.id, 'master').length,
    peers: link.wireGuardPeers?.length,
  };
}

function vlanText({ texts }: Telling, { from, to, pvid, untagged }: PortVlan): string {
  const { values } = texts;
  const ids = from === to ? String(from) : `${from}–${to}`;
  return [ids, ...(pvid ? [values.pvid] : []), ...(untagged ? [values.untagged] : [])].join(', ');
}

function virtualFunctionText(vf: VirtualFunction, { values }: Telling['texts']): string {
  const parts = [
    String(vf.index),
    vf.mac,
    vf.vlan === undefined ? undefined : `VLAN ${vf.vlan}`,
    vf.spoofCheck === false ? values.noSpoofCheck : undefined,
    vf.trust === true ? values.trusted : undefined,
    vf.linkState === undefined || vf.linkState === 'auto' ? undefined : values.linkState(vf.linkState),
    vf.maxTxRate === undefined ? undefined : values.atMost(vf.maxTxRate),
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

function forwardingText({ mac, vlan, destination, vni, via, state, flags }: ForwardingEntry): string {
  return [
    mac,
    vlan === undefined ? undefined : `vlan ${vlan}`,
    destination === undefined ? undefined : `dst ${destination}`,
    vni === undefined ? undefined : `vni ${vni}`,
    via === undefined ? undefined : `via ${via}`,
    state,
    ...flags,
  ]
    .filter((part) => part !== undefined)
    .join(' ');
}

function wireGuardText(peer: WireGuardPeer, { look, texts }: Telling): string {
  const { values } = texts;
  const now = Date.parse(look.model.host.collectedAt ?? '') / 1000;
  const ago = peer.latestHandshake === undefined ? undefined : now - peer.latestHandshake;
  return [
    `${peer.fingerprint}…`,
    peer.endpoint,
    peer.allowedIps.join(' '),
    ago === undefined ? values.neverShook : Number.isFinite(ago) ? values.shookAgo(Math.max(0, Math.round(ago))) : '',
  ]
    .filter((part) => part !== undefined && part !== '')
    .join(' · ');
}
