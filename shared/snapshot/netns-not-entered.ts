// Network namespaces that were seen and whose links were not listed, each with why: what the attempts to enter said.
import type { NetnsNotEntered } from '../model/entities.ts';
import type { Evidence } from '../model/evidence.ts';
import { parseNamespaceId } from '../model/id.ts';
import type { NamespaceId } from '../model/id.ts';
import type { ProcNet } from '../model/namespace.ts';
import type { Frame, Transcript } from '../model/transcript.ts';
import { thatCount } from './frames.ts';
import { causeOfFailure, isNetlinkAnswer, tellingLine } from '../parse/refusals.ts';

/** Of several attempts the one that tells most: what is closed and what cannot be done stays so, the rest may pass. */
const order: readonly NetnsNotEntered['kind'][] = [
  'not-permitted',
  'not-supported',
  'too-large',
  'timed-out',
  'connection-lost',
  'gone',
  'undiscovered',
];

export function netnsNotEntered(
  transcript: Transcript,
  seen: readonly { readonly id: NamespaceId; readonly procNet?: ProcNet; readonly evidence: readonly Evidence[] }[],
  listed: ReadonlySet<NamespaceId>,
): readonly NetnsNotEntered[] {
  const attempts = new Map<string, Frame[]>();
  for (const frame of thatCount(transcript.frames)) {
    if (frame.section !== 'net' && frame.section !== 'net-text' && frame.section !== 'entered') continue;
    attempts.set(frame.key, [...(attempts.get(frame.key) ?? []), frame]);
  }
  return seen
    .filter(({ id, procNet }) => procNet !== undefined || !listed.has(id))
    .map(({ id: netns, procNet, evidence }) => {
      // Who is in it is closed to us: there is no way in to be tried.
      if (procNet) return { netns, kind: 'not-permitted', evidence };
      const failures = (attempts.get(netns) ?? []).map((frame) => ({ frame, kind: kindOf(frame) }));
      const [told] = failures.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
      if (!told) return { netns, kind: transcript.complete ? 'undiscovered' : 'connection-lost', evidence: [] };
      const example = tellingLine(told.frame.stderr) || whereItLeads(told.frame);
      return {
        netns,
        kind: told.kind,
        ...(example !== '' && !isNetlinkAnswer(example) && { example }),
        evidence: [{ frame: told.frame.index, section: told.frame.section }],
      };
    });
}

/** `readlink /proc/self/ns/net`, after it was entered: another one. */
function whereItLeads({ section, command, output }: Frame): string {
  const netns = section === 'entered' ? parseNamespaceId(output.trim())?.id : undefined;
  return netns === undefined ? '' : `${command.replace(/ readlink .*/, '')} leads to ${netns}`;
}

function kindOf(frame: Frame): NetnsNotEntered['kind'] {
  if (frame.cut) return frame.cut;
  if (frame.status === undefined) return 'connection-lost';
  return causeOfFailure(frame) ?? 'undiscovered';
}
