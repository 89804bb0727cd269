// What each namespace is to a person, and a name that tells it from the others of its kind.
import type { Container } from '../../model/container.ts';
import type { UnresolvedNamespace } from '../../model/entities.ts';
import { processId, type NamespaceId } from '../../model/id.ts';
import type { SandboxKind } from '../../model/sandbox.ts';
import type { NamespaceRole } from '../../model/namespace.ts';
import { podName } from '../containers/pod.ts';
import { podmanRootless } from '../rootlesskit/podman.ts';
import { grouped, type Known, type Pass } from '../known.ts';
import { childNetnsOf } from '../rootlesskit/child-netns.ts';

interface Called {
  readonly role: NamespaceRole;
  readonly name: string;
}

export const namespaceNames: Pass = {
  name: 'namespace names',
  run: (known) => {
    const rootlessKit = rootlessKitChildren(known);
    const inContainers = containerNamespaces(known);
    const podman = podmanRootless(known);
    const inSandboxes = sandboxNamespaces(known);
    const called = known.entities.namespaces.map((namespace) => ({
      namespace,
      ...(host(namespace, known) ??
        rootlessKit.get(namespace.id) ??
        inContainers.get(namespace.id) ??
        mountedByName(namespace) ??
        podman.get(namespace.id) ??
        inSandboxes.get(namespace.id) ??
        process(namespace, known) ??
        kept(namespace, known)),
    }));
    // The same container name may exist for two users: then the inode tells them apart.
    const sharing = grouped(called, ({ namespace, name }) => `${namespace.kind} ${name}`);
    return {
      namespaces: new Map(
        called.map(({ namespace, role, name }) => {
          const unique = (sharing.get(`${namespace.kind} ${name}`)?.length ?? 0) <= 1;
          return [namespace.id, { role, name: unique ? name : `${name} · ${namespace.inode ?? namespace.id}` }];
        }),
      ),
    };
  },
};

function host({ id, kind }: UnresolvedNamespace, { entities }: Known): Called | undefined {
  return entities.host.initialNamespaces[kind]?.id === id ? { role: 'host', name: 'host' } : undefined;
}

/** The child's namespaces of every kind that are not its parent's, and the network namespace it keeps detached. */
function rootlessKitChildren({ rootlessKits, index }: Known): ReadonlyMap<NamespaceId, Called> {
  const called = new Map<NamespaceId, Called>();
  const users = grouped(rootlessKits, (kit) => index.process.get(kit.parent)?.user);
  for (const kit of rootlessKits) {
    const parent = index.process.get(kit.parent);
    const who = parent?.user ?? (parent?.uid === undefined ? 'unknown user' : `uid ${parent.uid}`);
    // One user may run containerd and Docker, each with a RootlessKit of its own.
    const which = (users.get(parent?.user)?.length ?? 0) > 1 ? ` · ${kit.stateDir.split('/').at(-1)}` : '';
    const name = `RootlessKit child · ${who}${which}`;
    const child = kit.child && index.process.get(kit.child);
    for (const [kind, id] of Object.entries(child ? child.namespaces : {})) {
      if (parent?.namespaces[kind as keyof typeof parent.namespaces] !== id) {
        called.set(id, { role: 'rootlesskit-child', name });
      }
    }
    const netns = childNetnsOf(kit, index);
    if (netns) {
      called.set(netns.netns, { role: 'rootlesskit-child', name: netns.detached ? `${name} · detached` : name });
    }
  }
  return called;
}

/** Namespaces of containers' first processes; containers of a pod share some of theirs, and those are called as the pod. */
function containerNamespaces({ containers, index }: Known): ReadonlyMap<NamespaceId, Called> {
  const inside = containers.flatMap((container) => {
    const init = container.init === undefined ? undefined : index.process.get(container.init);
    const above = container.monitor ?? (init?.ppid === undefined ? undefined : processId(init.ppid));
    const shared = new Set(Object.values((above && index.process.get(above)?.namespaces) ?? {}));
    // What whoever started it is in too is not the container's: --network=host, and the user namespace of a rootless engine.
    return Object.values(init?.namespaces ?? {}).flatMap((id) => (shared.has(id) ? [] : [{ id, container }]));
  });
  return new Map(
    [...grouped(inside, ({ id }) => id)].map(([id, group]) => [
      id,
      { role: 'container', name: nameOfShared(group.map(({ container }) => container)) },
    ]),
  );
}

