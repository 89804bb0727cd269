// The one-line summary and the text overview. English.
import type { Change, Count, CountedSubject } from '../../model/completeness.ts';

const counted = (count: number, one: string, more = `${one}s`): string => `${count} ${count === 1 ? one : more}`;

/** `171 more processes’ namespaces`, `2 network namespaces`: what a change would add. */
const amounts: Readonly<Record<CountedSubject, (count: number) => string>> = {
  netns: (count) => counted(count, 'network namespace'),
  links: (count) => `what ${counted(count, 'link')} ${count === 1 ? 'is and leads' : 'are and lead'} to`,
  processes: (count) => `${count} more ${count === 1 ? 'process’s' : 'processes’'} namespaces`,
  sockets: (count) => `the processes of ${counted(count, 'socket')}`,
  containers: (count) => `the names of ${counted(count, 'container')}`,
  owners: (count) => `the owners of ${counted(count, 'namespace')}`,
  peers: (count) => `the peers of ${counted(count, 'veth end')}`,
};

const changes: Readonly<Record<Change['with'], string>> = {
  again: 'Collect again to have it whole',
  sudo: 'With sudo',
  iproute2: 'With iproute2 on the host',
  'util-linux': 'With util-linux on the host',
  curl: 'With curl on the host: the ports that RootlessKit publishes',
};

function worded({ with: by, version, adds, hiddenProcesses, atMost }: Change): string {
  const what = [
    ...(hiddenProcesses === true ? ['the processes that hidepid hides'] : []),
    ...adds.map((one) => amounts[one.what](one.count)),
  ];
  const name =
    version === undefined ? changes[by] : changes[by].replace(' on the host', ` ${version} or newer on the host`);
  if (what.length === 0) return `${name}.`;
  return `${name}: ${atMost === true ? 'up to ' : ''}${what.join(', ')}.`;
}

export const summary = {
  seen: (netns: Count, processes: Count) =>
    `Seen: ${netns.known} of ${netns.atMost === true ? 'at most ' : ''}${netns.of} network namespaces, ${processes.known} of ${processes.of} processes’ namespaces.`,
  change: worded,
  nothing: (user: string) => `Nothing is closed to ${user}.`,
  unseen: (count: number) => `${count} ${count === 1 ? 'part' : 'parts'} could not be seen.`,
  broken: 'The run broke off: this is what had arrived.',
  short: {
    broken: 'The run broke off',
    netns: ({ known, of, atMost }: Count) =>
      `${atMost === true ? 'up to ' : ''}${of - known} of ${of} network namespaces not listed`,
    processes: ({ known, of }: Count, user: string) => `${of - known} of ${of} processes closed to ${user}`,
    hidden: 'processes of other users hidden',
    sudo: 'more with sudo',
  },
  hidden: 'Processes of other users do not show (hidepid).',
};

export const overview = {
  collected: (when: string, user: string) => `collected ${when} as ${user}`,
  noTime: 'at an unknown time',
  netns: 'Network namespaces',
  containers: 'Containers',
  sandboxes: 'Sandboxes',
  forwards: 'Published ports',
  conversations: 'Connections on this host',
  names: (servers: string) => `names from: ${servers}`,
  or: ' or ',
  searching: (list: string) => `(search ${list})`,
  called: (hostname: string) => `host name: ${hostname}`,
  listensOn: (sockets: string) => `listens on: ${sockets}`,
  others: 'Other namespaces',
  findings: 'Good to know',
  gaps: 'Not seen',
  none: 'none',
  peer: (peer: string, where: string) => `↔ ${peer} in ${where}`,
  master: (name: string) => `port of ${name}`,
  sendsIn: (netns: string) => `sends in ${netns}`,
  virtualFunctionOf: (nic: string) => `virtual function of ${nic}`,
  lower: (name: string) => `on top of ${name}`,
  servedBy: (name: string) => `served by ${name}`,
  leavesThrough: (link: string, where: string) => `goes out over ${link} of ${where}`,
  undiscovered: 'something that was not seen',
  opensAs: (path: string) => `opens as ${path}`,
  notEntered: 'not entered: links unknown',
  paused: 'paused',
  pid: (pid: number) => `PID ${pid}`,
  processes: (count: number) => (count === 1 ? '1 process' : `${count} processes`),
  inPod: (pod: string) => `pod ${pod}`,
  inProject: (project: string) => `project ${project}`,
  inside: (container: string) => `inside ${container}`,
  noProcess: 'no process',
  noProcessSeen: 'no process seen',
  own: (kinds: string) => `its own: ${kinds}`,
  shared: (name: string, kinds: string) => `shared with ${name}: ${kinds}`,
  handedOn: (by: string, target: string) => `${by} → ${target}`,
  step: (step: string) => `  ${step}`,
  answeredBy: (servers: string, isOne: boolean) => `  answered by ${isOne ? '' : 'one of '}${servers}`,
  forwardsPackets: (families: string) => `forwards ${families}`,
  firewall: (rules: string) => `firewall: ${rules}`,
  certainty: { certain: '', inferred: ' (inferred)', ambiguous: ' (ambiguous)' },
};
