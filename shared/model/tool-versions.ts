// Which version of a tool is the first that can do what is asked of it, by its release notes.

export const firstVersion = {
  /** `ip -j address` is iproute2 4.14's, `ip -j route`, `rule` and `neigh` 4.16's. */
  ipJson: '4.16',
  /** lsns -o NETNSID: util-linux v2.32-ReleaseNotes. */
  lsnsNetnsid: '2.32',
  /** lsns -o PNS,ONS: util-linux 2.37. */
  lsnsOwners: '2.37',
  /** Behind sockets: util-linux v2.41-ReleaseNotes. */
  lsnsSockets: '2.41',
  /** nsenter: util-linux v2.23-ReleaseNotes. */
  nsenter: '2.23',
} as const;

/** `lsns from util-linux 2.31.1`; BusyBox's has no version of that kind. */
export function isOlder(said: string | undefined, version: string): boolean {
  const found = /util-linux (\d+)\.(\d+)/.exec(said ?? '');
  if (!found) return false;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return Number(found[1]) < major || (Number(found[1]) === major && Number(found[2]) < minor);
}