function nameOfShared(sharing: readonly Container[]): string {
  // What a container started inside itself in its own namespaces does not make them less its own.
  const ids = new Set(sharing.map(({ id }) => id));
  const owners = sharing.filter(({ parent }) => parent === undefined || !ids.has(parent));
  const pod = owners[0]?.pod;
  if (pod !== undefined && owners.length > 1 && owners.every((one) => one.pod?.id === pod.id))
    return `pod ${podName(pod)}`;
  const shown = owners.slice(0, 3).map(({ name }) => name);
  const more = owners.length > 3 ? [`${owners.length - 3} more`] : [];
  return [...shown, ...more].join(' + ');
}

const sandboxWords: Readonly<Record<SandboxKind, (name: string) => string>> = {
  'systemd-unit': (name) => `unit ${name}`,
  flatpak: (name) => `Flatpak ${name}`,
  snap: (name) => `snap ${name}`,
  bubblewrap: (name) => `bubblewrap of ${name}`,
  firejail: (name) => `Firejail of ${name}`,
  browser: (name) => `sandbox of ${name}`,
};

function sandboxNamespaces({ sandboxes }: Known): ReadonlyMap<NamespaceId, Called> {
  return new Map(
    sandboxes.flatMap(({ kind, name, namespaceIds }) =>
      namespaceIds.map((id) => [id, { role: 'process' as const, name: sandboxWords[kind](name) }]),
    ),
  );
}

/** `ip netns add NAME` mounts the namespace at /run/netns/NAME: people know it by that. */
function mountedByName({ keptBy, processIds }: UnresolvedNamespace): Called | undefined {
  for (const keeper of keptBy) {
    if (keeper.by !== 'mount' || keeper.covered) continue;
    const name = /^\/(?:var\/)?run\/netns\/([^/]+)$/.exec(keeper.path)?.[1];
    if (name !== undefined) return { role: processIds.length > 0 ? 'process' : 'bare', name: `netns ${name}` };
  }
  return undefined;
}

function process({ leaderIds }: UnresolvedNamespace, { index }: Known): Called | undefined {
  const leader = leaderIds[0] === undefined ? undefined : index.process.get(leaderIds[0]);
  return leader && { role: 'process', name: `ns of ${leader.comm}[${leader.pid}]` };
}

/** Nobody is in it. */
function kept({ id, keptBy }: UnresolvedNamespace, known: Known): Called {
  const { index } = known;
  const [keeper] = keptBy;
  if (!keeper || keeper.by === 'lsns') return { role: 'bare', name: id };
  if (keeper.by === 'namespace') {
    const other = index.namespace.get(keeper.namespace);
    return { role: 'bare', name: `${keeper.as} of ${(other && process(other, known)?.name) ?? keeper.namespace}` };
  }
  if (keeper.by === 'mount') return { role: 'bare', name: `mounted at ${keeper.path}` };
  const holder = index.process.get(keeper.process);
  const who = `${holder?.comm ?? 'process'}[${holder?.pid ?? keeper.process.slice('process:'.length)}]`;
  switch (keeper.by) {
    case 'thread':
      return { role: 'process', name: `thread ${keeper.tid} of ${who}` };
    case 'for-children':
      return { role: 'process', name: `for children of ${who}` };
    case 'fd':
      return { role: 'bare', name: `held open by ${who}` };
    case 'socket':
      return { role: 'bare', name: `held by a socket of ${who}` };
    case 'tun':
      return { role: 'bare', name: `held by a tap of ${who}` };
  }
}
