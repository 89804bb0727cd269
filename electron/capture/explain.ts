// What the script and tcpdump said, in words a person can act on.
import type { CaptureTarget } from '../../shared/capture/capture-target.ts';
import { printable } from '../../shared/explain/printable.ts';
import { lastLine } from '../collect/sudo.ts';
import { CaptureFailure } from './failure.ts';
import type { CaptureFailureCode } from './failure.ts';
import type { SaidByHost } from './said.ts';

export interface Asked {
  readonly target: CaptureTarget;
  readonly filter: string;
}

/** `capture on eth0 of nginx-d8e2d` */
export const attemptedCapture = ({ netns, link }: CaptureTarget): string =>
  printable(`capture on ${link === undefined ? 'all interfaces' : link.name} of ${netns.name}`);

/** Why a capture ended that nobody ended, by the exit status of the host's shell. */
export function explainEnd({ target, filter }: Asked, said: SaidByHost, status: number | undefined): CaptureFailure {
  const { netns, link } = target;
  const failed = (code: CaptureFailureCode, reason: string, advice: string): CaptureFailure =>
    new CaptureFailure({ code, attempted: attemptedCapture(target), reason: printable(reason), advice });
  const who = said.ours('as');
  const device = link === undefined ? 'any' : link.name;
  const words = said.others;

  if (who === undefined)
    return failed(
      'capture-not-started',
      `The host's shell ended (status ${status ?? 'unknown'}) without running the script${inBrackets(lastLine(words))}.`,
      'Check that this user may run commands there: ssh USER@HOST sh -c true',
    );
  if (said.ours('no-tcpdump') !== undefined)
    return failed(
      'no-tcpdump',
      'There is no tcpdump on the host.',
      'nsatlas installs nothing there. Install it yourself (Debian, Ubuntu: apt install tcpdump; Amazon Linux, Fedora: ' +
        'dnf install tcpdump; Alpine: apk add tcpdump), then try again.',
    );
  if (said.ours('other-boot') !== undefined)
    return failed(
      'namespace-gone',
      'The host has been restarted since it was collected, or it is another host.',
      'Collect the host again.',
    );
  const astray = said.ours('astray') ?? '';
  if (said.ours('no-way') !== undefined && refused.test(astray))
    return notPermitted(`${who} may not enter the network namespace (${astray}).`);
  if (said.ours('no-way') !== undefined || said.ours('moved') !== undefined) {
    const now = /^net:\[\d+\]$/.exec(astray)?.[0];
    return failed(
      'namespace-gone',
      `net:[${netns.inode}] is not where it was${now === undefined ? inBrackets(astray) : `: the way there leads to ${now} now`}.`,
      'Collect the host again: it has changed since.',
    );
  }
  if (said.ours('other-links') !== undefined)
    return failed(
      'namespace-gone',
      `net:[${netns.inode}] is another network namespace by now: none of the interfaces is in it that were.`,
      'Collect the host again: it has changed since.',
    );
  if (said.ours('no-ip') !== undefined)
    return failed(
      'no-ip',
      'There is no ip on the host, so nothing tells whether it is still the same one.',
      'Install iproute2 there yourself, or collect the host again and capture all interfaces.',
    );
  if (said.ours('no-link') !== undefined)
    return failed(
      'interface-gone',
      `There is no ${device} there now.`,
      'Collect the host again: it has changed since.',
    );
  if (said.ours('other-link') !== undefined)
    return failed(
      'interface-changed',
      `${device} is another interface by now: its index is not ${link?.ifindex ?? 'the one it was'}.`,
      'Collect the host again: it has changed since.',
    );
  const complaint = lastComplaint(words);
  if (refused.test(words) || /permission/i.test(complaint))
    return notPermitted(`${who} may not capture there${inBrackets(complaint)}.`);
  if (filter.trim() !== '' && complaint !== '' && !complaint.startsWith(`${device}: `) && status === 1)
    return failed(
      'filter-refused',
      `tcpdump does not take the filter: ${complaint}.`,
      'man pcap-filter says how one is written, e.g. tcp port 80 and host 10.4.0.9',
    );
  return failed(
    'tcpdump-failed',
    `tcpdump ended (status ${said.ours('end') ?? status ?? 'unknown'})${inBrackets(complaint)}.`,
    'Its own words may say more: run it there by hand.',
  );

  function notPermitted(reason: string): CaptureFailure {
    const advice =
      who === 'root'
        ? 'Something else than the user forbids it: a security module, or a container that nsatlas logged in to.'
        : 'Packets take root, or a user namespace of one’s own: try it with sudo.';
    return failed('not-permitted', reason, advice);
  }
}

const refused = /permission denied|not permitted|don't have permission/i;

const inBrackets = (text: string): string => (text === '' ? '' : ` (${text})`);

/** tcpdump's message without its name; what it says in brackets on a second line belongs to it. */
function lastComplaint(words: string): string {
  const lines = words.split('\n').filter((line) => line.trim() !== '');
  const at = lines.findLastIndex((line) => line.startsWith('tcpdump: '));
  if (at === -1) return lastLine(words);
  const message = lines
    .slice(at)
    .map((line) => line.replace(/^tcpdump: /, '').trim())
    .join(' ');
  return message.replace(/\.$/, '');
}
