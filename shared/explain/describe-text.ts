// The whole of a model as text: what `nsatlas show --format text` prints. Made to be read in a terminal, and to be
// compared line by line: sorted, no colours, no alignment that a longer name would shift.
import { kindDetail } from '../model/kind-detail.ts';
import type { Container } from '../model/container.ts';
import type { Certainty } from '../model/evidence.ts';
import { whoAsked } from '../model/host.ts';
import { namespaceKinds } from '../model/id.ts';
import type { Link } from '../model/link.ts';
import type { Model } from '../model/model.ts';
import type { Keeper, Namespace } from '../model/namespace.ts';
import { english, type Texts } from './en/english.ts';
import { limited, type Telling } from './facts.ts';
import { lookUp, peersOf } from './look-up.ts';
import { fullName, nameOf, processName } from './names.ts';
import { mayHoldClosed } from './nobody.ts';
import { summarise } from './summarise.ts';
import { conversations } from './things/conversations.ts';
import { firewallText } from './things/firewall.ts';
import { keeperFact } from './things/keeper.ts';
import { mountCount } from './things/mounts.ts';
import { namesInALine } from './things/names.ts';
import { forwardedIn } from './things/netconf.ts';
import { listenName, reachOf, stepText, targetName } from './things/ports.ts';
import { heldSockets, listening } from './things/sockets.ts';
import { waysIn } from './try-it.ts';

/** Ends with a newline. */
export function describeText(model: Model, texts: Texts = english): string {
  const telling: Telling = { look: lookUp(model), texts };
  const said = texts.overview;
  const sections = [
    header(telling),
    section(
      said.netns,
      inOrder(model.namespaces.filter((one) => one.kind === 'net')).flatMap((one) => netns(telling, one)),
    ),
    section(
      said.containers,
      byName(model.containers).flatMap((one) => container(telling, one)),
    ),
    section(said.sandboxes, sandboxes(telling)),
    section(said.forwards, forwards(telling)),
    section(said.conversations, talks(telling)),
    section(said.others, others(telling)),
    section(
      said.findings,
      findings(telling, (kind) => kind === 'note'),
    ),
    section(
      said.gaps,
      findings(telling, (kind) => kind !== 'note'),
    ),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];

function header({ look, texts }: Telling): readonly string[] {
  const { host } = look.model;
  const system = [host.os, `Linux ${host.kernel} ${host.architecture}`].filter((one) => one !== undefined);
  return [
    `${host.hostname} · ${system.join(' · ')}`,
    texts.overview.collected(host.collectedAt ?? texts.overview.noTime, whoAsked(host)),
    summarise(look.model, texts),
  ];
}

/** The host's first, then RootlessKit's children, containers, the rest; by name. */
function inOrder(namespaces: readonly Namespace[]): readonly Namespace[] {
  const order = ['host', 'rootlesskit-child', 'container', 'process', 'bare'];
  return [...namespaces].sort(
    (a, b) => order.indexOf(a.role) - order.indexOf(b.role) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
}

const byName = <T extends { readonly name: string }>(things: readonly T[]): readonly T[] =>
  [...things].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));

function usersOf({ look, texts }: Telling, namespace: Namespace): string {
  const { noProcess, noProcessSeen, processes } = texts.overview;
  if (namespace.processIds.length > 0) return processes(namespace.processIds.length);
  return mayHoldClosed(look.model, namespace) ? noProcessSeen : noProcess;
}

/** What keeps one alive that nobody is in, beside what it opens as. */
function keepers(telling: Telling, { processIds, keptBy, kind }: Namespace): readonly string[] {
  if (processIds.length > 0) return [];
  const isTold = (keeper: Keeper) => kind === 'net' && keeper.by === 'mount' && keeper.reachableAs !== undefined;
  const told = keptBy.filter((keeper) => !isTold(keeper)).map((keeper) => keeperFact(telling, keeper));
  return limited(telling.texts, told, 4).map(({ label, value }) => `${label}: ${value}`);
}

