// How complete a model is, in one line, and the one change that would add most.
import { isUnseen } from '../model/finding.ts';
import { whoAsked } from '../model/host.ts';
import type { Model } from '../model/model.ts';
import { english, type Texts } from './en/english.ts';

/** For where there is little room: what is missing, and whether sudo would show more. */
export function summariseInShort(model: Model, texts: Texts = english): string {
  const { host, findings, completeness } = model;
  const { netns, processes } = completeness.counts;
  const { short, ...said } = texts.summary;
  const parts: string[] = [];
  if (!host.complete) parts.push(short.broken);
  if (netns.known < netns.of) parts.push(short.netns(netns));
  if (processes.known < processes.of) parts.push(short.processes(processes, host.user.name));
  if (findings.some((finding) => finding.kind === 'hidden')) parts.push(short.hidden);
  const unseen = findings.filter(isUnseen).length;
  if (parts.length === 0) return unseen > 0 ? said.unseen(unseen) : said.nothing(host.user.name);
  if (completeness.change?.with === 'sudo') parts.push(short.sudo);
  return parts.join(', ');
}

export function summarise(model: Model, texts: Texts = english): string {
  const { host, findings, completeness } = model;
  const { counts, change } = completeness;
  const said = texts.summary;
  const parts: string[] = [];
  if (!host.complete) parts.push(said.broken);
  parts.push(said.seen(counts.netns, counts.processes));
  if (findings.some((finding) => finding.kind === 'hidden')) parts.push(said.hidden);
  const unseen = findings.filter(isUnseen).length;
  if (change) parts.push(said.change(change));
  else parts.push(unseen > 0 ? said.unseen(unseen) : said.nothing(whoAsked(host)));
  return parts.join(' ');
}
