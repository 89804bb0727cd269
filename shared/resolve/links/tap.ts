// tap and tun devices, and the process that serves each: reads the packets that go in and writes those that come out.
//
//   - what a descriptor itself says (tap-holders.ts): it has the last word;
//   - slirp4netns and pasta name the namespace on their command lines: inferred; a pasta that runs a command of its own
//     serves the namespace its child is in: inferred;
//   - RootlessKit's child may hold the device itself, for VPNKit or for its own parent (--net=vpnkit, gvisor-tap-vsock):
//     they carry the traffic, over a socket between the two: inferred.
import type { UnresolvedProcess } from '../../model/entities.ts';
import type { Finding } from '../../model/finding.ts';
import { isRoot } from '../../model/host.ts';
import type { EntityId } from '../../model/id.ts';
import type { Relation } from '../../model/relation.ts';
import { isListed, onlyOne, withRole, type Known, type Pass } from '../known.ts';
import { isIn, saidIn } from '../process-evidence.ts';
import { option } from '../processes/command-line.ts';
import { finding, relation } from '../relation.ts';
import type { LinkingRule } from '../rules.ts';
import { netnsOfPath, type NamedNetns } from '../namespaces/path.ts';
import { childNetnsOf } from '../rootlesskit/child-netns.ts';
import { heldDevices, isTun, mayHaveServer } from './tap-holders.ts';
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
    const served = new Set(told.flatMap((found) => found.relations.map((one) => one.from)));
    // Who only holds a device open for another is not asked; who named its device is, and overruled by what it holds.
    const holdsForAnother = new Set(told.flatMap((found) => found.holders ?? []));
    const held = heldDevices(
      known.entities.tunHolders.filter((holder) => !holdsForAnother.has(holder.process)),
      served,
      known,
    );
    const overruled = new Set(held.filter((one) => one.rule === 'tap.descriptor-netns').map((one) => one.to));
    const left = told.filter((found) => !overruled.has(found.server));
    const decided = new Set(left.flatMap((found) => found.relations.map((one) => one.to)));
    const relations = [
      ...left.flatMap((found) => found.relations),
      ...held.filter((one) => !decided.has(one.to) || overruled.has(one.to)),
    ];
    return {
      relations: [...new Map(relations.map((one) => [one.id, one])).values()],
      findings: [...left.flatMap((found) => found.findings), ...unserved(relations, known)],
    };
  },
};

interface Found {
  readonly server: EntityId;
  readonly relations: readonly Relation[];
  readonly findings: readonly Finding[];
  /** Who holds the device open for another that serves it. */
  readonly holders?: readonly EntityId[];
}

function fromCommandLine(
  role: 'slirp4netns' | 'pasta',
  rule: LinkingRule,
  targetOf: (process: UnresolvedProcess) => TapTarget | undefined,
  known: Known,
): readonly Found[] {
  return withRole(known, role).map((process): Found => {
    const target = targetOf(process);
    const named = target && netnsOfPath(target.netns, process, known);
    return target && named
      ? serves(process, target.device, named, rule, known)
      : { server: process.id, relations: [], findings: [] };
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
  return known.rootlessKits.flatMap((kit) => {
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
    const device = onlyOne(
      (known.index.linksOf.get(netns.netns) ?? []).filter((link) => isTun(link) && link.name === name),
    );
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
        server: server.id,
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
  const device = onlyOne(name === undefined ? devices : devices.filter((link) => link.name === name));
  // What the process holds open has the last word over what it was told when it started.
  const heldNames = holders.flatMap((holder) => holder.interfaceName ?? []);
  const contradicted = heldNames.length > 0 && device !== undefined && !heldNames.includes(device.name);
  if (device && !contradicted && !mayHaveServer(device)) return { server: process.id, relations: [], findings: [] };
  if (device && !contradicted) {
    const evidence = [
      ...saidIn(process, 'cmdline'),
      ...device.evidence,
      ...named.evidence,
      ...holders.flatMap((holder) => holder.evidence),
    ];
    return {
      server: process.id,
      relations: [relation('served-by', device.id, process.id, { certainty: 'inferred', rule, evidence })],
      findings: [],
    };
  }
  if (!isListed(known.index, named.netns)) return { server: process.id, relations: [], findings: [] };
  return { server: process.id, relations: [], findings: [noSuchDevice(process, name ?? '', named.netns)] };
}

function noSuchDevice(process: UnresolvedProcess, name: string, netns: string): Finding {
  return finding('undiscovered', 'tap.no-such-device', [process.id], {
    message: `${process.comm}[${process.pid}] is to serve ${name || 'a tap device'} in ${netns}, where none was listed.`,
    advice: 'It may just have been starting or ending: collect again.',
    values: { comm: process.comm, pid: process.pid, name, netns },
    evidence: saidIn(process, 'cmdline'),
  });
}

/** What no process's own table of open files shows. */
const evenRoot =
  'It may be open in a thread that has a table of files of its own, be on its way through a socket, or belong to a process outside this host.';

/** Up, but nobody that serves it was seen: its packets go to a process that is closed to us. */
function unserved(relations: readonly Relation[], known: Known): readonly Finding[] {
  const served = new Set(relations.map((one) => one.from));
  return known.entities.links
    .filter((link) => isTun(link) && !served.has(link.id) && link.flags.includes('LOWER_UP'))
    .map((link) =>
      finding('undiscovered', 'tap.server-not-seen', [link.id], {
        message: `Some process serves ${link.name}; it was not seen which.`,
        advice: isRoot(known.entities.host) ? evenRoot : 'File descriptors of other users show with sudo only.',
        values: { name: link.name, netns: link.netns },
        evidence: link.evidence,
      }),
    );
}
