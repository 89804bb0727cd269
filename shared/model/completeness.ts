// How much of what exists is known, counted, and the one change that would add most.

export const countedSubjects = ['netns', 'links', 'processes', 'sockets', 'containers', 'owners', 'peers'] as const;
/**
 * netns: network namespaces whose links were listed, of those that were seen or that links lead to (at least so many). links: those whose kind is known. processes: those whose namespaces could be read (no kernel threads, no
 * zombies). sockets: those whose process is known. containers: those with a name. owners: namespaces whose owning user
 * namespace is known. peers: veth ends whose other end is certain.
 */
export type CountedSubject = (typeof countedSubjects)[number];

export interface Count {
  readonly known: number;
  readonly of: number;
  /** It may be fewer: of some that are counted twice it is not known that they are the same. */
  readonly atMost?: boolean;
}

export interface Change {
  /**
   * again: the run broke off. sudo: root on the host. The others are packages by their upstream name: their tools are
   * missing on the host, or cannot do what is needed.
   */
  readonly with: 'again' | 'sudo' | 'iproute2' | 'util-linux' | 'curl';
  /** First version that can; absent: any. */
  readonly version?: string;
  /** What it would add, most telling first. */
  readonly adds: readonly { readonly what: CountedSubject; readonly count: number }[];
  /** It adds processes that hidepid hides, too; the finding says what is known of how many. */
  readonly hiddenProcesses?: boolean;
  /** The numbers are the most it can add: root of a user namespace is not the host's. */
  readonly atMost?: boolean;
}

export interface Completeness {
  readonly counts: Readonly<Record<CountedSubject, Count>>;
  /** Absent: no change is known that would add anything. */
  readonly change?: Change;
}
