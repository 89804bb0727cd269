// Rules behind the findings that assembling makes: what could not be seen, and what was taken to be so. Those of
// shared/resolve are in resolve/rules.ts; shared/explain words both by name and values.

export const collectedRules = [
  /** The run did not come to its end. */
  'transcript.incomplete',
  /** Lines of the transcript outside every frame. values: count, example */
  'transcript.unreadable',
  /** /proc hides others' processes. values: hidepid; hidden, all, elsewhere: see hidden-processes.ts */
  'processes.hidden',
  /** Some, not all, namespace links of these processes are closed to the user. values: count */
  'processes.namespaces-not-permitted',
  /** They came or went while the host was asked. values: count */
  'processes.gone',
  /** They went to another namespace while they were read for all that were with them in it. values: count */
  'processes.moved',
  /** Their main thread has ended, others live. values: count */
  'processes.main-thread-ended',
  /** Their open files are closed to the user: sockets cannot be told apart, kept namespaces not seen. values: count */
  'processes.files-not-permitted',
  /** /proc/1 is closed: the host's own namespaces were taken from elsewhere. values: count, kinds */
  'initial.assumed',
  /** Tools that the host has not, and without which something is not seen. values: count, tools */
  'tools.missing',
  /** The firewall rules of these network namespaces were not told. values: count, example */
  'firewall.not-read',
  /** Neither nft nor iptables-save is there, and the kernel may have rules. */
  'firewall.no-tool',
  /** nf_tables is there and nft is not. values: count */
  'firewall.no-nft',
  /** There are too many network namespaces to ask each. values: count */
  'firewall.not-asked',
  /** lsns does not tell what newer ones do. values: version */
  'lsns.old',
  /** A question that had no (whole) answer. values: section, count, example */
  'section.not-permitted',
  'section.gone',
  'section.not-supported',
  /** Failed for a reason that is in the example. */
  'section.undiscovered',
  'section.too-large',
  'section.timed-out',
  'section.connection-lost',
  'section.unparsable',
  /** One of ip's commands failed in these network namespaces. values: command, count, example */
  'net.command-failed',
  /** ip told of these network namespaces in words: no rules, no neighbours. */
  'net.no-json',
  /** The same by BusyBox's ip, which knows no kinds and no other ends. */
  'net.kinds-not-told',
  /** There is no ip: names, counters and IPv6 addresses from /proc. values: count of links, example */
  'net.names-only',
  /** The same, of links that /proc tells no index of: left out. values: count, example */
  'net.index-not-told',
  /** A network namespace told by /proc/PID/net alone: links that no file there tells an index of, left out. values: count, example */
  'closed-net.index-not-told',
  /** Network namespaces of that kind whose files were not read: beyond the first so many, or who was asked had left. values: count */
  'closed-net.not-read',
  /** Of such a one a table of devices or routes was read up to so many lines. values: lines, count, example */
  'closed-net.cut',
  /** A table of sockets was read up to so many lines. values: lines, count, example */
  'sockets.cut',
  /** A file about names that was too large to be read, or none that can be. values: path, count, example */
  'names.large-file',
  'names.no-file',
  /** More mount, or UTS, namespaces than are asked. values: limit, count */
  'names.not-asked',
  'names.hostname-not-asked',
  /** There are too many mounts to list all that are a mount namespace's own. values: limit, count */
  'mounts.cut',
  /** There are too many control groups to ask each whether it is frozen. values: limit, left */
  'cgroups.not-asked',
  /** The directory that a RootlessKit calls its state is another's: not read. values: stateDir */
  'rootlesskit.not-its-own',
  /** A container engine runs and did not answer: not to this user; for want of a client; for another reason. values: engine, socket */
  'engine.not-permitted',
  'engine.not-supported',
  'engine.undiscovered',
  /** Files that engines keep are closed to the user. values: count, example */
  'engine.files-not-permitted',
] as const;
export type CollectedRule = (typeof collectedRules)[number];
