// How complete a model is, in one line, and the one change that would add most.
import { isUnseen, type Finding } from '../model/finding.ts';
import type { Model } from '../model/model.ts';
import { english, type Texts } from './en/english.ts';

export function summarise(model: Model, texts: Texts = english): string {
  const { host, findings } = model;
  const said = texts.summary;
  const of = (rule: string): Finding | undefined => findings.find((finding) => finding.rule === rule);
  const parts: string[] = [];
  if (!host.complete) parts.push(said.broken);
  if (findings.some((finding) => finding.kind === 'hidden')) parts.push(said.hidden);
  const closed = of('gaps.processes-closed');
  if (closed) parts.push(said.closed(Number(closed.values['count']), Number(closed.values['of']), host.user.name));
  const notEntered = of('gaps.netns-not-entered');
  if (notEntered) parts.push(said.notEntered(Number(notEntered.values['count']), Number(notEntered.values['of'])));
  if (parts.length === 0) {
    const netns = model.namespaces.filter((namespace) => namespace.kind === 'net').length;
    const unseen = findings.filter(isUnseen).length;
    if (unseen > 0) return said.most(host.user.name, model.processes.length, netns, unseen);
    return said.all(host.user.name, model.processes.length, netns);
  }
  const root = host.user.uid === 0 || host.privileges.includes('root');
  if (!host.complete) parts.push(said.again);
  else if (!root) parts.push(said.sudo);
  return parts.join(' ');
}
