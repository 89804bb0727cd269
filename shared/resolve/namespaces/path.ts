// Which network namespace a path or PID on some process's command line means.
import type { UnresolvedProcess } from '../../model/entities.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { NamespaceId } from '../../model/id.ts';
import { isIn } from '../process-evidence.ts';
import { processNumbered } from '../processes/pid-translation.ts';
import type { Known } from '../known.ts';

export interface NamedNetns {
  readonly netns: NamespaceId;
  readonly evidence: readonly Evidence[];
}

/**
 * PIDs are meant as `reader` counts. `122351` or `/proc/122351/ns/net`: that process's; `/proc/122351/root/PATH`: what is mounted at PATH in the mount
 * namespace of that process; any other path: what is mounted there in the mount namespace of `reader`.
 */
export function netnsOfPath(path: string, reader: UnresolvedProcess, known: Known): NamedNetns | undefined {
  const process = /^(?:\/proc\/)?(\d+)(?:\/ns\/net)?$/.exec(path)?.[1];
  if (process !== undefined) return netnsOfProcess(processNumbered(Number(process), reader, known));
  const inside = /^\/proc\/(\d+)\/root(\/.*)$/.exec(path);
  if (!inside) return mountedAt(path, reader.namespaces.mnt, known) ?? mountedSomewhere(path, known);
  const [, pid = '', rest = ''] = inside;
  return mountedAt(rest, processNumbered(Number(pid), reader, known)?.namespaces.mnt, known);
}

function netnsOfProcess(process: UnresolvedProcess | undefined): NamedNetns | undefined {
  return process?.namespaces.net && { netns: process.namespaces.net, evidence: isIn(process, 'net') };
}

/** A mount of a network namespace. */
interface Mounted extends NamedNetns {
  readonly mountNamespace: NamespaceId | undefined;
  readonly covered: boolean;
}

/**
 * The mounts at a path, in any mount namespace. A covered one counts only where no other lies over it at the same path: that
 * path may be a symbolic link to it by now (RootlessKit's --copy-up makes such).
 */
function mountsAt(path: string, known: Known, use: (mount: Mounted) => boolean): readonly Mounted[] {
  const real = withoutVarRun(path);
  const mounts = known.entities.namespaces.flatMap(({ id, kind, keptBy }) =>
    kind !== 'net'
      ? []
      : keptBy.flatMap((keeper): readonly Mounted[] => {
          if (keeper.by !== 'mount' || withoutVarRun(keeper.path) !== real) return [];
          const { mountNamespace, covered = false, evidence } = keeper;
          return [{ netns: id, evidence, mountNamespace, covered }];
        }),
  );
  const used = mounts.filter(use);
  const topmost = used.filter(({ covered }) => !covered);
  return topmost.length > 0 ? topmost : used;
}

function mountedAt(path: string, mountNamespace: NamespaceId | undefined, known: Known): NamedNetns | undefined {
  if (mountNamespace === undefined) return undefined;
  return theOnly(mountsAt(path, known, (mount) => mount.mountNamespace === mountNamespace));
}

/**
 * slirp4netns and pasta are sandboxes of their own: they opened the path and went into an empty mount namespace. So what it
 * meant is what is mounted there in any, where that is one and the same.
 */
function mountedSomewhere(path: string, known: Known): NamedNetns | undefined {
  return path.startsWith('/') ? theOnly(mountsAt(path, known, () => true)) : undefined;
}

function theOnly(mounts: readonly Mounted[]): NamedNetns | undefined {
  const [first, ...more] = mounts;
  return first && more.every(({ netns }) => netns === first.netns)
    ? { netns: first.netns, evidence: first.evidence }
    : undefined;
}

/** /var/run is a symbolic link to /run; mountinfo has the real path, command lines either. */
const withoutVarRun = (path: string): string => path.replace(/^\/var\/run\//, '/run/');
