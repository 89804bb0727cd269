// Identity: what makes two mentions the same thing.
//
// Every id says its scope, so that equal names or indexes in different places never meet:
// an ifindex is only unique inside its network namespace, a PID only inside the PID namespace
// of the /proc that was read (the login user's).

/** The kernel's eight namespace kinds, by the names of the links in /proc/PID/ns (namespaces(7)). */
export const namespaceKinds = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'time', 'user', 'uts'] as const;
export type NamespaceKind = (typeof namespaceKinds)[number];

/**
 * As the kernel writes it: `net:[4026531840]`. The number is the nsfs inode, reused over time. A network namespace whose
 * number is closed to us has that of its file /proc/PID/net/dev instead: `net/dev:[4026532188]`.
 */
export type NamespaceId = `${NamespaceKind | 'net/dev'}:[${number}]`;
export type ClosedNetnsId = `net/dev:[${number}]`;
/** `process:1234`, the PID as the collector's /proc shows it. */
export type ProcessId = `process:${number}`;
/** `link:net:[4026531840]/2`: network namespace and ifindex. */
export type LinkId = `link:${NamespaceId}/${number}`;
/** `container:` and the runtime's full id. */
export type ContainerId = `container:${string}`;
export type SocketId = `socket:${string}`;
export type RouteId = `route:${string}`;
/** `sandbox:systemd-unit:/system.slice/nginx.service`: kind, and what tells it from others of its kind. */
export type SandboxId = `sandbox:${string}`;
export type ForwardId = `forward:${string}`;
/** Something that must exist but was not seen, e.g. the network namespace behind an unknown netnsid. */
export type UndiscoveredId = `undiscovered:${string}`;

export type EntityId =
  NamespaceId | ProcessId | LinkId | ContainerId | SandboxId | SocketId | RouteId | ForwardId | UndiscoveredId | 'host';

export const namespaceId = (kind: NamespaceKind, inode: number): NamespaceId => `${kind}:[${inode}]`;
export const closedNetnsId = (devInode: number): ClosedNetnsId => `net/dev:[${devInode}]`;
export const processId = (pid: number): ProcessId => `process:${pid}`;
export const linkId = (netns: NamespaceId, ifindex: number): LinkId => `link:${netns}/${ifindex}`;
export const sandboxId = (kind: string, key: string): SandboxId => `sandbox:${kind}:${key}`;
export const containerId = (runtimeId: string): ContainerId => `container:${runtimeId}`;

const namespacePattern = /^(cgroup|ipc|mnt|net|pid|time|user|uts):\[(\d+)\]$/;

/** Reads the target of a /proc/PID/ns link; `undefined` for anything else. */
export function parseNamespaceId(
  text: string,
): { readonly id: NamespaceId; readonly kind: NamespaceKind; readonly inode: number } | undefined {
  const match = namespacePattern.exec(text);
  if (!match) return undefined;
  const kind = match[1] as NamespaceKind;
  const inode = Number(match[2]);
  return { id: namespaceId(kind, inode), kind, inode };
}
