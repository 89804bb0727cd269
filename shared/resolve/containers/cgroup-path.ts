// Containers by the cgroups their processes are in: engines put the id into the path.
//
//   systemd driver                                   cgroupfs driver
//   /system.slice/docker-<64 hex>.scope              /docker/<64 hex>
//   /user.slice/…/user.slice/libpod-<64 hex>.scope   /libpod_parent/libpod-<64 hex>, /machine.slice/libpod-<64 hex>.scope
//   /kubepods.slice/…/cri-containerd-<64 hex>.scope  /kubepods/burstable/pod<uid>/<64 hex>
//   …/crio-<64 hex>.scope                            /default/<64 hex> (nerdctl, containerd: /<namespace>/<id>)
//   …/nerdctl-<64 hex>.scope                         /lxc.payload.<name>
// Below it a container may have made more (systemd inside: …/init.scope): the innermost id counts.
import { grouped, type Known } from '../known.ts';
import { saidIn } from '../process-evidence.ts';
import type { Candidates } from './candidate.ts';
import { isInit } from './init.ts';

interface CgroupId {
  readonly runtimeId: string;
  readonly engine: string;
  readonly engineNamespace?: string;
}

const scopePrefixes: Readonly<Record<string, string>> = {
  docker: 'docker',
  libpod: 'podman',
  'cri-containerd': 'containerd',
  crio: 'cri-o',
  nerdctl: 'containerd',
};

/** The container a cgroup path names; undefined where it names none. conmon's own cgroups are not containers. */
export function idOfCgroup(path: string | undefined): CgroupId | undefined {
  if (path === undefined) return undefined;
  const parts = path.split('/');
  for (let i = parts.length - 1; i > 0; i -= 1) {
    const part = parts[i] ?? '';
    const scope = /^(?:(.*)-)?([0-9a-f]{64})(?:\.scope)?$/.exec(part);
    if (!scope) {
      const payload = /^lxc\.payload\.(.+)$/.exec(part);
      if (payload?.[1]) return { runtimeId: payload[1], engine: 'lxc' };
      continue;
    }
    const [, prefix, runtimeId = ''] = scope;
    if (prefix !== undefined) {
      const engine = scopePrefixes[prefix];
      if (engine !== undefined) return { runtimeId, engine };
      continue;
    }
    const above = parts[i - 1] ?? '';
    if (above === 'docker' || above === 'moby') return { runtimeId, engine: 'docker' };
    if (/^(kubepods|burstable|besteffort|pod[0-9a-f-]{36})$/.test(above)) return { runtimeId, engine: 'containerd' };
    if (above === 'libpod_parent') return { runtimeId, engine: 'podman' };
    if (above !== '') return { runtimeId, engine: 'containerd', engineNamespace: above };
  }
  return undefined;
}

export function fromCgroups({ entities }: Known): Candidates {
  const named = entities.processes.flatMap((process) => {
    const id = idOfCgroup(process.cgroup);
    return id && process.state !== 'Z' ? [{ process, id }] : [];
  });
  return {
    candidates: [...grouped(named, ({ id }) => id.runtimeId)].map(([runtimeId, members]) => {
      const earliest = [...members].sort(
        (a, b) => (a.process.startTicks ?? 0) - (b.process.startTicks ?? 0) || a.process.pid - b.process.pid,
      );
      const init = earliest.find(({ process }) => isInit(process)) ?? earliest[0];
      return {
        ...members[0]?.id,
        runtimeId,
        recognisedBy: 'cgroup-path' as const,
        ...(init === undefined
          ? {}
          : { init: { process: init.process, rule: 'container.cgroup-path' as const, sure: false } }),
        evidence: init ? saidIn(init.process, 'cgroup') : [],
      };
    }),
  };
}
