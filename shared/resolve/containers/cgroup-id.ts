// Which containers a cgroup path names: engines put the id into it, nested ones one below the other.
//
//   systemd driver                                        cgroupfs driver
//   /system.slice/docker-<64 hex>.scope                   /docker/<64 hex>, /ecs/<task>/<64 hex>, /actions_job/<64 hex>
//   /machine.slice/libpod-<64 hex>.scope[/container]      /libpod_parent/libpod-<64 hex>
//   …/user@1000.service/user.slice/libpod-<64 hex>.scope  a pod's: /libpod_parent/<pod, 64 hex>/libpod-<64 hex>
//   /machine.slice/machine-libpod_pod_<pod>.slice/libpod-<64 hex>.scope
//   …/web.service/libpod-payload-<64 hex>                 (Podman with --cgroups=split, as Quadlet does)
//   …/kubepods-burstable-pod<uid>.slice/cri-containerd-<64 hex>.scope     /kubepods/burstable/pod<uid>/<64 hex>
//   …/kubepods-pod<uid>.slice/crio-<64 hex>.scope         /kubepods/besteffort/pod<uid>/crio-<64 hex>
//   …/kubepods-besteffort-pod<uid>.slice:cri-containerd:<64 hex>          (containerd without SystemdCgroup)
//   …/nerdctl-<64 hex>.scope                              /default/<64 hex> (nerdctl, containerd: /<namespace>/<id>)
//   /system.slice/runc-<name>.scope, crun-…, youki-…      whatever the caller wrote
//   /lxc.payload.<name>                                   /lxc.payload/<name>, /lxc/<name> (older, Proxmox VE)
//   /machine.slice/systemd-nspawn@<name>.service/payload, /machine.slice/machine-<name>.scope/payload
//
// Sources: docker (daemon/oci_linux.go), podman (libpod/container_internal_linux.go, pod_internal.go), kubelet
// (cm/cgroup_manager_linux.go), cri-o (internal/config/cgmgr), containerd (pkg/cri), lxc (cgroups/cgfsng.c), systemd
// (nspawn-cgroup.c, machined). Their conmons have cgroups of their own, `libpod-conmon-…` and `crio-conmon-…`.

export interface CgroupPod {
  /** Kubernetes' uid with hyphens (a static pod's is a hash without), or Podman's id. */
  readonly id: string;
  readonly qos?: 'guaranteed' | 'burstable' | 'besteffort';
}

export interface CgroupId {
  readonly runtimeId: string;
  readonly engine: string;
  readonly engineNamespace?: string;
  /** What people call it, where the path says that instead of an id. */
  readonly name?: string;
  readonly pod?: CgroupPod;
  /** Runtime id of the one around it. */
  readonly outer?: string;
  /** Whose systemd made it: what is below `user@1000.service` is 1000's to name. */
  readonly delegatedTo?: number;
}

const scopePrefixes: Readonly<Record<string, string>> = {
  docker: 'docker',
  libpod: 'podman',
  'libpod-payload': 'podman',
  'cri-containerd': 'containerd',
  crio: 'cri-o',
  nerdctl: 'containerd',
};

/** Folders right above an id that are not a namespace of containerd's. */
const parents: Readonly<Record<string, string>> = {
  docker: 'docker',
  moby: 'docker',
  actions_job: 'docker',
  libpod_parent: 'podman',
};

const podUid = /(?:^|-)pod([0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})(?:\.slice)?$/;
const podmanPod = /(?:^|-)libpod_pod_([0-9a-f]{64})(?:\.slice)?$/;

/** Of nested ones the outermost first. A container may have made cgroups of its own below (systemd: …/init.scope). */
export function idsOfCgroup(path: string | undefined): readonly CgroupId[] {
  if (path === undefined) return [];
  const parts = path.split('/');
  const found: CgroupId[] = [];
  let pod: CgroupPod | undefined;
  let user: number | undefined;
  for (let i = 1; i < parts.length; i += 1) {
    const part = parts[i] ?? '';
    const manager = /^user@(\d+)\.service$/.exec(part)?.[1];
    if (manager !== undefined) user = Number(manager);
    const inPod = podOf(part, parts, i);
    if (inPod) {
      pod = inPod;
      continue;
    }
    const id = byHexId(part, parts[i - 1] ?? '', parts[i - 2] ?? '') ?? byName(parts, i);
    if (!id) continue;
    // A name says something only together with where it is: a container `c1` may have a container `c1`.
    const outer = found.at(-1)?.runtimeId;
    const runtimeId = outer === undefined || id.name === undefined ? id.runtimeId : `${outer}/${id.runtimeId}`;
    found.push({
      ...id,
      runtimeId,
      ...(pod === undefined ? {} : { pod }),
      ...(outer === undefined ? {} : { outer }),
      ...(user === undefined ? {} : { delegatedTo: user }),
    });
    pod = undefined;
  }
  return found;
}

