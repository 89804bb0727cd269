// The English sentences of the findings of rules.ts.
import type { Finding } from '../model/finding.ts';
import { firstVersion } from '../model/tool-versions.ts';
import { isNetlinkAnswer } from '../parse/refusals.ts';
import { hidesNoFolders } from './hidden-processes.ts';
import type { CollectedRule } from './rules.ts';

type Values = Finding['values'];
export interface Wording {
  readonly message: string;
  readonly advice?: string;
}

/** Who may need no advice to become root: they were. */
export interface Asked {
  readonly root: boolean;
}

const withSudo = ({ root }: Asked, advice = 'Collect with sudo to see it.'): { readonly advice?: string } =>
  root ? {} : { advice };
const processes = (values: Values): string => (values['count'] === 1 ? '1 process' : `${values['count']} processes`);
const places = (values: Values): string => (values['count'] === 1 ? 'once' : `${values['count']} times`);
const netnsCount = (values: Values): string =>
  values['count'] === 1 ? '1 network namespace' : `${values['count']} network namespaces`;
const section = (values: Values): string => `The question “${values['section']}”`;
const isSwitch = (values: Values): boolean => values['engine'] === 'openvswitch';
const engine = (values: Values): string =>
  isSwitch(values) ? `Open vSwitch’s database at ${values['socket']}` : `${values['engine']} on ${values['socket']}`;
const onlyItKnows = (values: Values): string =>
  isSwitch(values)
    ? 'which devices are ports of which of its bridges is unknown.'
    : 'names, images, networks and ports that only it knows are missing.';
/** What a tool said, unless it only passes on what the kernel answered: that is shown as the evidence. */
const said = (values: Values): string => {
  const { example } = values;
  return example === undefined || isNetlinkAnswer(String(example)) ? '' : `: ${example}`;
};
const many = (count: string | number | undefined): string => (count === 1 ? '1 process' : `${count} processes`);

/** How many it hides, in words that say no more than what was counted. */
function hiddenProcesses({ hidepid, hidden, all, elsewhere }: Values): string {
  if (hidesNoFolders(hidepid)) {
    return hidden === undefined
      ? 'processes of other users show no more than their PID.'
      : `${many(hidden)} of other users ${hidden === 1 ? 'shows no more than its PID' : 'show no more than their PID'}.`;
  }
  const whose =
    hidepid === '4' || hidepid === 'ptraceable' ? 'processes that this user may not trace' : 'processes of other users';
  if (hidden === undefined) return `${whose} do not show. How many there are is not known.`;
  if (elsewhere !== undefined)
    return `${whose} do not show. They are at most about ${hidden}: of the ${all} that the kernel has, those in other PID namespaces would not show here anyway.`;
  return `${whose} do not show. They are about ${hidden} of the ${all} that the kernel has, its own threads included.`;
}

const networks = (values: Values): string =>
  values['count'] === 1 ? '1 network namespace' : `${values['count']} network namespaces`;
const withIproute2 = `iproute2 ${firstVersion.ipJson} or newer on the host tells them.`;

/** What answers a question that an older tool refuses. */
const newer: Readonly<Record<string, string>> = {
  nsid: `util-linux ${firstVersion.lsnsNetnsid} or newer on the host answers it.`,
  rule6: withIproute2,
  net: withIproute2,
};

const assumedFrom = (values: Values): string =>
  [
    ...(values['byInode'] ? [`${values['byInode']} by the number the kernel gives its own`] : []),
    ...(values['byShell'] ? [`${values['byShell']} by where the login shell is`] : []),
  ].join(', ');

const minorOf = (version: string | number): number => Number(/^2\.(\d+)/.exec(String(version))?.[1] ?? 0);

/** What lsns learned in which version of util-linux. */
function unknownToLsns(version: string | number): readonly string[] {
  const minor = minorOf(version);
  return [
    ...(minor < 37 ? ['who owns a namespace and what its parent is (2.37 and newer do)'] : []),
    ...(minor < 38 ? ['namespaces that only others below them keep alive (2.38)'] : []),
    ...(minor < 41 ? ['network namespaces that only a socket keeps alive (2.41)'] : []),
  ];
}

