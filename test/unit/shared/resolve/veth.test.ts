// Which links are the two ends of a veth pair: what is certain, what is only likely, what stays open.
import { describe, expect, it } from 'vitest';
import type { NetnsIdObservation } from '../../../../shared/model/entities.ts';
import type { NamespaceId } from '../../../../shared/model/id.ts';
import type { Link, LowerReference } from '../../../../shared/model/link.ts';
import type { Model } from '../../../../shared/model/model.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { aHost, aLink, anEntities, aProcess, at, net } from '../../../helpers/entities.ts';

const veth = (netns: NamespaceId, ifindex: number, lower: LowerReference, name = `veth${ifindex}`): Link =>
  aLink(netns, ifindex, name, { kind: 'veth', lower });
const observed = (observer: NamespaceId, netnsid: number, netns: NamespaceId): NetnsIdObservation => ({
  observer,
  netnsid,
  netns,
  evidence: [at('nsid', netnsid + 1)],
});

/** It was asked, and knows of nobody else. */
const asked = (netns: NamespaceId): NetnsIdObservation => observed(netns, -1, netns);

/** `fullySeen`: root on the host itself, no process hides its network namespace, and lsns looks behind sockets. */
function resolved(
  links: readonly Link[],
  options: {
    readonly fullySeen?: boolean;
    readonly lsns?: string;
    readonly netnsIds?: readonly NetnsIdObservation[];
  } = {},
): Model {
  const root = aHost({
    user: { name: 'root', uid: 0 },
    tools: { lsns: options.lsns ?? 'lsns from util-linux 2.41.2' },
    initialNamespaces: { pid: { id: 'pid:[4026531836]', certainty: 'certain' } },
  });
  return resolveModel(
    anEntities({
      links,
      netnsIds: options.netnsIds ?? [],
      host: options.fullySeen ? root : aHost(),
      processes: options.fullySeen ? [aProcess(1, { namespaces: { net: 1, pid: 4026531836 } })] : [aProcess(1)],
    }),
  );
}

/** `1/5-2/2 certain veth.netns-id`: netns and ifindex of both ends. */
const peersIn = (model: Model): readonly string[] =>
  model.relations
    .filter((one) => one.kind === 'veth-peer')
    .map((one) => `${short(one.from)}-${short(one.to)} ${one.certainty} ${one.rule}`);
const short = (id: string): string => id.replace(/^link:net:\[(\d+)\]/, '$1');