/** Equal for all cgroups that can be of one container: anybody may write any id into the path of a cgroup of his own. */
export const placeOf = ({ runtimeId, outer, delegatedTo }: CgroupId): string =>
  [delegatedTo ?? '', outer ?? '', runtimeId].join(' ');

/** The innermost. */
export const idOfCgroup = (path: string | undefined): CgroupId | undefined => idsOfCgroup(path).at(-1);

/** The same for a process; on a host with both versions of cgroups either may be the one that is managed. */
export function idsOfProcess(process: { readonly cgroup?: string; readonly cgroupVersion1?: string }) {
  const ids = idsOfCgroup(process.cgroup);
  return ids.length > 0 ? ids : idsOfCgroup(process.cgroupVersion1);
}

export const idOfProcess = (process: Parameters<typeof idsOfProcess>[0]): CgroupId | undefined =>
  idsOfProcess(process).at(-1);

function podOf(part: string, parts: readonly string[], i: number): CgroupPod | undefined {
  const uid = part.includes(':') ? undefined : podUid.exec(part)?.[1];
  if (uid !== undefined) return kubernetesPod(uid, part, parts[i - 1] ?? '');
  const podman = podmanPod.exec(part)?.[1];
  if (podman !== undefined) return { id: podman };
  const isFolder = parts[i - 1] === 'libpod_parent' && (parts[i + 1] ?? '').startsWith('libpod-');
  return isFolder && /^[0-9a-f]{64}$/.test(part) ? { id: part } : undefined;
}

function kubernetesPod(uid: string, part: string, above: string): CgroupPod {
  const words = /(burstable|besteffort)/.exec(part) ?? /(burstable|besteffort)/.exec(above);
  const qos = (words?.[1] ?? 'guaranteed') as NonNullable<CgroupPod['qos']>;
  return { id: uid.replaceAll('_', '-'), qos };
}

function byHexId(part: string, above: string, twoAbove: string): CgroupId | undefined {
  const colons = /^(.*):([a-z-]+):([0-9a-f]{64})$/.exec(part);
  if (colons) {
    const [, slice = '', prefix = '', runtimeId = ''] = colons;
    const uid = podUid.exec(slice)?.[1];
    const engine = scopePrefixes[prefix];
    if (engine === undefined) return undefined;
    return { runtimeId, engine, ...(uid === undefined ? {} : { pod: kubernetesPod(uid, slice, '') }) };
  }
  const scope = /^(?:(.*)-)?([0-9a-f]{64})(?:\.scope)?$/.exec(part);
  if (!scope) return undefined;
  const [, prefix, runtimeId = ''] = scope;
  if (prefix !== undefined) {
    const engine = scopePrefixes[prefix];
    return engine === undefined ? undefined : { runtimeId, engine };
  }
  const engine = twoAbove === 'ecs' ? 'docker' : parents[above];
  if (engine !== undefined) return { runtimeId, engine };
  if (above === '' || above === '..') return undefined;
  if (/^(kubepods|burstable|besteffort)$/.test(above) || podUid.test(above)) return { runtimeId, engine: 'containerd' };
  return { runtimeId, engine: 'containerd', engineNamespace: above };
}

function byName(parts: readonly string[], i: number): CgroupId | undefined {
  const part = parts[i] ?? '';
  const named = (engine: string, name: string): CgroupId => ({ runtimeId: name, engine, name });
  const runtime = /^(runc|crun|youki)-(.+)\.scope$/.exec(part);
  if (runtime) return named(runtime[1] ?? '', unescaped(runtime[2] ?? ''));
  const payload = /^lxc\.payload\.(.+)$/.exec(part)?.[1];
  if (payload !== undefined) return named('lxc', payload);
  if ((parts[i - 1] === 'lxc' || parts[i - 1] === 'lxc.payload') && part !== '') return named('lxc', part);
  // systemd-nspawn itself is in the cgroup `supervisor` beside its container's.
  if (parts[i + 1] === 'supervisor') return undefined;
  const nspawn = /^systemd-nspawn@(.+)\.service$/.exec(part)?.[1];
  if (nspawn !== undefined) return named('systemd-nspawn', unescaped(nspawn));
  const machine = parts[i - 1] === 'machine.slice' ? /^machine-(.+)\.scope$/.exec(part)?.[1] : undefined;
  if (machine === undefined) return undefined;
  const name = unescaped(machine);
  // libvirt: `qemu-1-vm` is a virtual machine, `lxc-4711-name` a container.
  if (name.startsWith('qemu-')) return undefined;
  const libvirt = /^lxc-\d+-(.+)$/.exec(name)?.[1];
  return libvirt === undefined ? named('systemd-nspawn', name) : named('libvirt-lxc', libvirt);
}

/** Names in unit names have everything unusual as `\x2d` (systemd.unit(5)). */
export function unescaped(unit: string): string {
  try {
    return decodeURIComponent(unit.replaceAll('%', '%25').replace(/\\x([0-9a-f]{2})/g, '%$1'));
  } catch {
    return unit;
  }
}
