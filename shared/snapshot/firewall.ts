// The firewall rules of every network namespace that was asked, and what was not told of them.
import type { Evidence } from '../model/evidence.ts';
import type { UnresolvedFirewall } from '../model/firewall.ts';
import { parseNamespaceId } from '../model/id.ts';
import type { NamespaceId } from '../model/id.ts';
import type { Frame } from '../model/transcript.ts';
import { isOverNft, parseIptablesSave } from '../parse/firewall/iptables-save.ts';
import { parseNftRuleset } from '../parse/firewall/nft-ruleset.ts';
import { causeOfFailure } from '../parse/refusals.ts';
import type { FindingLog } from './finding-log.ts';
import type { Frames } from './frames.ts';

const sections = ['nft', 'iptables', 'ip6tables'] as const;

export function readFirewalls(frames: Frames, log: FindingLog): readonly UnresolvedFirewall[] {
  const asked = new Set<NamespaceId>();
  const notWhole = new Set<NamespaceId>();
  const firewalls = sections.flatMap((by) =>
    frames.of(by).flatMap((frame): readonly UnresolvedFirewall[] => {
      const netns = parseNamespaceId(frame.key);
      if (netns?.kind !== 'net') return [];
      asked.add(netns.id);
      if (frame.status !== 0 || frame.cut) notWhole.add(netns.id);
      if (frame.status !== 0 && frame.output.trim() === '') {
        notRead(log, frame, netns.id);
        return [];
      }
      const { unparsable, ...ruleset } =
        by === 'nft' ? parseNftRuleset(frame) : parseIptablesSave(frame, by === 'iptables' ? 'ip' : 'ip6');
      log.unparsable(unparsable, netns.id);
      if (unparsable.length > 0) notWhole.add(netns.id);
      const evidence = [{ frame: frame.index, section: frame.section }];
      const throughNft = by !== 'nft' && isOverNft(frame.output);
      return [{ netns: netns.id, by, ...ruleset, ...(throughNft && { throughNft }), evidence }];
    }),
  );
  if (asked.size === 0) noTool(frames, log);
  else if (frames.of('nft').length > 0) notAsked(frames, log, asked);
  else for (const netns of withoutNft(frames, log, asked)) notWhole.add(netns);
  return withoutUnsaid(firewalls).map((one) => (notWhole.has(one.netns) ? { ...one, incomplete: true } : one));
}

/** Where iptables-save stands in for nft it says nothing of tables that are nftables' own; nor do the old tables. */
function withoutNft(frames: Frames, log: FindingLog, asked: ReadonlySet<NamespaceId>): readonly NamespaceId[] {
  const evidence = moduleThere(frames, 'nf_tables');
  if (!evidence) return [];
  const all = [...new Set([...asked, ...entered(frames)])];
  for (const [at, subject] of all.entries())
    log.add({ rule: 'firewall.no-nft', kind: 'not-supported', subject, evidence: at === 0 ? [evidence] : [] });
  return all;
}

/** Where it is said that the kernel has this module, if it has. */
function moduleThere(frames: Frames, name: string): Evidence | undefined {
  const frame = frames.one('firewall-modules', '');
  const line = frame?.output.split('\n').indexOf(`${name} yes`) ?? -1;
  return frame && line !== -1 ? { frame: frame.index, section: frame.section, line: line + 1 } : undefined;
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
  const kind = causeOfFailure(frame) ?? 'undiscovered';
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
  const evidence = moduleThere(frames, 'nf_tables');
  if (evidence) log.add({ rule: 'firewall.no-tool', kind: 'not-supported', subject: 'host', evidence: [evidence] });
}

/** On a host with many network namespaces only the collector's own is asked for its rules. */
function notAsked(frames: Frames, log: FindingLog, asked: ReadonlySet<NamespaceId>): void {
  const all = entered(frames);
  if (all.size <= fewNetworks) return;
  for (const netns of all) {
    if (!asked.has(netns)) log.add({ rule: 'firewall.not-asked', kind: 'too-large', subject: netns, evidence: [] });
  }
}

/** Network namespaces whose links were told from inside. */
function entered(frames: Frames): ReadonlySet<NamespaceId> {
  const told = frames.of('net').filter(({ output }) => output.trim() !== '');
  return new Set(
    told.flatMap(({ key }) => {
      const netns = parseNamespaceId(key);
      return netns?.kind === 'net' ? [netns.id] : [];
    }),
  );
}

/** `few_networks` of electron/collect/remote/frames.sh. */
const fewNetworks = 64;
