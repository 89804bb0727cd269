// By the unit in a process's cgroup path (systemd names them, systemd.unit(5)):
//   /system.slice/systemd-resolved.service                                          a service
//   /user.slice/user-1000.slice/user@1000.service/app.slice/pipewire.service        a user's
//   …/app.slice/app-flatpak-org.mozilla.firefox-2971616599.scope                    Flatpak (common/flatpak-run.c)
//   …/app.slice/snap.firefox.firefox-8d3f1834-c397-4085-b29d-3b2538c9ff4e.scope     Snap (snapd, cmd/snap/cmd_run.go)
//   /system.slice/snap.lxd.daemon.service
// systemd gives namespaces to services only, before the first process of a service runs: what its children made for
// themselves is theirs. A scope holds what others have started.
import type { UnresolvedProcess } from '../../model/entities.ts';
import { hasEnded } from '../../model/process.ts';
import { unescaped } from '../containers/cgroup-id.ts';
import { grouped, type Known } from '../known.ts';
import { saidIn } from '../process-evidence.ts';
import { byStart, type Group } from './group.ts';

type Unit = Pick<Group, 'kind' | 'name' | 'key' | 'rule'>;

export function units({ entities, containers }: Known): readonly Group[] {
  // A machine has units of its own; other containers may be one below a unit that started them (Quadlet).
  const inContainers = new Set(
    containers.filter(({ kind }) => kind !== 'machine').flatMap(({ processIds }) => processIds),
  );
  const named = entities.processes.flatMap((process) => {
    const unit = hasEnded(process) || inContainers.has(process.id) ? undefined : unitOf(process.cgroup);
    return unit ? [{ process, unit }] : [];
  });
  return [...grouped(named, ({ unit }) => `${unit.kind} ${unit.key}`).values()].flatMap((group): readonly Group[] => {
    const members = group.map(({ process }) => process).sort(byStart);
    const [first] = group;
    const [main] = members;
    if (!first || !main) return [];
    const isService = first.unit.kind === 'systemd-unit';
    return [{ ...first.unit, members, ...(isService ? { main } : {}), evidence: evidenceOf(main) }];
  });
}

const evidenceOf = (process: UnresolvedProcess) => saidIn(process, 'cgroup');

export function unitOf(path: string | undefined): Unit | undefined {
  const parts = path?.split('/') ?? [];
  const at = parts.findLastIndex((part) => /\.(service|scope)$/.test(part));
  const unit = parts[at];
  if (unit === undefined) return undefined;
  const snap = /^snap\.([a-z0-9-]+)(?:_[a-z0-9]+)?\.(.*)\.(?:service|scope)$/.exec(unit)?.[1];
  if (snap !== undefined) return { kind: 'snap', name: snap, key: snap, rule: 'sandbox.snap-cgroup' };
  const flatpak = /^app-flatpak-(.+)-\d+\.scope$/.exec(unit)?.[1];
  if (flatpak !== undefined)
    return { kind: 'flatpak', name: unescaped(flatpak), key: unit, rule: 'sandbox.flatpak-cgroup' };
  if (!unit.endsWith('.service') || /^(user|systemd-nspawn)@/.test(unit)) return undefined;
  const key = parts.slice(0, at + 1).join('/');
  return { kind: 'systemd-unit', name: unescaped(unit), key, rule: 'sandbox.unit-cgroup' };
}
