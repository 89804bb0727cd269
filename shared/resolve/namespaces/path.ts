// Which network namespace a path or PID on some process's command line means.
import type { UnresolvedProcess } from '../../model/entities.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { NamespaceId } from '../../model/id.ts';
import type { Keeper } from '../../model/namespace.ts';
import { isIn } from '../process-evidence.ts';
import { processNumbered } from '../processes/pid-translation.ts';
import type { Known } from '../known.ts';

type Mounted = Extract<Keeper, { by: 'mount' }>;

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

function mountedAt(path: string, mountNamespace: NamespaceId | undefined, known: Known): NamedNetns | undefined {
  if (mountNamespace === undefined) return undefined;
  return theOneMountedAt(path, (keeper) => keeper.mountNamespace === mountNamespace, known);
}

/**
 * slirp4netns and pasta are sandboxes of their own: they opened the path and went into an empty mount namespace. So what it
 * meant is what is mounted there in any, where that is one and the same.
 */
function mountedSomewhere(path: string, known: Known): NamedNetns | undefined {
  return path.startsWith('/') ? theOneMountedAt(path, () => true, known) : undefined;
}

/**
 * Of several at one path a process has the one that it opened, which may have been covered since: nothing tells which.
 */
function theOneMountedAt(path: string, counts: (keeper: Mounted) => boolean, known: Known): NamedNetns | undefined {
  const real = withoutVarRun(path);
  const found = known.entities.namespaces.flatMap(({ id, kind, keptBy }) => {
    const keeper =
      kind === 'net' && keptBy.find((one) => one.by === 'mount' && withoutVarRun(one.path) === real && counts(one));
    return keeper ? [{ netns: id, evidence: keeper.evidence }] : [];
  });
  return found.length === 1 ? found[0] : undefined;
}

/** /var/run is a symbolic link to /run; mountinfo has the real path, command lines either. */
const withoutVarRun = (path: string): string => path.replace(/^\/var\/run\//, '/run/');
