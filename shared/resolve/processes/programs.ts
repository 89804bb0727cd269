// Programs that wire namespaces, recognised by their command lines.
import type { UnresolvedProcess } from '../../model/entities.ts';
import { processId, type ProcessId } from '../../model/id.ts';
import type { ProcessRole } from '../../model/process.ts';
import type { Known, Pass } from '../known.ts';
import { lxcMonitorTitle } from '../containers/lxc-monitor.ts';
import { option, program, sameArguments } from './command-line.ts';

export const programRoles: Pass = {
  name: 'programs',
  run: (known) => {
    const roles = new Map<ProcessId, readonly ProcessRole[]>();
    for (const process of known.entities.processes) {
      const role = roleOf(process, known);
      if (role) roles.set(process.id, [role]);
    }
    // A state directory names both, however they were started.
    for (const kit of known.rootlessKits) {
      if (known.index.process.has(kit.parent)) roles.set(kit.parent, ['rootlesskit-parent']);
      if (kit.child && known.index.process.has(kit.child)) roles.set(kit.child, ['rootlesskit-child']);
    }
    return { roles };
  },
};

function roleOf(process: UnresolvedProcess, known: Known): ProcessRole | undefined {
  if (isRootlessKitChild(process, known)) return 'rootlesskit-child';
  const name = program(process);
  if (name === 'rootlesskit') return 'rootlesskit-parent';
  if (name === 'slirp4netns') return 'slirp4netns';
  // passt chooses a build for the CPU and runs as pasta.avx2.
  if (name === 'pasta' || name === 'pasta.avx2') return 'pasta';
  if (name === 'containerd') return 'containerd';
  if (name.startsWith('containerd-shim')) return 'containerd-shim';
  if (name === 'conmon' || name === 'crio-conmon') return 'conmon';
  if (name === 'dockerd') return 'dockerd';
  if (name === 'crio') return 'crio';
  if (name === 'systemd-nspawn') return 'systemd-nspawn';
  if (name === 'vpnkit') return 'vpnkit';
  if (lxcMonitorTitle(process.argv)) return 'lxc-monitor';
  if (name === 'docker-proxy') return 'docker-proxy';
  // Inside a rootless Docker, rootlesskit-docker-proxy starts docker-proxy and asks RootlessKit for the port.
  if (name === 'rootlesskit-docker-proxy') return 'docker-proxy';
  if (/^(containers-)?rootlessport(-child)?$/.test(name)) return 'rootlessport';
  return undefined;
}

/**
 * RootlessKit starts itself again as /proc/self/exe with the same arguments (pkg/parent/parent.go); nothing else in the
 * command line tells the two apart.
 */
function isRootlessKitChild(process: UnresolvedProcess, { index }: Known): boolean {
  if (process.argv[0] !== '/proc/self/exe' || process.ppid === undefined) return false;
  const parent = index.process.get(processId(process.ppid));
  if (!parent || program(parent) !== 'rootlesskit') return false;
  return sameArguments(process, parent) || option(process.argv, '--state-dir', '--net') !== undefined;
}