const wordings: Readonly<Record<CollectedRule, (values: Values, asked: Asked) => Wording>> = {
  'transcript.incomplete': () => ({
    message: 'The run broke off before its end; what had arrived by then is shown.',
    advice: 'Collect again.',
  }),
  'transcript.unreadable': (values) => ({
    message: `The transcript has text outside every answer (${places(values)})${said(values)}`,
  }),
  'processes.hidden': (values, asked) => ({
    message: `/proc is mounted with hidepid=${values['hidepid']}: ${hiddenProcesses(values)}`,
    ...withSudo(asked),
  }),
  'processes.namespaces-not-permitted': (values, asked) => ({
    message: `Some namespaces of ${processes(values)} could not be read: not permitted.`,
    ...withSudo(asked),
  }),
  'processes.gone': (values) => ({
    message: `${processes(values)} came or went while the host was asked: not everything about them is known.`,
  }),
  'processes.moved': (values) => ({
    message: `${processes(values)} went to another namespace while the host was asked: what was read there (sockets, mounts, names) is left out.`,
    advice: 'Collect again.',
  }),
  'processes.main-thread-ended': (values) => ({
    message: `The main thread of ${processes(values)} has ended, and others live on: what namespaces they are in and which files they have open is told by one of these.`,
  }),
  'processes.files-not-permitted': (values, asked) => ({
    message: `The open files of ${processes(values)} could not be read: which sockets are theirs is unknown.`,
    ...withSudo(asked),
  }),
  'initial.assumed': (values, asked) => ({
    message: `/proc/1 is closed${asked.root ? ' even to root here' : ' to this user'}: the host's own namespaces are assumed (${assumedFrom(values)}).`,
    ...withSudo(asked, 'Collect with sudo to be certain.'),
  }),
  'tools.missing': (values) => ({
    message: `The host has no ${values['tools']}.`,
    advice: 'Install the package that has it to see what only it can tell.',
  }),
  'lsns.old': ({ version = '' }) => ({
    message: `lsns of util-linux ${version} does not tell ${unknownToLsns(version).join(', nor ')}.`,
    ...(minorOf(version) < 37 ? { advice: 'Owners and parents are inferred where they can be.' } : {}),
  }),
  'section.not-permitted': (values, asked) => ({
    message: `${section(values)} was not permitted${said(values)}`,
    ...withSudo(asked),
  }),
  'section.gone': (values) => ({ message: `${section(values)} found something gone meanwhile${said(values)}` }),
  'section.not-supported': (values) =>
    isNetlinkAnswer(String(values['example']))
      ? { message: `${section(values)} is not supported by the host's kernel` }
      : {
          message: `${section(values)} is not supported by the host's tools${said(values)}`,
          advice: newer[String(values['section'])] ?? 'A newer version of the tool may answer it.',
        },
  'section.undiscovered': (values) => ({ message: `${section(values)} was not answered${said(values)}` }),
  'section.too-large': (values) => ({ message: `${section(values)} had an answer over the size limit; it was cut.` }),
  'section.timed-out': (values) => ({
    message: `${section(values)} was not answered within the time limit; what had arrived by then is shown.`,
  }),
  'section.connection-lost': (values) => ({
    message: `${section(values)} was being answered when the connection was lost.`,
    advice: 'Collect again.',
  }),
  'section.unparsable': (values) => ({
    message: `${section(values)} had lines that could not be read (${places(values)})${said(values)}`,
  }),
  'firewall.not-read': (values, asked) => ({
    message: `The firewall rules of ${netnsCount(values)} could not be read${said(values)}`,
    ...withSudo(asked),
  }),
  'firewall.no-tool': () => ({
    message: 'The host has neither nft nor iptables-save: its firewall rules are unknown.',
    advice: 'Install nftables to see through them.',
  }),
  'firewall.no-nft': (values) => ({
    message: `There is no nft: what tables of its own nftables has in ${netnsCount(values)} is not known. iptables-save tells those of iptables alone.`,
    advice: 'Install nftables to see it.',
  }),
  'firewall.not-asked': (values) => ({
    message: `On a host with so many network namespaces the firewall rules of ${netnsCount(values)} were not asked for.`,
  }),
  'net.command-failed': (values) => ({
    message: `“ip ${values['command']}” failed in ${netnsCount(values)}: what it lists is unknown there.`,
  }),
  'names.large-file': (values) => ({
    message: `${values['path']} was over 64 KiB (${places(values)}) and not read${said(values)}`,
  }),
  'names.no-file': (values) => ({
    message: `${values['path']} was no ordinary file (${places(values)}) and not read${said(values)}`,
  }),
  'names.not-asked': (values) => ({
    message: `How names are found was asked in ${values['limit']} mount namespaces; the others were left out.`,
  }),
  'names.hostname-not-asked': (values) => ({
    message: `The host name was asked in ${values['limit']} UTS namespaces; the others were left out.`,
  }),
  'mounts.cut': (values) => ({
    message: `There are more than ${values['limit']} mounts: of ${values['count'] === 1 ? '1 mount namespace' : `${values['count']} mount namespaces`} not all of its own are listed.`,
  }),
  'cgroups.not-asked': (values) => ({
    message: `Whether they are frozen was asked of ${values['limit']} control groups; the others were left out.`,
  }),
  'sockets.cut': (values) => ({
    message: `A table of sockets (${places(values)}) was read up to line ${values['lines']}; the connections after it are not shown. TCP sockets that listen stand first, so those are.`,
  }),
  'engine.not-permitted': (values, asked) => ({
    message: `${engine(values)} is closed to this user: ${onlyItKnows(values)}`,
    ...withSudo(
      asked,
      isSwitch(values)
        ? 'Collect with sudo to see them.'
        : `Collect with sudo, or as somebody who may open ${values['socket']} (for Docker: a member of the group docker).`,
    ),
  }),
  'engine.not-supported': (values) => ({
    message: `${engine(values)} could not be asked: ${values['example']}`,
    advice: 'Install the package that has it: engines answer on a socket, which takes curl.',
  }),
  'engine.undiscovered': (values) => ({ message: `${engine(values)} gave no answer${said(values)}` }),
  'rootlesskit.not-its-own': (values) => ({
    message: `A process called rootlesskit names ${values['stateDir']} as its state directory, but what is there is another user’s or another RootlessKit’s: it was not read.`,
  }),
  'engine.files-not-permitted': (values, asked) => ({
    message: `Files that container engines keep are closed to this user (${places(values)})${said(values)}`,
    ...withSudo(asked),
  }),
  'net.no-json': (values) => ({
    message: `This host's ip has no JSON: policy rules, neighbours and forwarding of ${networks(values)} were not read.`,
    advice: withIproute2,
  }),
  'net.kinds-not-told': (values) => ({
    message: `BusyBox's ip does not tell of what kind a link is, nor where its other end is: both are unknown in ${networks(values)}, policy rules, neighbours and forwarding too.`,
    advice: withIproute2,
  }),
  'net.names-only': (values) => ({
    message: `Without ip or nsenter, ${values['count'] === 1 ? '1 link is' : `${values['count']} links are`} known by name, counters and IPv6 addresses only: kinds, other ends, masters, IPv4 addresses and routes are unknown.`,
    advice: `iproute2 ${firstVersion.ipJson} and util-linux ${firstVersion.nsenter} or newer on the host tell them.`,
  }),
  'net.index-not-told': (values) => ({
    message: `/proc does not tell the index of ${values['count'] === 1 ? '1 link' : `${values['count']} links`}, which ${values['count'] === 1 ? 'is' : 'are'} left out${said(values)}`,
    advice: withIproute2,
  }),
  'closed-net.index-not-told': (values, asked) => ({
    message: `Of network namespaces that are closed to us /proc/PID/net tells no index of ${values['count'] === 1 ? '1 link' : `${values['count']} links`}, which ${values['count'] === 1 ? 'is' : 'are'} left out${said(values)}`,
    ...withSudo(asked),
  }),
  'closed-net.not-read': (values, asked) => ({
    message: `What /proc/PID/net tells of ${networks(values)} that ${values['count'] === 1 ? 'is' : 'are'} closed to us was not read: 64 are, and only where the process that is asked stays.`,
    ...withSudo(asked),
  }),
  'closed-net.cut': (values) => ({
    message: `A table of devices or routes in /proc/PID/net (${places(values)}) was read up to line ${values['lines']}${said(values)}`,
  }),
};

export const word = (rule: CollectedRule, values: Values, asked: Asked): Wording => wordings[rule](values, asked);
