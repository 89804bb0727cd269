// Holds a model against what is true of the network it was collected from. Every sentence is one thing that is wrong.
import type { LinkId, NamespaceId } from '../../../shared/model/id.ts';
import type { Model } from '../../../shared/model/model.ts';
import type { Relation, RelationKind } from '../../../shared/model/relation.ts';
import type { Person } from './bare-host.ts';
import { hostNetns } from './plan.ts';
import type { Truth } from './truth.ts';

/** The network namespaces whose links somebody may list: one's own, and those owned by a user namespace of one's own. */
export function openTo(person: Person, truth: Truth): ReadonlySet<NamespaceId> {
  const open = truth.netns.filter((netns) => person === 'root' || netns.name === hostNetns || netns.owner === person);
  return new Set(open.map((netns) => netns.id));
}

const netnsOf = (link: LinkId): NamespaceId => link.slice('link:'.length, link.lastIndexOf('/')) as NamespaceId;
const indexOf = (link: LinkId): string => link.slice(link.lastIndexOf('/') + 1);
const pairKey = (a: string, b: string): string => [a, b].sort().join(' – ');
const said = (one: Relation): string => `${one.certainty} by ${one.rule}`;
const ofKind = (model: Model, kind: RelationKind): readonly Relation[] =>
  model.relations.filter((one) => one.kind === kind);

/** `ids`: whether the host's tools tell the netns ids; where they do not, a pair may be inferred or left ambiguous. */
export function deviations(model: Model, truth: Truth, person: Person, ids = true): readonly string[] {
  const open = openTo(person, truth);
  return [
    ...linkDeviations(model, truth, open),
    ...vethDeviations(model, truth, open, ids),
    ...masterDeviations(model, truth, open),
    ...tapDeviations(model, truth, person),
  ];
}

/** The same of a host whose tools do not tell what links are: they are there, with their masters, and nothing false is said. */
export function deviationsOfNames(model: Model, truth: Truth, person: Person): readonly string[] {
  const open = openTo(person, truth);
  return [
    ...linkDeviations(model, truth, open),
    ...masterDeviations(model, truth, open),
    ...vethDeviations(model, { ...truth, veths: [] }, open, false).filter((one) => !one.includes('undiscovered')),
  ];
}

function linkDeviations(model: Model, truth: Truth, open: ReadonlySet<NamespaceId>): readonly string[] {
  const listed = new Map(model.links.map((link) => [link.id, link.name]));
  const known = new Set(model.namespaces.map((namespace) => namespace.id));
  const wanted = truth.links.filter((link) => open.has(link.netns));
  const wantedIds = new Set(wanted.map((link) => link.id));
  return [
    ...[...open].filter((id) => !known.has(id)).map((id) => `${id} is missing`),
    ...wanted
      .filter((link) => listed.get(link.id) !== link.name)
      .map((link) => `${link.id} is ${link.name}, not ${listed.get(link.id) ?? 'listed'}`),
    ...model.links
      .filter((link) => !wantedIds.has(link.id) && !isClosed(link.netns))
      .map((link) => `${link.id} ${link.name} is not there`),
    ...closedDeviations(model, truth, open),
  ];
}

const isClosed = (netns: NamespaceId): boolean => netns.startsWith('net/dev:');

/** Each that is told by /proc/PID/net alone has the links of one that is not open, and nothing is joined to them. */
function closedDeviations(model: Model, truth: Truth, open: ReadonlySet<NamespaceId>): readonly string[] {
  const placeOf = (ifindex: string, name: string): string => `${ifindex} ${name}`;
  const shut = truth.netns
    .filter(({ id }) => !open.has(id))
    .map(
      ({ id }) =>
        new Set(truth.links.filter(({ netns }) => netns === id).map((one) => placeOf(indexOf(one.id), one.name))),
    );
  const closed = model.namespaces.filter(({ id }) => isClosed(id)).map(({ id }) => id);
  const joined = model.relations.filter(({ from, to }) => [from, to].some((end) => end.startsWith('link:net/dev:')));
  return [
    ...closed
      .map((id) => ({ id, links: model.links.filter(({ netns }) => netns === id) }))
      .filter(
        ({ links }) => !shut.some((all) => links.every(({ ifindex, name }) => all.has(placeOf(String(ifindex), name)))),
      )
      .map(({ id }) => `${id} has links that no closed network namespace has`),
    ...joined.map(({ id, rule }) => `${id}, by ${rule}, leads into a closed network namespace`),
  ];
}

/**
 * Each pair of which both ends can be listed has to be certain: the kernel tells everybody who may list the links of two
 * network namespaces what the one calls the other. Of other pairs nothing but that there is one more end may be said.
 */
function vethDeviations(model: Model, truth: Truth, open: ReadonlySet<NamespaceId>, ids: boolean): readonly string[] {
  const pairs = new Set(truth.veths.map(([a, b]) => pairKey(a, b)));
  const found = new Map<string, Relation>();
  const undiscovered = new Set<string>();
  const wrong: string[] = [];
  for (const one of ofKind(model, 'veth-peer')) {
    if (one.to.startsWith('undiscovered:')) undiscovered.add(one.from);
    else if (pairs.has(pairKey(one.from, one.to))) found.set(pairKey(one.from, one.to), one);
    else if (one.certainty !== 'ambiguous') wrong.push(`${one.from} and ${one.to} are no pair, but ${said(one)}`);
  }
  for (const [a, b] of truth.veths) {
    const seen = [a, b].filter((end) => open.has(netnsOf(end)));
    if (seen.length === 2) {
      const one = found.get(pairKey(a, b));
      const enough = one?.certainty === 'certain' || (!ids && one !== undefined);
      if (!enough) wrong.push(`${a} and ${b} are a pair, but ${one ? said(one) : 'not found'}`);
    }
    const [alone] = seen;
    if (seen.length === 1 && alone !== undefined && !undiscovered.has(alone)) {
      wrong.push(`the peer of ${alone} cannot be seen, which is not said`);
    }
  }
  return wrong;
}

function masterDeviations(model: Model, truth: Truth, open: ReadonlySet<NamespaceId>): readonly string[] {
  const wanted = truth.masters
    .filter(([port]) => open.has(netnsOf(port)))
    .map(([port, master]) => `${port} in ${master}, certain`);
  const found = ofKind(model, 'master').map((one) => `${one.from} in ${one.to}, ${one.certainty}`);
  return [
    ...wanted.filter((one) => !found.includes(one)).map((one) => `missing: ${one}`),
    ...found.filter((one) => !wanted.includes(one)).map((one) => `not true: ${one}`),
  ];
}

/**
 * Which of two devices of one name a process serves, no file in /proc tells: it may be ambiguous, but not wrong. The tap of
 * a user's network namespace is held by that user's process.
 */
function tapDeviations(model: Model, truth: Truth, person: Person): readonly string[] {
  const theirs = new Set(truth.netns.filter((one) => person === 'root' || one.owner === person).map((one) => one.id));
  const pairs = new Set(truth.taps.map(([tap, process]) => `${tap} by ${process}`));
  const found = ofKind(model, 'served-by');
  const keys = new Set(found.map((one) => `${one.from} by ${one.to}`));
  return [
    ...found
      .filter((one) => one.certainty !== 'ambiguous' && !pairs.has(`${one.from} by ${one.to}`))
      .map((one) => `${one.from} is not served by ${one.to}, but ${said(one)}`),
    ...truth.taps
      .filter(([tap, process]) => theirs.has(netnsOf(tap)) && !keys.has(`${tap} by ${process}`))
      .map(([tap, process]) => `${tap} is served by ${process}, which is not found`),
  ];
}
