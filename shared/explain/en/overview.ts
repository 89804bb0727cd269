// The one-line summary and the text overview. English.
const counted = (count: number, one: string, more = `${one}s`): string => `${count} ${count === 1 ? one : more}`;

export const summary = {
  all: (user: string, processes: number, netns: number) =>
    `Everything asked for was seen as ${user}: ${counted(processes, 'process', 'processes')}, ${counted(netns, 'network namespace')}.`,
  most: (user: string, processes: number, netns: number, unseen: number) =>
    `Seen as ${user}: ${processes} processes, ${netns} network namespaces; ` +
    `${unseen} ${unseen === 1 ? 'part' : 'parts'} could not be seen.`,
  broken: 'The run broke off: this is what had arrived.',
  hidden: 'Processes of other users do not show (hidepid).',
  closed: (count: number, of: number, user: string) =>
    `The namespaces of ${count} of ${of} processes are closed to ${user}.`,
  notEntered: (count: number, of: number) => `${count} of ${of} network namespaces could not be entered.`,
  sudo: 'With sudo all would show.',
  again: 'Collect again to have it whole.',
};

export const overview = {
  collected: (when: string, user: string) => `collected ${when} as ${user}`,
  noTime: 'at an unknown time',
  netns: 'Network namespaces',
  containers: 'Containers',
  forwards: 'Published ports',
  others: 'Other namespaces',
  findings: 'Good to know',
  gaps: 'Not seen',
  none: 'none',
  peer: (peer: string, where: string) => `↔ ${peer} in ${where}`,
  master: (name: string) => `port of ${name}`,
  lower: (name: string) => `on top of ${name}`,
  servedBy: (name: string) => `served by ${name}`,
  leavesThrough: (link: string, where: string) => `goes out over ${link} of ${where}`,
  undiscovered: 'something that was not seen',
  opensAs: (path: string) => `opens as ${path}`,
  notEntered: 'not entered: links unknown',
  pid: (pid: number) => `PID ${pid}`,
  processes: (count: number) => (count === 1 ? '1 process' : `${count} processes`),
  noProcess: 'no process',
  own: (kinds: string) => `its own: ${kinds}`,
  shared: (name: string, kinds: string) => `shared with ${name}: ${kinds}`,
  handedOn: (by: string, target: string) => `${by} → ${target}`,
  certainty: { certain: '', inferred: ' (inferred)', ambiguous: ' (ambiguous)' },
};
