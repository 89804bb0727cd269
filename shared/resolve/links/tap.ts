// tap and tun devices, and the process that serves each: reads the packets that go in and writes those that come out.
//
// fdinfo's `iff:` tells the name of the device a file descriptor is attached to, not its network namespace (that takes
// an ioctl, TUNGETDEVNETNS), and every rootless user has a `tap0`. So:
//   - slirp4netns and pasta name the namespace on their command lines: inferred; a pasta that runs a command of its own
//     serves the namespace its child is in: inferred;
//   - RootlessKit's child may hold the device itself, for VPNKit or for its own parent (--net=vpnkit, gvisor-tap-vsock):
//     they carry the traffic, over a socket between the two: inferred;
//   - a holder whose own network namespace has a device of that name (OpenVPN, QEMU): inferred, unless elsewhere one of
//     that name has to have a server, and this holder may be it;
//   - the only device of that name, when everything was seen: certain, it must be attached to some device; when not
//     everything was seen: inferred;
//   - else each device of that name: ambiguous.
import type { UnresolvedProcess, TunHolder } from '../../model/entities.ts';
import type { Finding } from '../../model/finding.ts';
import type { EntityId } from '../../model/id.ts';
import type { Link } from '../../model/link.ts';
import type { Relation } from '../../model/relation.ts';
import { isFullySeen } from '../fully-seen.ts';
import { isListed, withRole, type Known, type Pass } from '../known.ts';
import { isIn, saidIn } from '../process-evidence.ts';
import { option } from '../processes/command-line.ts';
import { finding, relation } from '../relation.ts';
import type { LinkingRule } from '../rules.ts';
import { netnsOfPath, type NamedNetns } from '../namespaces/path.ts';
import { childNetnsOf } from '../rootlesskit/child-netns.ts';
import { tapOfPasta, tapOfSlirp4netns, type TapTarget } from './tap-command-line.ts';

export const tapServers: Pass = {
  name: 'tap servers',
  run: (known) => {
    const told = [
      ...fromCommandLine('slirp4netns', 'tap.slirp4netns-command-line', tapOfSlirp4netns, known),
      ...fromCommandLine('pasta', 'tap.pasta-command-line', tapOfPasta, known),
      ...pastaCommands(known),
      ...rootlessKitDrivers(known),
    ];
    const decided = new Set(
      told.flatMap((found) => [...found.relations.map((one) => one.to), ...(found.holders ?? [])]),
    );
    const served = new Set(told.flatMap((found) => found.relations.map((one) => one.from)));
    const held = known.entities.tunHolders
      .filter((holder) => !decided.has(holder.process))
      .map((holder) => fromHolder(holder, served, known));
    const relations = [...told, ...held].flatMap((found) => found.relations);
    return {
      relations: [...new Map(relations.map((one) => [one.id, one])).values()],
      findings: [...told.flatMap((found) => found.findings), ...unserved(relations, known)],
    };
  },
};

interface Found {
  readonly relations: readonly Relation[];
  readonly findings: readonly Finding[];
  /** Who holds the device open for another that serves it. */
  readonly holders?: readonly EntityId[];
}

const isTun = (link: Link): boolean => link.kind === 'tun';

function fromCommandLine(
  role: 'slirp4netns' | 'pasta',
  rule: LinkingRule,
  targetOf: (process: UnresolvedProcess) => TapTarget | undefined,
  known: Known,
): readonly Found[] {
  return withRole(known, role).map((process): Found => {
    const target = targetOf(process);
    const named = target && netnsOfPath(target.netns, process, known);
    return target && named ? serves(process, target.device, named, rule, known) : { relations: [], findings: [] };
  });
}

/** `pasta [OPTION]... [COMMAND [ARG]...]`: its child is in the network namespace it made. */
function pastaCommands(known: Known): readonly Found[] {
  return withRole(known, 'pasta').flatMap((process) => {
    if (tapOfPasta(process)) return [];
    const [child, ...more] = (known.index.childrenOf.get(process.pid) ?? []).filter(
      ({ namespaces }) => namespaces.net !== undefined && namespaces.net !== process.namespaces.net,
    );
    if (!child?.namespaces.net || more.some(({ namespaces }) => namespaces.net !== child.namespaces.net)) return [];
    const named = { netns: child.namespaces.net, evidence: [...isIn(child, 'net'), ...saidIn(child, 'status')] };
    return [serves(process, option(process.argv, '-I', '--ns-ifname'), named, 'tap.pasta-child', known)];
  });
}

/** The child holds the tap and hands frames to VPNKit, or to the parent that has gVisor's network stack in it. */
function rootlessKitDrivers(known: Known): readonly Found[] {
  return known.entities.rootlessKits.flatMap((kit) => {
    const parent = known.index.process.get(kit.parent);
    const netns = childNetnsOf(kit, known.index);
    const driver = kit.info?.networkDriver ?? (parent && option(parent.argv, '--net'));
    if (!parent || !netns || !kit.child) return [];
    const server =
      driver === 'vpnkit'
        ? withRole(known, 'vpnkit').find((process) => process.ppid === parent.pid)
        : driver === 'gvisor-tap-vsock'
          ? parent
          : undefined;
    if (!server) return [];
    const holder = known.entities.tunHolders.find((one) => one.process === kit.child);
    const name = holder?.interfaceName ?? option(parent.argv, '--ifname') ?? 'tap0';
    const device = (known.index.linksOf.get(netns.netns) ?? []).find((link) => isTun(link) && link.name === name);
    if (!device) return [];
    const evidence = [
      ...(kit.info?.evidence ?? saidIn(parent, 'cmdline')),
      ...saidIn(server, 'cmdline'),
      ...device.evidence,
      ...netns.evidence,
      ...(holder?.evidence ?? []),
    ];
    return [
      {
        relations: [
          relation('served-by', device.id, server.id, {
            certainty: 'inferred',
            rule: 'tap.rootlesskit-driver',
            evidence,
          }),
        ],
        findings: [],
        holders: [kit.child],
      },
    ];
  });
}

