// RootlessKit's processes and network namespaces: child and parent, and who works for them.
import type { RootlessKitState, UnresolvedProcess } from '../../model/entities.ts';
import type { Relation } from '../../model/relation.ts';
import { withRole, type Known, type Pass } from '../known.ts';
import { tapOfPasta, tapOfSlirp4netns } from '../links/tap-command-line.ts';
import { netnsOfPath } from '../namespaces/path.ts';
import { option } from '../processes/command-line.ts';
import { idNumbered } from '../processes/pid-translation.ts';
import { isIn, saidIn } from '../process-evidence.ts';
import { relation } from '../relation.ts';
import { childNetnsOf } from './child-netns.ts';

export const rootlessKits: Pass = {
  name: 'rootlesskit',
  run: (known) => ({
    relations: [
      ...known.rootlessKits.flatMap((kit) => [...parentNetns(kit, known), ...childOf(kit, known)]),
      ...(['slirp4netns', 'pasta', 'vpnkit'] as const)
        .flatMap((role) => withRole(known, role))
        .flatMap((server) => worksFor(server, known)),
    ],
  }),
};

function parentNetns(kit: RootlessKitState, known: Known): readonly Relation[] {
  const child = childNetnsOf(kit, known.index);
  const parent = known.index.process.get(kit.parent);
  if (!child || !parent?.namespaces.net) return [];
  return [
    relation('rootlesskit-parent-netns', child.netns, parent.namespaces.net, {
      certainty: 'certain',
      rule: child.rule,
      evidence: [...child.evidence, ...isIn(parent, 'net')],
    }),
  ];
}

function childOf(kit: RootlessKitState, known: Known): readonly Relation[] {
  const child = kit.child && known.index.process.get(kit.child);
  if (!child) return [];
  const parent = known.index.process.get(kit.parent);
  const started = parent !== undefined && child.ppid === parent.pid;
  return [
    relation('rootlesskit-child-of', child.id, kit.parent, {
      certainty: started ? 'certain' : 'inferred',
      rule: started ? 'rootlesskit.parent-process' : 'rootlesskit.child-pid-file',
      evidence: [...saidIn(child, 'status', 'cmdline'), ...(parent ? saidIn(parent, 'cmdline') : []), ...kit.evidence],
    }),
  ];
}

/** Its command line names the child, or the network namespace that is the child's. */
function worksFor(server: UnresolvedProcess, known: Known): readonly Relation[] {
  const kit = known.rootlessKits.find((one) => namesChild(server, one, known));
  if (!kit) return [];
  const parent = known.index.process.get(kit.parent);
  return [
    relation('works-for', server.id, kit.parent, {
      certainty: 'inferred',
      rule: 'works-for.command-line',
      evidence: [...saidIn(server, 'cmdline'), ...(parent ? saidIn(parent, 'cmdline') : []), ...kit.evidence],
    }),
  ];
}

function namesChild(server: UnresolvedProcess, kit: RootlessKitState, known: Known): boolean {
  const userNamespace = /^\/proc\/(\d+)\/ns\/user$/.exec(option(server.argv, '--userns-path', '--userns') ?? '')?.[1];
  if (userNamespace !== undefined && idNumbered(Number(userNamespace), server, known) === kit.child) return true;
  // vpnkit --ethernet STATEDIR/vpnkit-ethernet.sock
  if (option(server.argv, '--ethernet')?.startsWith(`${kit.stateDir}/`)) return `process:${server.ppid}` === kit.parent;
  const target = known.roles.get(server.id)?.includes('pasta') ? tapOfPasta(server) : tapOfSlirp4netns(server);
  if (!target) return false;
  if (/^\d+$/.test(target.netns)) return idNumbered(Number(target.netns), server, known) === kit.child;
  const netns = netnsOfPath(target.netns, server, known)?.netns;
  return netns !== undefined && netns === childNetnsOf(kit, known.index)?.netns;
}
