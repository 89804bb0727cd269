// Rootless Podman without RootlessKit: the namespaces it keeps by itself.
//   - its user and mount namespace, kept by a process that only waits: `catatonit -P`, before Podman 4 `podman pause`
//   - the network namespace that bridges are in, mounted at
//       /run/user/UID/containers/networks/rootless-netns/rootless-netns      (Podman 5, container-libs: libnetwork/internal/rootlessnetns)
//       /run/user/UID/netns/rootless-netns-HEX                               (Podman 4, libpod/networking_linux.go)
import type { NamespaceId } from '../../model/id.ts';
import type { NamespaceRole } from '../../model/namespace.ts';
import type { Known } from '../known.ts';
import { program } from '../processes/command-line.ts';

interface Called {
  readonly role: NamespaceRole;
  readonly name: string;
}

const rootlessNetns =
  /^\/run\/user\/(\d+)\/(?:containers\/networks\/rootless-netns\/rootless-netns|netns\/rootless-netns-[0-9a-f]+)$/;

export function podmanRootless({ entities }: Known): ReadonlyMap<NamespaceId, Called> {
  const called = new Map<NamespaceId, Called>();
  const users = new Map(entities.processes.map(({ uid, user }) => [uid, user]));
  const who = (uid: number | undefined): string =>
    users.get(uid) ?? (uid === undefined ? 'unknown user' : `uid ${uid}`);
  for (const process of entities.processes) {
    const pauses =
      (program(process) === 'catatonit' && process.argv[1] === '-P' && process.argv.length === 2) ||
      (program(process) === 'podman' && process.argv[1] === 'pause' && process.argv.length === 2);
    if (!pauses) continue;
    for (const id of [process.namespaces.user, process.namespaces.mnt])
      if (id !== undefined) called.set(id, { role: 'process', name: `rootless Podman · ${who(process.uid)}` });
  }
  for (const { id, kind, keptBy, processIds } of entities.namespaces) {
    if (kind !== 'net') continue;
    for (const keeper of keptBy) {
      const uid =
        keeper.by === 'mount' ? rootlessNetns.exec(keeper.path.replace(/^\/var\/run\//, '/run/'))?.[1] : undefined;
      if (uid === undefined) continue;
      const name = `rootless Podman’s network · ${who(Number(uid))}`;
      called.set(id, { role: processIds.length > 0 ? 'process' : 'bare', name });
    }
  }
  return called;
}
