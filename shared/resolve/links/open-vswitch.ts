// Ports of Open vSwitch. Its database names devices as ovs-vswitchd sees them, in the network namespace that one runs in; a
// device is meant where its name and its index agree with what the database says. With the kernel's datapath `ip` calls
// `ovs-system` the master of every port of every bridge; which bridge it is, and the whole of the userspace datapath, is in
// the database alone.
import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { LinkId, NamespaceId } from '../../model/id.ts';
import type { Link } from '../../model/link.ts';
import type { OvsBridge, OvsInterface } from '../../model/open-vswitch.ts';
import type { Relation } from '../../model/relation.ts';
import { isListed, type Index, type Known, type Pass } from '../known.ts';
import { isIn } from '../process-evidence.ts';
import { finding, relation } from '../relation.ts';

export const switchPorts: Pass = {
  name: 'ports of Open vSwitch',
  run: (known) => {
    if (known.entities.ovsBridges.length === 0) return {};
    const where = switchNetns(known);
    const bridges = withLinks(known);
    return {
      relations: [
        ...bridges.flatMap((bridge) => portsOf(bridge, where?.evidence ?? [], known.index)),
        ...patches(bridges),
      ],
      findings: [
        ...(where ? [] : [nowhere(known)]),
        ...bridges.flatMap((bridge) => troubles(bridge, where?.netns, known)),
      ],
    };
  },
};

/** The bridges with their devices. */
export function withLinks(known: Known): readonly OvsBridge[] {
  const netns = switchNetns(known)?.netns;
  const byName = new Map((netns === undefined ? [] : (known.index.linksOf.get(netns) ?? [])).map((l) => [l.name, l]));
  return known.entities.ovsBridges.map((bridge): OvsBridge => {
    const ports = bridge.ports.map((port) => ({
      ...port,
      interfaces: port.interfaces.map((one) => ({ ...one, ...linkOf(one, byName) })),
    }));
    const local = ports.find(({ name }) => name === bridge.name)?.interfaces.find(({ name }) => name === bridge.name);
    return { ...bridge, ports, ...(local?.link !== undefined && { link: local.link }) };
  });
}

function linkOf({ name, ifindex }: OvsInterface, byName: ReadonlyMap<string, Link>): { readonly link?: LinkId } {
  const link = byName.get(name);
  return link && link.ifindex === ifindex ? { link: link.id } : {};
}

/** Where ovs-vswitchd runs, when that is one network namespace. It and its monitor share it. */
function switchNetns({
  entities,
}: Known): { readonly netns: NamespaceId; readonly evidence: readonly Evidence[] } | undefined {
  const daemons = entities.processes.filter(({ comm }) => comm === 'ovs-vswitchd');
  const [first] = daemons;
  const netns = first?.namespaces.net;
  if (!first || netns === undefined || daemons.some(({ namespaces }) => namespaces.net !== netns)) return undefined;
  return { netns, evidence: isIn(first, 'net') };
}

function portsOf(bridge: OvsBridge, where: readonly Evidence[], { link: links }: Index): readonly Relation[] {
  const { link: to } = bridge;
  if (to === undefined) return [];
  return bridge.ports.flatMap((port) =>
    port.interfaces.flatMap((one) => {
      if (one.link === undefined || one.link === to) return [];
      const devices = [one.link, to].flatMap((id) => links.get(id)?.evidence ?? []);
      const evidence = [...bridge.evidence, ...port.evidence, ...one.evidence, ...devices, ...where];
      return [relation('switch-port', one.link, to, { certainty: 'certain', rule: 'switch-port.database', evidence })];
    }),
  );
}

/** Two patches that name each other join their bridges. */
function patches(bridges: readonly OvsBridge[]): readonly Relation[] {
  const ends = bridges.flatMap(({ link, ports }) =>
    link === undefined
      ? []
      : ports.flatMap(({ interfaces }) =>
          interfaces.flatMap((one) => (one.type === 'patch' && one.peer !== undefined ? [{ bridge: link, one }] : [])),
        ),
  );
  const byName = new Map(ends.map((end) => [end.one.name, end]));
  return ends.flatMap(({ bridge, one }) => {
    const other = one.peer === undefined ? undefined : byName.get(one.peer);
    if (!other || other.one.peer !== one.name || bridge >= other.bridge) return [];
    const evidence = [...one.evidence, ...other.one.evidence];
    return [relation('patch', bridge, other.bridge, { certainty: 'certain', rule: 'patch.database', evidence })];
  });
}

function nowhere({ entities }: Known): Finding {
  return finding('undiscovered', 'switch-port.switch-not-seen', ['host'], {
    message:
      'Open vSwitch has bridges; in which network namespace ovs-vswitchd runs, and so which devices it means, was not seen.',
    advice: 'Collect as root.',
    values: { count: entities.ovsBridges.length },
    evidence: entities.ovsBridges.slice(0, 5).flatMap(({ evidence }) => evidence),
  });
}

const kernelTypes: ReadonlySet<string> = new Set(['system', 'internal']);

/** What Open vSwitch cannot use, and devices of it that are elsewhere by now. */
function troubles(bridge: OvsBridge, netns: NamespaceId | undefined, { index }: Known): readonly Finding[] {
  const subject = bridge.link ?? 'host';
  const interfaces = bridge.ports.flatMap((port) => port.interfaces);
  const broken = interfaces.filter(({ error }) => error !== undefined);
  // Those that are the kernel's devices. That of one that was moved away is not told any more, or is another's by now.
  const elsewhere =
    netns === undefined || !isListed(index, netns)
      ? []
      : interfaces.filter(
          ({ type, error, link }) => kernelTypes.has(type) && error === undefined && link === undefined,
        );
  const named = (some: readonly OvsInterface[]): string =>
    some
      .map(({ name }) => name)
      .slice(0, 5)
      .join(', ');
  return [
    ...(broken.length === 0
      ? []
      : [
          finding('note', 'switch-port.error', [subject], {
            message: `Open vSwitch cannot use ${named(broken)} as a port of ${bridge.name}: ${broken[0]?.error ?? ''}.`,
            values: { names: named(broken), bridge: bridge.name, error: broken[0]?.error ?? '' },
            evidence: broken.flatMap(({ evidence }) => evidence),
          }),
        ]),
    ...(elsewhere.length === 0
      ? []
      : [
          finding('undiscovered', 'switch-port.not-seen', [subject], {
            message: `${named(elsewhere)} of ${bridge.name} is not in the network namespace of Open vSwitch: moved to another one, or gone.`,
            values: { names: named(elsewhere), bridge: bridge.name },
            evidence: elsewhere.flatMap(({ evidence }) => evidence),
          }),
        ]),
  ];
}
