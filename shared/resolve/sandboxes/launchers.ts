// By the program that made the namespaces and stays above what it runs: bubblewrap (bwrap(1), and Steam's srt-bwrap) and
// firejail(1). All that descends from the topmost of them belongs to it. Flatpak runs bubblewrap too, and its cgroup says more.
import type { UnresolvedProcess } from '../../model/entities.ts';
import { processId } from '../../model/id.ts';
import { hasEnded } from '../../model/process.ts';
import type { Known } from '../known.ts';
import { program } from '../processes/command-line.ts';
import { saidIn } from '../process-evidence.ts';
import { byStart, type Group } from './group.ts';
import { unitOf } from './units.ts';

const launcherOf = (process: UnresolvedProcess): 'bubblewrap' | 'firejail' | undefined => {
  const name = program(process);
  if (name === 'bwrap' || name === 'srt-bwrap') return 'bubblewrap';
  return name === 'firejail' ? 'firejail' : undefined;
};

export function launchers({ entities, index }: Known): readonly Group[] {
  return entities.processes.flatMap((top): readonly Group[] => {
    const kind = launcherOf(top);
    if (!kind || unitOf(top.cgroup)?.kind === 'flatpak') return [];
    const parent = top.ppid === undefined ? undefined : index.process.get(processId(top.ppid));
    if (parent && launcherOf(parent) === kind) return [];
    const members = descendants(top).sort(byStart);
    const payload = members.find((process) => launcherOf(process) === undefined && !hasEnded(process)) ?? top;
    return [
      {
        kind,
        name: `${payload.comm}[${payload.pid}]`,
        key: `${top.pid}@${top.startTicks ?? ''}`,
        members,
        rule: kind === 'firejail' ? 'sandbox.firejail-descendants' : 'sandbox.bubblewrap-descendants',
        evidence: [...saidIn(top, 'cmdline'), ...saidIn(payload, 'status')],
      },
    ];
  });

  function descendants(top: UnresolvedProcess): UnresolvedProcess[] {
    const found = new Set([top]);
    for (const process of found) for (const child of index.childrenOf.get(process.pid) ?? []) found.add(child);
    return [...found];
  }
}