function serves(
  process: UnresolvedProcess,
  told: string | undefined,
  named: NamedNetns,
  rule: LinkingRule,
  known: Known,
): Found {
  const holders = known.entities.tunHolders.filter((holder) => holder.process === process.id);
  const name = told ?? holders.find((holder) => holder.interfaceName !== undefined)?.interfaceName;
  const devices = (known.index.linksOf.get(named.netns) ?? []).filter(isTun);
  const device =
    name === undefined ? (devices.length === 1 ? devices[0] : undefined) : devices.find((link) => link.name === name);
  // What the process holds open has the last word over what it was told when it started.
  const heldNames = holders.flatMap((holder) => holder.interfaceName ?? []);
  const contradicted = heldNames.length > 0 && device !== undefined && !heldNames.includes(device.name);
  if (device && !contradicted) {
    const evidence = [
      ...saidIn(process, 'cmdline'),
      ...device.evidence,
      ...named.evidence,
      ...holders.flatMap((holder) => holder.evidence),
    ];
    return {
      relations: [relation('served-by', device.id, process.id, { certainty: 'inferred', rule, evidence })],
      findings: [],
    };
  }
  if (!isListed(known.index, named.netns)) return { relations: [], findings: [] };
  return { relations: [], findings: [noSuchDevice(process, name ?? '', named.netns)] };
}

/** `served`: devices whose server named them on its command line. */
function fromHolder(holder: TunHolder, served: ReadonlySet<EntityId>, known: Known): Found {
  const process = known.index.process.get(holder.process);
  const { interfaceName } = holder;
  if (!process || interfaceName === undefined) return { relations: [], findings: [] };
  const devices = known.entities.links.filter((link) => isTun(link) && link.name === interfaceName);
  const serves = (device: Link, certainty: Relation['certainty'], rule: LinkingRule): Relation =>
    relation('served-by', device.id, process.id, {
      certainty,
      rule,
      evidence: [...holder.evidence, ...device.evidence],
    });
  const [first] = devices;
  if (devices.length === 1 && first && isFullySeen(known)) {
    return { relations: [serves(first, 'certain', 'tap.only-one-of-its-name')], findings: [] };
  }
  const beside = devices.find((device) => device.netns === process.namespaces.net && mayHaveServer(device));
  const unexplained = devices.some(
    (device) =>
      device !== beside && mustHaveServer(device) && !served.has(device.id) && !hasHolderBeside(device, known),
  );
  if (beside && !unexplained) return { relations: [serves(beside, 'inferred', 'tap.holder-same-netns')], findings: [] };
  if (devices.length === 1 && first) {
    return { relations: [serves(first, 'inferred', 'tap.only-seen-of-its-name')], findings: [] };
  }
  return {
    relations: devices.map((device) => serves(device, 'ambiguous', 'tap.several-of-its-name')),
    findings: [],
  };
}

/** The carrier is on for as long as somebody holds the device open (drivers/net/tun.c, tun_attach and tun_detach). */
const mayHaveServer = ({ flags }: Link): boolean => !flags.includes('UP') || flags.includes('LOWER_UP');

/** One that does not persist is gone when nobody holds it open any more. */
const mustHaveServer = (link: Link): boolean => link.data['persist'] === false || link.flags.includes('LOWER_UP');

const hasHolderBeside = (device: Link, { entities, index }: Known): boolean =>
  entities.tunHolders.some(
    (holder) =>
      holder.interfaceName === device.name && index.process.get(holder.process)?.namespaces.net === device.netns,
  );

function noSuchDevice(process: UnresolvedProcess, name: string, netns: string): Finding {
  return finding('undiscovered', 'tap.no-such-device', [process.id], {
    message: `${process.comm}[${process.pid}] is to serve ${name || 'a tap device'} in ${netns}, where none was listed.`,
    advice: 'It may just have been starting or ending: collect again.',
    values: { comm: process.comm, pid: process.pid, name, netns },
    evidence: saidIn(process, 'cmdline'),
  });
}

/** Up, but nobody that serves it was seen: its packets go to a process that is closed to us. */
function unserved(relations: readonly Relation[], known: Known): readonly Finding[] {
  const served = new Set(relations.map((one) => one.from));
  return known.entities.links
    .filter((link) => isTun(link) && !served.has(link.id) && link.flags.includes('LOWER_UP'))
    .map((link) =>
      finding('undiscovered', 'tap.server-not-seen', [link.id], {
        message: `Some process serves ${link.name}; it was not seen which.`,
        advice: 'File descriptors of other users show with sudo only.',
        values: { name: link.name, netns: link.netns },
        evidence: link.evidence,
      }),
    );
}