const cases: readonly {
  readonly name: string;
  readonly links: readonly Link[];
  readonly netnsIds?: readonly NetnsIdObservation[];
  readonly fullySeen?: boolean;
  readonly lsns?: string;
  readonly peers: readonly string[];
}[] = [
  {
    name: 'a pair that fits, and nothing is hidden',
    links: [
      aLink(net(1), 1, 'lo'),
      veth(net(1), 5, { ifindex: 2, netnsid: 0 }),
      veth(net(2), 2, { ifindex: 5, netnsid: 0 }),
    ],
    netnsIds: [asked(net(1)), asked(net(2))],
    fullySeen: true,
    peers: ['1/5-2/2 certain veth.reciprocal'],
  },
  {
    name: 'the same, but one of the two was not asked for netns ids',
    links: [veth(net(1), 5, { ifindex: 2, netnsid: 0 }), veth(net(2), 2, { ifindex: 5, netnsid: 0 })],
    netnsIds: [asked(net(1))],
    fullySeen: true,
    peers: ['1/5-2/2 inferred veth.reciprocal-among-seen'],
  },
  {
    name: 'the same, but lsns does not look behind open files and sockets',
    links: [veth(net(1), 5, { ifindex: 2, netnsid: 0 }), veth(net(2), 2, { ifindex: 5, netnsid: 0 })],
    netnsIds: [asked(net(1)), asked(net(2))],
    fullySeen: true,
    lsns: 'lsns from util-linux 2.40.4',
    peers: ['1/5-2/2 inferred veth.reciprocal-among-seen'],
  },
  {
    name: 'the same, but somebody’s processes are closed: likely, not proven',
    links: [veth(net(1), 5, { ifindex: 2, netnsid: 0 }), veth(net(2), 2, { ifindex: 5, netnsid: 0 })],
    peers: ['1/5-2/2 inferred veth.reciprocal-among-seen'],
  },
  {
    name: 'one observed netns id decides a pair, from either side',
    links: [veth(net(1), 5, { ifindex: 2, netnsid: 0 }), veth(net(2), 2, { ifindex: 5, netnsid: 7 })],
    netnsIds: [observed(net(2), 7, net(1))],
    peers: ['1/5-2/2 certain veth.netns-id'],
  },
  {
    name: 'two users, all names and indexes equal, nothing observed: both pairings fit',
    links: [
      veth(net(1), 5, { ifindex: 2, netnsid: 0 }),
      veth(net(2), 2, { ifindex: 5, netnsid: 0 }),
      veth(net(3), 5, { ifindex: 2, netnsid: 0 }),
      veth(net(4), 2, { ifindex: 5, netnsid: 0 }),
    ],
    fullySeen: true,
    peers: [
      '1/5-2/2 ambiguous veth.several-candidates',
      '1/5-4/2 ambiguous veth.several-candidates',
      '2/2-3/5 ambiguous veth.several-candidates',
      '3/5-4/2 ambiguous veth.several-candidates',
    ],
  },
  {
    name: 'two users, one id observed: that pair is certain, and nothing else is left for the other when all was seen',
    links: [
      veth(net(1), 5, { ifindex: 2, netnsid: 0 }),
      veth(net(2), 2, { ifindex: 5, netnsid: 0 }),
      veth(net(3), 5, { ifindex: 2, netnsid: 0 }),
      veth(net(4), 2, { ifindex: 5, netnsid: 0 }),
    ],
    netnsIds: [observed(net(1), 0, net(4)), asked(net(2)), asked(net(3))],
    fullySeen: true,
    peers: ['1/5-4/2 certain veth.netns-id', '2/2-3/5 certain veth.reciprocal'],
  },
  {
    name: 'two users of whom one half each is closed: what fits by chance is not certain',
    links: [veth(net(1), 5, { ifindex: 2, netnsid: 0 }), veth(net(4), 2, { ifindex: 5, netnsid: 0 })],
    peers: ['1/5-4/2 inferred veth.reciprocal-among-seen'],
  },
  {
    name: 'two users of whom one half each is closed, and an id says what the index does not',
    links: [veth(net(1), 5, { ifindex: 2, netnsid: 0 }), veth(net(4), 2, { ifindex: 5, netnsid: 0 })],
    netnsIds: [observed(net(1), 0, net(2))],
    peers: [
      '1/5-undiscovered:link/net:[2]/2 certain veth.peer-undiscovered',
      '4/2-undiscovered:net:[4]/netnsid/0 certain veth.peer-undiscovered',
    ],
  },
  {
    name: 'one id means one namespace: both links of it have to fit there',
    links: [
      veth(net(1), 5, { ifindex: 2, netnsid: 0 }),
      veth(net(1), 6, { ifindex: 3, netnsid: 0 }),
      veth(net(2), 2, { ifindex: 5, netnsid: 0 }),
      veth(net(2), 3, { ifindex: 6, netnsid: 0 }),
      // Fits the first alone.
      veth(net(3), 2, { ifindex: 5, netnsid: 0 }),
    ],
    peers: [
      '1/5-2/2 inferred veth.reciprocal-among-seen',
      '1/6-2/3 inferred veth.reciprocal-among-seen',
      '3/2-undiscovered:net:[3]/netnsid/0 certain veth.peer-undiscovered',
    ],
  },
  {
    name: 'and so have all three',
    links: [
      veth(net(1), 5, { ifindex: 2, netnsid: 0 }),
      veth(net(1), 6, { ifindex: 3, netnsid: 0 }),
      veth(net(1), 7, { ifindex: 4, netnsid: 0 }),
      veth(net(2), 2, { ifindex: 5, netnsid: 0 }),
      veth(net(2), 3, { ifindex: 6, netnsid: 0 }),
      veth(net(3), 2, { ifindex: 5, netnsid: 0 }),
      veth(net(3), 3, { ifindex: 6, netnsid: 0 }),
      veth(net(3), 4, { ifindex: 7, netnsid: 0 }),
    ],
    peers: [
      '1/5-3/2 inferred veth.reciprocal-among-seen',
      '1/6-3/3 inferred veth.reciprocal-among-seen',
      '1/7-3/4 inferred veth.reciprocal-among-seen',
      '2/2-undiscovered:net:[2]/netnsid/0 certain veth.peer-undiscovered',
      '2/3-undiscovered:net:[2]/netnsid/0 certain veth.peer-undiscovered',
    ],
  },
  {
    name: 'a pair that is certain tells what its ids mean for the other links',
    links: [
      veth(net(1), 5, { ifindex: 2, netnsid: 0 }),
      veth(net(1), 6, { ifindex: 3, netnsid: 0 }),
      veth(net(2), 2, { ifindex: 5, netnsid: 4 }),
      veth(net(2), 3, { ifindex: 6, netnsid: 4 }),
      veth(net(3), 6, { ifindex: 3, netnsid: 0 }),
    ],
    netnsIds: [observed(net(2), 4, net(1))],
    peers: [
      '1/5-2/2 certain veth.netns-id',
      '1/6-2/3 certain veth.netns-id',
      '3/6-undiscovered:net:[3]/netnsid/0 certain veth.peer-undiscovered',
    ],
  },
  {
    name: 'two ids of one namespace mean two namespaces',
    links: [
      veth(net(1), 5, { ifindex: 2, netnsid: 0 }),
      veth(net(1), 6, { ifindex: 2, netnsid: 1 }),
      veth(net(2), 2, { ifindex: 5, netnsid: 0 }),
      veth(net(2), 3, { ifindex: 9, netnsid: 1 }),
      veth(net(3), 2, { ifindex: 6, netnsid: 0 }),
    ],
    netnsIds: [observed(net(1), 0, net(2))],
    peers: [
      '1/5-2/2 certain veth.netns-id',
      '1/6-3/2 inferred veth.reciprocal-among-seen',
      '2/3-undiscovered:net:[2]/netnsid/1 certain veth.peer-undiscovered',
    ],
  },
  {
    name: 'who is known by another id is no candidate',
    links: [veth(net(1), 6, { ifindex: 2, netnsid: 1 }), veth(net(2), 2, { ifindex: 6, netnsid: 0 })],
    netnsIds: [observed(net(1), 0, net(2))],
    peers: [
      '1/6-undiscovered:net:[1]/netnsid/1 certain veth.peer-undiscovered',
      '2/2-undiscovered:net:[2]/netnsid/0 certain veth.peer-undiscovered',
    ],
  },
  {
    name: 'what fits all ends of one id is asked again when a candidate was struck out',
    links: [
      veth(net(1), 10, { ifindex: 20, netnsid: 0 }),
      veth(net(1), 11, { ifindex: 21, netnsid: 0 }),
      veth(net(2), 20, { ifindex: 10, netnsid: 0 }),
      veth(net(2), 21, { ifindex: 11, netnsid: 0 }),
      // Fits 1/10 until 3/21, which fits 1/11, has to be where 3/22 leads.
      veth(net(3), 20, { ifindex: 10, netnsid: 7 }),
      veth(net(3), 21, { ifindex: 11, netnsid: 0 }),
      veth(net(3), 22, { ifindex: 12, netnsid: 0 }),
      veth(net(4), 11, { ifindex: 21, netnsid: 0 }),
      veth(net(4), 12, { ifindex: 22, netnsid: 0 }),
    ],
    peers: [
      '1/10-2/20 inferred veth.reciprocal-among-seen',
      '1/11-2/21 inferred veth.reciprocal-among-seen',
      '3/20-undiscovered:net:[3]/netnsid/7 certain veth.peer-undiscovered',
      '3/21-4/11 inferred veth.reciprocal-among-seen',
      '3/22-4/12 inferred veth.reciprocal-among-seen',
    ],
  },
  {
    name: 'an id whose ends fit nowhere together strikes out nobody, and makes no pair likely',
    links: [
      veth(net(1), 5, { ifindex: 2, netnsid: 0 }),
      veth(net(1), 6, { ifindex: 3, netnsid: 0 }),
      veth(net(2), 2, { ifindex: 5, netnsid: 0 }),
      veth(net(3), 3, { ifindex: 6, netnsid: 0 }),
    ],
    peers: ['1/5-2/2 ambiguous veth.several-candidates', '1/6-3/3 ambiguous veth.several-candidates'],
  },
  {
    name: 'the same, and nothing is hidden',
    links: [
      veth(net(1), 5, { ifindex: 2, netnsid: 0 }),
      veth(net(1), 6, { ifindex: 3, netnsid: 0 }),
      veth(net(2), 2, { ifindex: 5, netnsid: 0 }),
      veth(net(3), 3, { ifindex: 6, netnsid: 0 }),
    ],
    netnsIds: [asked(net(1)), asked(net(2)), asked(net(3))],
    fullySeen: true,
    peers: ['1/5-2/2 ambiguous veth.several-candidates', '1/6-3/3 ambiguous veth.several-candidates'],
  },
  {
    name: 'two that lead to another network namespace are no pair in their own',
    links: [veth(net(1), 2, { ifindex: 5, netnsid: -1 }), veth(net(1), 5, { ifindex: 2, netnsid: -1 })],
    peers: [
      '1/2-undiscovered:net:[1]/link/2 certain veth.peer-undiscovered',
      '1/5-undiscovered:net:[1]/link/5 certain veth.peer-undiscovered',
    ],
  },
  {
    name: 'both ends in one network namespace name each other',
    links: [veth(net(1), 5, { name: 'veth6' }), veth(net(1), 6, { name: 'veth5' })],
    peers: ['1/5-1/6 certain veth.same-netns'],
  },
  {
    name: 'of three in one network namespace only those that name each other',
    links: [veth(net(1), 5, { name: 'veth6' }), veth(net(1), 6, { name: 'veth7' }), veth(net(1), 7, { name: 'veth6' })],
    peers: ['1/6-1/7 certain veth.same-netns'],
  },
  {
    name: 'a link that names itself has no peer',
    links: [veth(net(1), 5, { name: 'veth5' })],
    peers: [],
  },
  {
    name: 'a link without a netns id is never matched across namespaces',
    links: [veth(net(1), 5, { name: 'veth2' }), veth(net(2), 2, { ifindex: 5, netnsid: 0 })],
    peers: ['2/2-undiscovered:net:[2]/netnsid/0 certain veth.peer-undiscovered'],
  },
  {
    name: 'a missing index with a netns id is the own index (older kernels)',
    links: [veth(net(1), 3, { netnsid: 0 }), veth(net(2), 3, { netnsid: 0 })],
    netnsIds: [observed(net(1), 0, net(2))],
    peers: ['1/3-2/3 certain veth.netns-id'],
  },
  {
    name: 'a netns id of -1: the kernel has none for it; what fits is only likely',
    links: [veth(net(1), 5, { ifindex: 2, netnsid: -1 }), veth(net(2), 2, { ifindex: 5, netnsid: 0 })],
    peers: ['1/5-2/2 inferred veth.reciprocal-among-seen'],
  },
  {
    name: 'a pair of netkit is no pair of veth',
    links: [
      aLink(net(1), 5, 'nk5', { kind: 'netkit', lower: { ifindex: 2, netnsid: 0 } }),
      aLink(net(2), 2, 'nk2', { kind: 'netkit', lower: { ifindex: 5, netnsid: 0 } }),
      veth(net(3), 2, { ifindex: 5, netnsid: 0 }),
    ],
    peers: [
      '1/5-2/2 inferred veth.reciprocal-among-seen',
      '3/2-undiscovered:net:[3]/netnsid/0 certain veth.peer-undiscovered',
    ],
  },
  {
    name: 'three that fit one: each is a candidate, none is chosen',
    links: [
      veth(net(1), 5, { ifindex: 2, netnsid: 0 }),
      veth(net(2), 2, { ifindex: 5, netnsid: 0 }),
      veth(net(3), 2, { ifindex: 5, netnsid: 0 }),
    ],
    peers: ['1/5-2/2 ambiguous veth.several-candidates', '1/5-3/2 ambiguous veth.several-candidates'],
  },
  {
    // The true peers of 1/2 and 2/3 are hidden: they only seem to be a pair, and must not settle what 1 means by its ids.
    name: 'a pair that is only likely strikes out nobody else’s candidates',
    links: [
      veth(net(1), 2, { ifindex: 3, netnsid: 0 }),
      veth(net(2), 3, { ifindex: 2, netnsid: 0 }),
      veth(net(1), 4, { ifindex: 2, netnsid: 1 }),
      veth(net(2), 2, { ifindex: 4, netnsid: 1 }),
      veth(net(3), 2, { ifindex: 4, netnsid: 0 }),
      veth(net(2), 4, { ifindex: 2, netnsid: 2 }),
    ],
    peers: [
      '1/2-2/3 inferred veth.reciprocal-among-seen',
      '1/4-2/2 ambiguous veth.several-candidates',
      '1/4-3/2 ambiguous veth.several-candidates',
      '2/4-3/2 ambiguous veth.several-candidates',
    ],
  },
  {
    name: 'observations that contradict each other decide nothing',
    links: [
      veth(net(1), 5, { ifindex: 2, netnsid: 0 }),
      veth(net(2), 2, { ifindex: 5, netnsid: 0 }),
      veth(net(3), 2, { ifindex: 5, netnsid: 0 }),
    ],
    netnsIds: [observed(net(1), 0, net(2)), observed(net(1), 0, net(3))],
    peers: ['1/5-2/2 ambiguous veth.several-candidates', '1/5-3/2 ambiguous veth.several-candidates'],
  },
  {
    name: 'two ids for one network namespace contradict each other too',
    links: [veth(net(1), 5, { ifindex: 2, netnsid: 0 }), veth(net(2), 2, { ifindex: 5, netnsid: 0 })],
    netnsIds: [observed(net(1), 0, net(2)), observed(net(1), 3, net(2))],
    peers: ['1/5-2/2 inferred veth.reciprocal-among-seen'],
  },
  {
    name: 'indexes meet by chance, but the one is known to have no id for the other',
    links: [veth(net(1), 5, { ifindex: 2, netnsid: 0 }), veth(net(2), 2, { ifindex: 5, netnsid: 0 })],
    netnsIds: [observed(net(1), -1, net(2))],
    peers: [
      '1/5-undiscovered:net:[1]/netnsid/0 certain veth.peer-undiscovered',
      '2/2-undiscovered:net:[2]/netnsid/0 certain veth.peer-undiscovered',
    ],
  },
  {
    name: 'the link that an observed id names has another peer by now',
    links: [veth(net(1), 5, { ifindex: 2, netnsid: 0 }), veth(net(2), 2, { ifindex: 9, netnsid: 0 })],
    netnsIds: [observed(net(1), 0, net(2))],
    peers: [
      '1/5-undiscovered:link/net:[2]/2 inferred veth.peer-undiscovered',
      '2/2-undiscovered:net:[2]/netnsid/0 certain veth.peer-undiscovered',
    ],
  },
  {
    name: 'the link that an observed id names is gone',
    links: [veth(net(1), 5, { ifindex: 2, netnsid: 0 }), aLink(net(2), 1, 'lo')],
    netnsIds: [observed(net(1), 0, net(2))],
    peers: ['1/5-undiscovered:link/net:[2]/2 inferred veth.peer-undiscovered'],
  },
];

