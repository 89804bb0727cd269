// Published ports, as facts of what they lead to or come from.
import type { Forward } from '../../model/forward.ts';
import type { Explanation, Fact } from '../explanation.ts';
import { fact, groupsOf, related, type Telling } from '../facts.ts';
import { endpointName, nameOf } from '../names.ts';

type Described = Omit<Explanation, 'remarks'>;

/** One line for each: `127.0.0.1:8080 → 10.4.0.9:80`. */
export function portsInto({ look, texts }: Telling, which: (forward: Forward) => boolean): readonly Fact[] {
  return look.model.forwards.filter(which).map((forward) =>
    fact(texts.labels.publishes, routeOf(forward), forward.evidence, {
      monospace: true,
      entity: forward.id,
      certainty: forward.certainty,
      rule: forward.rule,
      hint: texts.terms['published port'],
    }),
  );
}

const routeOf = (forward: Forward): string =>
  `${endpointName(forward.listen)}/${forward.protocol} → ${endpointName(forward.target)}`;

export function explainForward(telling: Telling, forward: Forward): Described {
  const { look, texts } = telling;
  const { labels } = texts;
  const at = forward.evidence;
  const container = forward.container && look.containers.get(forward.container);
  const target = `${container ? `${container.name}, ` : ''}${endpointName(forward.target)}`;
  const sure = { certainty: forward.certainty, rule: forward.rule };
  const netnsFact = (netns: Forward['listen']['netns']) =>
    netns === undefined ? [] : [fact(labels.netns, nameOf(look, netns, texts), at, { entity: netns })];
  return {
    id: forward.id,
    title: `${endpointName(forward.listen)} → :${forward.target.port}`,
    what: texts.whats.forward,
    sentence: texts.sentences.forward(endpointName(forward.listen), target),
    groups: groupsOf(texts, {
      identity: [
        fact(labels.listen, `${endpointName(forward.listen)}/${forward.protocol}`, at, { monospace: true }),
        ...netnsFact(forward.listen.netns),
      ],
      connected: [
        ...look.from(forward.id, 'forwarded-by').map((by) => related(telling, labels.forwarder, by, by.to)),
        ...look.from(forward.id, 'listens-on').map((by) => related(telling, labels.socket, by, by.to)),
      ],
      ports: [
        fact(labels.containerPort, endpointName(forward.target), at, { monospace: true, ...sure }),
        ...netnsFact(forward.target.netns),
        ...look.from(forward.id, 'forwards-to').map((by) => related(telling, labels.container, by, by.to)),
      ],
    }),
    tryIt: `ss -${forward.protocol === 'tcp' ? 't' : 'u'}lnp 'sport = :${forward.listen.port}'`,
  };
}
