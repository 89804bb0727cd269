// Which version of a tool is the first that can do what is asked of it, by its release notes.

export const firstVersion = {
  /** `ip -j address` is iproute2 4.14's, `ip -j route`, `rule` and `neigh` 4.16's. */
  ipJson: '4.16',
  /** lsns -o NETNSID: util-linux v2.32-ReleaseNotes. */
  lsnsNetnsid: '2.32',
  /** lsns -o PNS,ONS: util-linux 2.37. */
  lsnsOwners: '2.37',
  /** nsenter: util-linux v2.23-ReleaseNotes. */
  nsenter: '2.23',
} as const;