describe('veth peers', () => {
  it.each(cases)('$name', ({ links, peers, ...options }) => {
    expect(peersIn(resolved(links, options))).toEqual(peers);
    expect(peersIn(resolved([...links].reverse(), options))).toEqual(peers);
  });

  it.each([
    [{}, 2, 'too-large', 'there are more than 64'],
    [{ lsns: 'lsns from util-linux 2.31.1' }, 2, 'not-supported', 'no lsns here tells them'],
    [{ netnsIds: [asked(net(1))] }, 1, 'too-large', 'there are more than 64'],
  ] as const)('says why a pair is only likely, though all was seen: %j', (options, count, kind, why) => {
    const links = [veth(net(1), 5, { ifindex: 2, netnsid: 0 }), veth(net(2), 2, { ifindex: 5, netnsid: 0 })];
    const others = Array.from({ length: 70 }, (_, i) => aLink(net(100 + i), 1, 'lo'));
    const said = (more: object) =>
      resolved([...links, ...others], { fullySeen: true, ...more }).findings.find(
        ({ rule }) => rule === 'veth.netns-ids-not-asked',
      );
    expect(said(options)).toMatchObject({ kind, values: { count } });
    expect(said(options)?.message).toContain(why);
    expect(said({ netnsIds: [asked(net(1)), asked(net(2))] })).toBeUndefined();
  });

  it('carries the evidence of both ends and of the observation', () => {
    const [a, b] = [veth(net(1), 5, { ifindex: 2, netnsid: 0 }), veth(net(2), 2, { ifindex: 5, netnsid: 0 })];
    const seen = observed(net(1), 0, net(2));
    const [peer] = resolved([a, b], { netnsIds: [seen] }).relations.filter((one) => one.kind === 'veth-peer');
    expect(peer?.evidence).toEqual([...a.evidence, ...b.evidence, ...seen.evidence]);
  });

  it.each([
    ['no such link was listed', aLink(net(2), 1, 'lo')],
    ['other has that index and does not name it back', veth(net(2), 2, { ifindex: 9, netnsid: 0 }, 'other')],
    ['ens5 has that index and is no veth', aLink(net(2), 2, 'ens5')],
  ])('says what is where the peer should be: %s', (words, there) => {
    const netnsIds = [observed(net(1), 0, net(2))];
    const model = resolved([veth(net(1), 5, { ifindex: 2, netnsid: 0 }, 'eth0'), there], { netnsIds });
    expect(model.findings.find((one) => one.rule === 'veth.peer-not-in-its-netns')?.message).toBe(
      `The peer of eth0 has index 2 in net:[2], where ${words}: it changed while it was asked.`,
    );
  });

  it('says that a peer is gone where its network namespace was listed, and that one which names none has none', () => {
    const links = [veth(net(1), 5, { ifindex: 2, netnsid: 0 }), aLink(net(2), 1, 'lo'), veth(net(3), 5, {})];
    const said = resolved(links, { netnsIds: [observed(net(1), 0, net(2))] }).findings;
    expect(said.map(({ rule, kind, subjects }) => `${rule} ${kind} ${subjects.join()}`)).toEqual(
      expect.arrayContaining([
        'veth.peer-not-in-its-netns gone link:net:[1]/5',
        'veth.no-peer-told undiscovered link:net:[3]/5',
      ]),
    );
  });

  it('says of an end without a peer which index it has, and where', () => {
    const model = resolved([veth(net(1), 5, { ifindex: 2, netnsid: 0 }, 'eth0')]);
    const found = model.findings.find((one) => one.rule === 'veth.peer-not-seen');
    expect(found).toMatchObject({ kind: 'undiscovered', subjects: ['link:net:[1]/5'] });
    expect(found?.message).toBe('The peer of eth0 has index 2 in a network namespace that was not seen.');
    const closed = resolved([veth(net(1), 5, { ifindex: 2, netnsid: 0 }, 'eth0')], {
      netnsIds: [observed(net(1), 0, net(2))],
    });
    expect(closed.findings.find((one) => one.rule === 'veth.peer-not-seen')?.message).toBe(
      'The peer of eth0 has index 2 in net:[2], which could not be entered.',
    );
  });

  it('says where else it may be, and to root nothing of sudo', () => {
    const links = [veth(net(1), 5, { ifindex: 2, netnsid: 0 })];
    const advice = (model: Model) => model.findings.find((one) => one.rule === 'veth.peer-not-seen')?.advice;
    expect(advice(resolved(links))).toContain('With sudo');
    expect(advice(resolved(links, { fullySeen: true }))).not.toContain('sudo');
  });
});
