// The firewall rules of every network namespace that was asked, and what was not told of them.
import type { UnresolvedFirewall } from '../model/firewall.ts';
import { parseNamespaceId } from '../model/id.ts';
import type { NamespaceId } from '../model/id.ts';
import type { Frame } from '../model/transcript.ts';
import { parseIptablesSave } from '../parse/firewall/iptables-save.ts';
import { parseNftRuleset } from '../parse/firewall/nft-ruleset.ts';
import { causeOf } from '../parse/refusals.ts';
import type { FindingLog } from './finding-log.ts';
import type { Frames } from './frames.ts';

const sections = ['nft', 'iptables', 'ip6tables'] as const;

export function readFirewalls(frames: Frames, log: FindingLog): readonly UnresolvedFirewall[] {
  const asked = new Set<NamespaceId>();
  const firewalls = sections.flatMap((by) =>
    frames.of(by).flatMap((frame): readonly UnresolvedFirewall[] => {
      const netns = parseNamespaceId(frame.key);
      if (netns?.kind !== 'net') return [];
      asked.add(netns.id);
      if (frame.status !== 0 && frame.output.trim() === '') {
        notRead(log, frame, netns.id);
        return [];
      }
      const { unparsable, ...ruleset } =
        by === 'nft' ? parseNftRuleset(frame) : parseIptablesSave(frame, by === 'iptables' ? 'ip' : 'ip6');
      log.unparsable(unparsable, netns.id);
      return [{ netns: netns.id, by, ...ruleset, evidence: [{ frame: frame.index, section: frame.section }] }];
    }),
  );
  if (asked.size === 0) noTool(frames, log);
  else notAsked(frames, log, asked);
  return withoutUnsaid(firewalls);
}

/** What this nft could not say of iptables' rules, where iptables-save said it. */
function withoutUnsaid(firewalls: readonly UnresolvedFirewall[]): readonly UnresolvedFirewall[] {
  const said = new Set(firewalls.filter(({ by }) => by === 'iptables').map(({ netns }) => netns));
  return firewalls.map((firewall) =>
    firewall.by === 'nft' && said.has(firewall.netns)
      ? {
          ...firewall,
          natRules: firewall.natRules.filter(
            ({ action }) => action.kind !== 'unread' || !action.text.startsWith('xt target'),
          ),
        }
      : firewall,
  );
}

function notRead(log: FindingLog, frame: Frame, netns: NamespaceId): void {
  // A question that ended early is told by its frame.
  if (frame.cut || frame.status === undefined) return;
  const kind = causeOf(frame.stderr) ?? 'undiscovered';
  log.add({
    rule: 'firewall.not-read',
    kind,
    cause: kind,
    subject: netns,
    example: frame.stderr.slice(frame.stderr.lastIndexOf('\n') + 1),
    evidence: [{ frame: frame.index, section: frame.section }],
  });
}

/** The kernel may have rules, and nothing that lists them is there. */
function noTool(frames: Frames, log: FindingLog): void {
  const modules = frames.one('firewall-modules', '');
  const line = modules?.output.split('\n').indexOf('nf_tables yes') ?? -1;
  if (!modules || line === -1) return;
  log.add({
    rule: 'firewall.no-tool',
    kind: 'not-supported',
    subject: 'host',
    evidence: [{ frame: modules.index, section: modules.section, line: line + 1 }],
  });
}

/** On a host with many network namespaces only the collector's own is asked for its rules. */
function notAsked(frames: Frames, log: FindingLog, asked: ReadonlySet<NamespaceId>): void {
  const entered = new Map<NamespaceId, Frame>();
  for (const frame of frames.of('net')) {
    const netns = parseNamespaceId(frame.key);
    if (netns?.kind === 'net' && frame.output.trim() !== '') entered.set(netns.id, frame);
  }
  if (!frames.of('nft').length || entered.size <= fewNetworks) return;
  for (const [netns] of entered) {
    if (!asked.has(netns)) log.add({ rule: 'firewall.not-asked', kind: 'too-large', subject: netns, evidence: [] });
  }
}

/** `few_networks` of electron/collect/remote/frames.sh. */
const fewNetworks = 64;