function netns(telling: Telling, namespace: Namespace): readonly string[] {
  const { look, texts } = telling;
  const said = texts.overview;
  const links = look.linksOf.get(namespace.id);
  const users = usersOf(telling, namespace);
  return [
    `${namespace.name} · ${namespace.id} · ${users}`,
    ...waysIn(namespace).map(({ path }) => `  ${said.opensAs(path)}`),
    ...keepers(telling, namespace).map((line) => `  ${line}`),
    ...(links ? links.map((link) => `  ${linkLine(telling, link)}`) : [`  ${said.notEntered}`]),
    ...forwardedPackets(telling, namespace.id).map((line) => `  ${line}`),
    ...firewalls(telling, namespace.id).map((line) => `  ${line}`),
  ];
}

function forwardedPackets(telling: Telling, netns: Namespace['id']): readonly string[] {
  const families = forwardedIn(telling, netns);
  return families === undefined ? [] : [telling.texts.overview.forwardsPackets(families)];
}

/** Only where there are rules: most network namespaces have none. */
function firewalls(telling: Telling, netns: Namespace['id']): readonly string[] {
  return telling.look.model.firewalls
    .filter((one) => one.netns === netns && one.chains.length > 0)
    .map((one) => telling.texts.overview.firewall(firewallText(telling, one)));
}

function linkLine(telling: Telling, link: Link): string {
  const { look, texts } = telling;
  const said = texts.overview;
  const doubt = (certainty: Certainty): string => said.certainty[certainty];
  const where = (id: Parameters<typeof nameOf>[1]): string => nameOf(look, id, texts);
  const peer = (id: Parameters<typeof nameOf>[1]): string => {
    const other = look.links.get(id);
    return other ? said.peer(other.name, where(other.netns)) : said.peer('?', said.undiscovered);
  };
  const parts = [
    ...peersOf(look, link.id).map(({ peer: other, by }) => peer(other) + doubt(by.certainty)),
    ...look.from(link.id, 'master').map((by) => said.master(where(by.to))),
    ...look.from(link.id, 'switch-port').map((by) => said.master(where(by.to))),
    ...look.from(link.id, 'lower').map((by) => said.lower(fullName(look, by.to, texts)) + doubt(by.certainty)),
    ...look.from(link.id, 'underlay').map((by) => said.sendsIn(where(by.to)) + doubt(by.certainty)),
    ...look
      .from(link.id, 'vf-of')
      .map((by) => said.virtualFunctionOf(fullName(look, by.to, texts)) + doubt(by.certainty)),
    ...look.from(link.id, 'served-by').flatMap((by) => [
      said.servedBy(where(by.to)) + doubt(by.certainty),
      ...look.from(by.to, 'leaves-through').map((out) => {
        const nic = look.links.get(out.to);
        return said.leavesThrough(where(out.to), nic ? where(nic.netns) : '') + doubt(out.certainty);
      }),
    ]),
  ];
  const addresses = link.addresses.map((address) => `${address.local}/${address.prefixLength}`);
  return [`${link.name}`, kindDetail(link), link.operState, ...addresses, ...parts].join('  ');
}

function container(telling: Telling, one: Container): readonly string[] {
  const { look, texts } = telling;
  const said = texts.overview;
  const init = one.init && look.processes.get(one.init);
  const engine = one.engineNamespace ? `${one.engine} (${one.engineNamespace})` : one.engine;
  const hostname = init?.namespaces.uts && look.namespaces.get(init.namespaces.uts)?.hostname;
  const servers = namesInALine(telling, init?.namespaces.mnt);
  const listens = listening(telling, heldSockets(look, one.processIds)).map(({ value }) => value);
  const own: string[] = [];
  const shared = new Map<string, string[]>();
  for (const kind of init ? namespaceKinds : []) {
    const id = init ? init.namespaces[kind] : undefined;
    if (id === undefined) continue;
    const namespace = look.namespaces.get(id);
    if (namespace?.role === 'container' && namespace.name === one.name) own.push(id);
    else shared.set(namespace?.name ?? id, [...(shared.get(namespace?.name ?? id) ?? []), id]);
  }
  return [
    [
      one.name,
      /^[0-9a-f]{64}$/.test(one.runtimeId) ? one.runtimeId.slice(0, 12) : undefined,
      engine,
      one.kind && texts.containerKinds[one.kind],
      one.pod && said.inPod(podOf(one.pod)),
      one.project && said.inProject(one.project),
      one.parent && said.inside(nameOf(look, one.parent, texts)),
      one.freezer === 'frozen' ? said.paused : undefined,
      init && said.pid(init.pid),
      said.processes(one.processIds.length),
    ]
      .filter((part) => part !== undefined && part !== '')
      .join(' · '),
    ...(hostname === undefined ? [] : [`  ${said.called(hostname)}`]),
    ...(servers === undefined ? [] : [`  ${said.names(servers)}`]),
    ...(listens.length > 0 ? [`  ${said.listensOn(listens.join(', '))}`] : []),
    ...(own.length > 0 ? [`  ${said.own(own.join(' '))}`] : []),
    ...[...shared].map(([name, ids]) => `  ${said.shared(name, ids.join(' '))}`),
  ];
}

