// Which engine runs a container, by where its runtime keeps its state and by the labels it was given.
import type { RuntimeState } from '../../model/entities.ts';

/**
 * - `/run/containerd/runc/<namespace>/<id>/state.json`: containerd (rootless: the same path in the child's mount
 *   namespace, read through /proc/PID/root)
 * - `/run/docker/runtime-runc/moby/<id>/state.json`, `/run/user/1000/docker/…`: Docker
 * - `/run/crun/<id>/status`, `/run/user/1000/crun/…`: crun, for Podman
 * - `/run/youki/<id>/state.json`: youki
 * - `/run/runc/<id>/state.json`, `/run/user/1000/runc/…`: runc by hand, or Podman with runc
 */
export function engineOfStatePath(state: Pick<RuntimeState, 'path' | 'annotations'>): string | undefined {
  if (state.annotations['io.container.manager'] === 'libpod') return 'podman';
  if (state.annotations['io.container.manager'] === 'cri-o') return 'cri-o';
  if (/\/docker\/runtime-[^/]+\//.test(state.path)) return 'docker';
  const namespace = namespaceOfStatePath(state.path);
  if (namespace !== undefined) return engineOfNamespace(namespace);
  if (Object.keys(state.annotations).some((key) => key.startsWith('nerdctl/'))) return 'containerd';
  if (/\/crun\//.test(state.path)) return 'crun';
  if (/\/youki\//.test(state.path)) return 'youki';
  if (/\/runc\//.test(state.path)) return 'runc';
  return undefined;
}

/** Docker keeps its containers in containerd's namespace `moby`. */
export const engineOfNamespace = (namespace: string): string => (namespace === 'moby' ? 'docker' : 'containerd');

export function namespaceOfStatePath(path: string): string | undefined {
  return /\/containerd\/(?:runc|crun|runsc)\/([^/]+)\/[^/]+\/[^/]+$/.exec(path)?.[1];
}
