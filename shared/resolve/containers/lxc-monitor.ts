// LXC containers by the title of the process that watches each: `[lxc monitor] LXCPATH NAME` (lxc, src/lxc/lxccontainer.c;
// setproctitle makes it one argument). LXCPATH tells whose it is:
//   [lxc monitor] /var/lib/lxc web                              lxc, Proxmox VE
//   [lxc monitor] /var/lib/incus/containers default_web         Incus
//   [lxc monitor] /var/snap/lxd/common/lxd/containers web       LXD; a project's: PROJECT_web
import type { UnresolvedProcess } from '../../model/entities.ts';
import { withRole, type Known } from '../known.ts';
import { saidIn } from '../process-evidence.ts';
import type { Candidates } from './candidate.ts';
import { idOfProcess, idsOfProcess } from './cgroup-id.ts';
import { initAmongChildren } from './init.ts';
import { speakerOf } from './speaker.ts';

const title = /^\[lxc monitor\] (\S+) (\S+)/;

export const lxcMonitorTitle = (argv: readonly string[]) => {
  const words = title.exec(argv.join(' '));
  return words ? { path: words[1] ?? '', name: words[2] ?? '' } : undefined;
};

export function fromLxcMonitors(known: Known): Candidates {
  return {
    candidates: withRole(known, 'lxc-monitor').flatMap((monitor) => {
      const told = lxcMonitorTitle(monitor.argv);
      if (!told) return [];
      // Inside another container it is told by both names, as its cgroup path is.
      const outer = idsOfProcess(monitor).at(-1)?.runtimeId;
      const named = outer === undefined ? told.name : `${outer}/${told.name}`;
      const runtimeId = inCgroup(known, monitor, named);
      const init = initAmongChildren(known, monitor, runtimeId);
      return [
        {
          runtimeId,
          recognisedBy: 'lxc-monitor-argv' as const,
          engine: engineOfPath(told.path),
          name: told.name,
          kind: 'machine' as const,
          speaker: speakerOf(monitor),
          monitor,
          ...(init === undefined
            ? {}
            : { init: { process: init, rule: 'container.lxc-monitor-child' as const, sure: false } }),
          evidence: saidIn(monitor, 'cmdline'),
        },
      ];
    }),
  };
}

/** Where a cgroup of its name is left over from before, LXC adds a number to it: `lxc.payload.web-1` (cgroups/cgfsng.c). */
function inCgroup({ index }: Known, monitor: UnresolvedProcess, named: string): string {
  const ids = (index.childrenOf.get(monitor.pid) ?? []).flatMap((child) => idOfProcess(child)?.runtimeId ?? []);
  const isNumbered = (id: string): boolean => id.startsWith(`${named}-`) && /^\d+$/.test(id.slice(named.length + 1));
  return ids.includes(named) ? named : (ids.find(isNumbered) ?? named);
}

function engineOfPath(path: string): string {
  if (/\/incus(?:\/|$)/.test(path)) return 'incus';
  return /\/lxd(?:\/|$)/.test(path) ? 'lxd' : 'lxc';
}
