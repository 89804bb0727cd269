// What puzzles people about RootlessKit's network namespaces, explained where they look.
import type { RootlessKitState, UnresolvedProcess } from '../../model/entities.ts';
import type { Finding } from '../../model/finding.ts';
import type { Known, Pass } from '../known.ts';
import { askedAsRoot } from '../fully-seen.ts';
import { option } from '../processes/command-line.ts';
import { isIn, saidIn } from '../process-evidence.ts';
import { finding } from '../relation.ts';
import { childNetnsOf } from './child-netns.ts';

export const rootlessKitFindings: Pass = {
  name: 'rootlesskit findings',
  run: (known) => ({
    findings: known.rootlessKits.flatMap((kit) => [
      ...emptyFile(kit),
      ...netnsNotFound(kit),
      ...parentIsHost(kit, known),
      ...noProcess(kit, known),
      ...portsNotTold(kit, known),
    ]),
  }),
};

function emptyFile(kit: RootlessKitState): readonly Finding[] {
  const { netnsFileOnHost: file, netns, stateDir } = kit;
  if (!file || !netns || file.type !== 'file' || file.size !== 0) return [];
  return [
    finding('note', 'rootlesskit.netns-file-empty-on-host', [netns.id, kit.parent], {
      message:
        `${stateDir}/netns is an empty ordinary file when you look at it from the host: RootlessKit's child mounted its ` +
        `network namespace over it inside its own mount namespace, and only there the path means the namespace.`,
      advice: `From outside it opens through the child: ${enter(kit)}`,
      values: { stateDir, path: `${stateDir}/netns`, reachableAs: netns.reachableAs, netns: netns.id },
      evidence: [...file.evidence, ...netns.evidence],
    }),
  ];
}

/** The owner of the child's user namespace may enter both; without -U it is refused. */
function enter({ child, netns }: RootlessKitState): string {
  const into = child ? `-t ${child.slice('process:'.length)} -U --preserve-credentials ` : '';
  return `nsenter ${into}--net=${netns?.reachableAs ?? ''} ip address`;
}

function netnsNotFound(kit: RootlessKitState): readonly Finding[] {
  if (!kit.detached || kit.netns) return [];
  return [
    finding('undiscovered', 'rootlesskit.netns-not-found', [kit.parent], {
      message: `RootlessKit keeps its network namespace at ${kit.stateDir}/netns, but what is mounted there was not seen.`,
      advice: 'It shows to the user who runs RootlessKit, and to root.',
      values: { stateDir: kit.stateDir },
      evidence: kit.evidence,
    }),
  ];
}

function parentIsHost(kit: RootlessKitState, known: Known): readonly Finding[] {
  const parent = known.index.process.get(kit.parent);
  const child = childNetnsOf(kit, known.index);
  const host = known.entities.host.initialNamespaces.net;
  if (!child || !parent || !host || parent.namespaces.net !== host.id) return [];
  return [
    finding('note', 'rootlesskit.parent-is-host', [host.id, child.netns], {
      message:
        `RootlessKit's parent network namespace is the host's: ${host.id}. There is no third one between the host and ` +
        `${child.netns}; rootlesskit and the process that carries its traffic run in the host's.`,
      values: { host: host.id, child: child.netns, pid: parent.pid },
      evidence: [...isIn(parent, 'net'), ...child.evidence],
    }),
  ];
}

function noProcess(kit: RootlessKitState, known: Known): readonly Finding[] {
  const child = childNetnsOf(kit, known.index);
  const namespace = child && known.index.namespace.get(child.netns);
  if (!child || !namespace || !child.detached || namespace.processIds.length > 0) return [];
  return [
    finding('note', 'rootlesskit.no-process-in-child-netns', [child.netns], {
      message: `No process is in ${child.netns}. What keeps it alive is its mount at ${kit.stateDir}/netns inside RootlessKit's mount namespace.`,
      advice: `That is why it shows in no listing by process. It is open at ${kit.netns?.reachableAs ?? kit.stateDir}.`,
      values: { netns: child.netns, stateDir: kit.stateDir, reachableAs: kit.netns?.reachableAs ?? '' },
      evidence: child.evidence,
    }),
  ];
}

/**
 * An answer to /v1/info without a port driver means that there is none to ask: `none`, or `implicit`, by which pasta
 * publishes whatever port something inside listens on.
 */
function portsNotTold(kit: RootlessKitState, known: Known): readonly Finding[] {
  if (kit.ports !== undefined) return [];
  const parent = known.index.process.get(kit.parent);
  if (parent && option(parent.argv, '--port-driver') === 'implicit') return [implicitPorts(kit, parent)];
  if (kit.info !== undefined && (kit.info.portDriver ?? 'none') === 'none') return [];
  const { kind = 'undiscovered', example = '', evidence = kit.evidence } = kit.portsRefused ?? {};
  const [why, help] = whyNotTold(kind, kit.stateDir, askedAsRoot(known.entities));
  return [
    finding(kind, 'rootlesskit.ports-not-told', [kit.parent], {
      message: `RootlessKit did not tell its published ports: ${why}.`,
      advice: `${help}Listening sockets and the containers’ labels were used instead.`,
      values: { stateDir: kit.stateDir, example },
      evidence,
    }),
  ];
}

function whyNotTold(
  kind: NonNullable<RootlessKitState['portsRefused']>['kind'],
  stateDir: string,
  asRoot: boolean,
): readonly [why: string, help: string] {
  switch (kind) {
    case 'not-permitted':
      return [
        `${stateDir} is closed to us`,
        asRoot ? '' : 'It opens to the user who runs RootlessKit, and with sudo. ',
      ];
    case 'not-supported':
      return ['the host has neither curl nor rootlessctl to ask with', 'curl asks it. '];
    case 'undiscovered':
      return [`${stateDir}/api.sock did not answer`, ''];
  }
}

function implicitPorts(kit: RootlessKitState, parent: UnresolvedProcess): Finding {
  return finding('note', 'rootlesskit.implicit-ports', [kit.parent], {
    message:
      `RootlessKit publishes ports implicitly here (--port-driver=implicit): its network driver listens on the host on every ` +
      `port that something listens on in the child's network namespace. There is no list of them to ask for.`,
    values: { stateDir: kit.stateDir },
    evidence: [...saidIn(parent, 'cmdline'), ...kit.evidence],
  });
}
