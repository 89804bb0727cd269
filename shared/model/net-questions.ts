// The lines that one `ip -batch -` is given for one network namespace, in order (shared/collect/README.md). They come on its
// standard input: its command line does not show them.

// New ones are added at the end only: a failed command is known by its number, in transcripts of every age.
export const netQuestions = [
  'addr show',
  'route show table all root 0.0.0.0/0',
  'route show table all root ::/0',
  'rule show',
  'neigh show',
  'nexthop show',
  'neigh show proxy',
  'netconf show',
] as const;
