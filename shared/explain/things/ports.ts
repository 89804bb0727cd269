// Published ports: what they are, step by step, and as facts of what they lead to or come from.
import type { Forward, ForwardStep } from '../../model/forward.ts';
import type { Explanation, Fact } from '../explanation.ts';
import { fact, groupsOf, limited, related, type Telling } from '../facts.ts';
import { endpointName, nameOf } from '../names.ts';

type Described = Omit<Explanation, 'remarks'>;

/** One line for each: `127.0.0.1:8080 → 10.4.0.9:80`. */
export function portsInto({ look, texts }: Telling, which: (forward: Forward) => boolean): readonly Fact[] {
  return limited(
    texts,
    look.model.forwards.filter(which).map((forward) =>
      fact(texts.labels.publishes, routeOf(forward), forward.evidence, {
        monospace: true,
        entity: forward.id,
        certainty: forward.certainty,
        rule: forward.rule,
        hint: texts.terms['published port'],
      }),
    ),
  );
}

const routeOf = (forward: Forward): string => `${listenName(forward)}/${forward.protocol} → ${targetName(forward)}`;

/** `127.0.0.1:8080`, `0.0.0.0:2000-2100` */
export const listenName = ({ listen, lastPort }: Forward): string =>
  lastPort === undefined ? endpointName(listen) : `${endpointName(listen)}-${lastPort}`;

/** `10.0.0.4:2000-2100` where each port goes on to the same one. */
export const targetName = ({ listen, target, lastPort }: Forward): string =>
  lastPort === undefined || target.port !== listen.port ? endpointName(target) : `${endpointName(target)}-${lastPort}`;

export function explainForward(telling: Telling, forward: Forward): Described {
  const { look, texts } = telling;
  const { labels } = texts;
  const at = forward.evidence;
  const container = forward.container && look.containers.get(forward.container);
  const target = `${container ? `${container.name}, ` : ''}${targetName(forward)}`;
  const sure = { certainty: forward.certainty, rule: forward.rule };
  const netnsFact = (netns: Forward['listen']['netns']) =>
    netns === undefined ? [] : [fact(labels.netns, nameOf(look, netns, texts), at, { entity: netns })];
  return {
    id: forward.id,
    title: `${listenName(forward)} → :${targetName(forward).split(':').at(-1)}`,
    what: texts.whats.forward,
    sentence: texts.sentences.forward(listenName(forward), target),
    groups: groupsOf(texts, {
      identity: [
        fact(labels.listen, `${listenName(forward)}/${forward.protocol}`, at, { monospace: true }),
        ...netnsFact(forward.listen.netns),
        fact(labels.reachableFrom, reachOf(telling, forward), at),
      ],
      connected: [
        ...look.from(forward.id, 'forwarded-by').map((by) => related(telling, labels.forwarder, by, by.to)),
        ...look.from(forward.id, 'listens-on').map((by) => related(telling, labels.socket, by, by.to)),
      ],
      ports: [
        fact(labels.containerPort, targetName(forward), at, { monospace: true, ...sure }),
        ...netnsFact(forward.target.netns),
        ...look.from(forward.id, 'forwards-to').map((by) => related(telling, labels.container, by, by.to)),
        ...limited(
          texts,
          look.from(forward.id, 'reaches').map((by) => related(telling, labels.answeredBy, by, by.to)),
          4,
        ),
      ],
      way: (forward.steps ?? []).flatMap((step, i) => stepFacts(telling, step, i + 1)),
    }),
    tryIt: `ss -${forward.protocol === 'tcp' ? 't' : 'u'}lnp 'sport = :${forward.listen.port}'`,
  };
}

/** Who can connect: that is what the address it listens on says, and by which interfaces it has to come in. */
export function reachOf(telling: Telling, forward: Forward): string {
  const { values } = telling.texts;
  const { incoming } = forward;
  const reach = addressReach(telling, forward);
  if (!incoming) return reach;
  const names = incoming.any.join(', ');
  return incoming.not ? values.unlessBy(reach, names) : values.onlyBy(reach, names);
}

function addressReach({ look, texts }: Telling, { listen }: Forward): string {
  const where = listen.netns === undefined ? look.model.host.hostname : nameOf(look, listen.netns, texts);
  if (listen.address.startsWith('127.') || listen.address === '::1') return texts.values.onlyHere(where);
  if (['0.0.0.0', '::', '*', ''].includes(listen.address)) return texts.values.everywhere(where);
  return texts.values.oneAddress(listen.address, where);
}

/** `1. 127.0.0.1:8080 → 127.0.0.1:8080 in RootlessKit child, by rootlesskit[83]` */
export function stepText({ look, texts }: Telling, step: ForwardStep): string {
  const process = step.process && look.processes.get(step.process);
  const where = step.to.netns === undefined || step.to.netns === step.netns ? undefined : step.to.netns;
  const to = endpointName(step.to);
  const text = texts.values.step(
    endpointName(step.from),
    where === undefined ? to : texts.values.in(to, nameOf(look, where, texts)),
    process ? nameOf(look, process.id, texts) : step.by,
  );
  return step.shared ? texts.values.byTurns(text) : text;
}

/** The step, and below it each rule of the firewall it goes through, in the order a packet meets them. */
function stepFacts(telling: Telling, step: ForwardStep, number: number): readonly Fact[] {
  const { texts } = telling;
  const { certainty, rule } = step;
  // The evidence has the rule that rewrites first.
  const evidence = step.evidence.toReversed();
  const rules = step.rules ?? [];
  return [
    fact(String(number), stepText(telling, step), step.evidence, {
      certainty,
      rule,
      ...(step.process === undefined ? {} : { entity: step.process }),
    }),
    ...rules.map((one, i) => {
      const line = evidence[evidence.length - rules.length + i];
      return fact(texts.labels.firewall, texts.values.stepRule(one.chain, one.handle, one.text), line ? [line] : [], {
        monospace: true,
      });
    }),
  ];
}