function sandboxes({ look, texts }: Telling): readonly string[] {
  const said = texts.overview;
  return byName(look.model.sandboxes).flatMap((one) => [
    [one.name, texts.sandboxKinds[one.kind], said.processes(one.processIds.length)].join(' · '),
    `  ${said.own(one.namespaceIds.join(' '))}`,
  ]);
}

const podOf = ({ id, name, namespace }: NonNullable<Container['pod']>): string =>
  name === undefined ? id.slice(0, 12) : namespace === undefined ? name : `${namespace}/${name}`;

function forwards(telling: Telling): readonly string[] {
  const { look, texts } = telling;
  const said = texts.overview;
  return look.model.forwards.flatMap((forward) => {
    const by = forward.forwarder && look.processes.get(forward.forwarder);
    const to = forward.container && look.containers.get(forward.container);
    const steps = forward.steps ?? [];
    const servers = (forward.servers ?? []).flatMap((id) => look.processes.get(id) ?? []);
    const target = [to?.name, targetName(forward)].filter((part) => part !== undefined).join(' ');
    const handed = said.handedOn(by ? processName(by) : forward.by, target);
    return [
      `${listenName(forward)}/${forward.protocol}  ${handed}${said.certainty[forward.certainty]} · ${reachOf(telling, forward)}`,
      ...steps.map((step) => said.step(`${stepText(telling, step)}${said.certainty[step.certainty]}`)),
      ...(servers.length > 0
        ? [said.answeredBy(servers.slice(0, 4).map(processName).join(', '), forward.targetSocket !== undefined)]
        : []),
    ];
  });
}

/** More are no overview. */
const mostTalks = 40;

function talks(telling: Telling): readonly string[] {
  const said = telling.texts.overview;
  const { connections, more } = telling.texts.values;
  const all = conversations(telling).map(({ from, to, service, count, certainty }) => {
    const often = count > 1 ? `  ${connections(count)}` : '';
    return `${from} → ${to}  ${service}${often}${said.certainty[certainty]}`;
  });
  return all.length <= mostTalks ? all : [...all.slice(0, mostTalks), more(all.length - mostTalks)];
}

/** The host's own are the same for nearly everything: only the others are listed. */
function others(telling: Telling): readonly string[] {
  const { look, texts } = telling;
  return namespaceKinds
    .filter((kind) => kind !== 'net')
    .flatMap((kind) =>
      inOrder(look.model.namespaces.filter((one) => one.kind === kind && one.role !== 'host')).map((one) =>
        [
          texts.kindNames[kind],
          one.name,
          one.id,
          usersOf(telling, one),
          ...mounts(telling, one),
          ...keepers(telling, one),
        ].join(' · '),
      ),
    );
}

function mounts(telling: Telling, { id }: Namespace): readonly string[] {
  const table = telling.look.mountTables.get(id);
  return table ? [mountCount(telling, table)] : [];
}

function findings({ look, texts }: Telling, which: (kind: string) => boolean): readonly string[] {
  return look.model.findings
    .filter((finding) => which(finding.kind))
    .map((finding) => {
      const worded = texts.finding(finding);
      const advice = worded ? worded.advice : finding.advice;
      return `- ${[worded?.text ?? finding.message, advice].filter((part) => part !== undefined).join(' ')}`;
    });
}
