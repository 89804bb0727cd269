// How much is known, and what is advised: never what would add nothing.
import { describe, expect, it } from 'vitest';
import { summarise } from '../../../../shared/explain/summarise.ts';
import type { Entities, NetnsNotEntered } from '../../../../shared/model/entities.ts';
import type { Finding } from '../../../../shared/model/finding.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { aHost, aLink, aNamespace, anEntities, aProcess, at, net } from '../../../helpers/entities.ts';

const open = aProcess(6, { namespaces: { net: 1 } });
const closed = [aProcess(1, { uid: 0, user: 'root' }), aProcess(4, { uid: 1001, user: 'bob' })];
const links = [aLink(net(1), 1, 'lo')];
const notEntered = (kind: NetnsNotEntered['kind'], example = 'said'): Partial<Entities> => ({
  namespaces: [aNamespace(net(2))],
  netnsNotEntered: [{ netns: net(2), kind, example, evidence: [at('net')] }],
});
const root = aHost({ user: { name: 'root', uid: 0 } });
const of = (fields: Partial<Entities>) => resolveModel(anEntities({ processes: [open], links, ...fields }));
const changeOf = (fields: Partial<Entities>) => of(fields).completeness.change;
const aFinding = (rule: string, kind: Finding['kind']): Finding => ({
  id: rule,
  kind,
  rule,
  subjects: [],
  message: '',
  values: {},
  evidence: [],
});

describe('what is known of what exists', () => {
  it('is counted: no kernel threads, no zombies', () => {
    const threads = [aProcess(2, { kernelThread: true }), aProcess(3, { state: 'Z' })];
    const { counts } = of({ processes: [open, ...closed, ...threads], ...notEntered('not-permitted') }).completeness;
    expect(counts).toMatchObject({ processes: { known: 1, of: 3 }, netns: { known: 1, of: 2 } });
  });

  it('with the network namespaces that links lead to, at least so many: one may be one that was seen', () => {
    const end = (netns: number, index: number, netnsid: number) =>
      aLink(net(netns), index, `veth${index}`, { kind: 'veth', lower: { ifindex: 90 + index, netnsid } });
    const ends = [end(1, 2, 0), end(1, 3, 0), end(1, 4, 1), end(2, 5, 0)];
    const counted = (fields: Partial<Entities>) => of({ links: [...links, ...ends], ...fields }).completeness.counts;
    expect(counted({})).toMatchObject({ netns: { known: 2, of: 4 }, peers: { known: 0, of: 4 } });
    expect(counted({ namespaces: [aNamespace(net(3))] }).netns).toEqual({ known: 2, of: 4 });
    const more = [aNamespace(net(3)), aNamespace(net(4)), aNamespace(net(5))];
    expect(counted({ namespaces: more }).netns).toEqual({ known: 2, of: 5 });
  });
});

describe('owners', () => {
  it('of a user namespace is its parent, and the first has none', () => {
    const lsns = at('lsns');
    const namespaces = [
      aNamespace('user:[10]', { processIds: [], relatedBy: lsns }),
      aNamespace('user:[20]', { parent: 'user:[10]', relatedBy: lsns }),
      aNamespace('user:[30]'),
      aNamespace(net(1), { owner: 'user:[20]', relatedBy: lsns }),
    ];
    const host = aHost({ initialNamespaces: { user: { id: 'user:[10]', certainty: 'certain' } } });
    expect(of({ host, processes: [], namespaces }).completeness.counts.owners).toEqual({ known: 2, of: 3 });
  });
});

describe('sudo', () => {
  it('is advised with what it adds', () => {
    expect(changeOf({ processes: [open, ...closed], ...notEntered('not-permitted') })).toEqual({
      with: 'sudo',
      adds: [
        { what: 'netns', count: 1 },
        { what: 'processes', count: 2 },
      ],
    });
  });

  it('adds nothing of what is gone, and nothing that tools are missing for', () => {
    const gone = { ...aFinding('processes.gone', 'gone'), subjects: ['process:1', 'process:4'] as const };
    expect(changeOf({ processes: [open, ...closed], findings: [gone], ...notEntered('gone') })).toBeUndefined();
    expect(changeOf(notEntered('not-supported'))).toBeUndefined();
  });

  it('is no advice for root, whether by sudo or not', () => {
    const sudo = aHost({
      user: { name: 'root', uid: 0 },
      login: { name: 'ec2-user', uid: 1000 },
      privileges: ['root'],
    });
    for (const host of [root, sudo]) {
      const model = of({ host, processes: [open, ...closed], ...notEntered('not-permitted') });
      expect(model.completeness.change).toBeUndefined();
      expect(model.findings.map(({ advice }) => advice ?? '').join()).not.toContain('sudo');
      expect(summarise(model)).toMatch(/2 parts could not be seen\.$/);
    }
    const model = of({ host: sudo, processes: [open, ...closed] });
    expect(model.findings[0]?.message).toContain('closed to root by sudo from ec2-user (');
  });

  it('shows what hidepid hides, whatever that is', () => {
    const model = of({ findings: [aFinding('processes.hidden', 'hidden')] });
    expect(model.completeness.change).toEqual({ with: 'sudo', adds: [], hiddenProcesses: true });
    expect(summarise(model)).toMatch(/With sudo: the processes that hidepid hides\.$/);
  });

  it('is promised less in another user namespace', () => {
    const shell = aProcess(7, { namespaces: { net: 1, user: 4026532000 } });
    expect(changeOf({ collectorPid: 7, processes: [shell, ...closed] })).toMatchObject({ with: 'sudo', atMost: true });
  });
});

describe('a package', () => {
  it('iproute2, where there is no ip', () => {
    const host = aHost({ toolsMissing: ['ip'] });
    const model = of({ host, ...notEntered('not-supported') });
    expect(model.completeness.change).toEqual({
      with: 'iproute2',
      version: '4.16',
      adds: [{ what: 'netns', count: 1 }],
    });
    expect(summarise(model)).toMatch(/With iproute2 4\.16 or newer on the host: 1 network namespace\.$/);
    expect(model.findings.find(({ rule }) => rule === 'gaps.netns-not-entered')).toMatchObject({
      kind: 'not-supported',
      advice: 'iproute2 4.16 or newer lists them.',
    });
  });

  it('util-linux, where there is no nsenter, or an lsns without NETNSID and peers are not certain', () => {
    expect(changeOf({ host: aHost({ toolsMissing: ['nsenter'] }), ...notEntered('not-supported') })).toMatchObject({
      with: 'util-linux',
      version: '2.23',
      adds: [{ what: 'netns', count: 1 }],
    });
    const veth = aLink(net(1), 2, 'veth0', { kind: 'veth', lower: { ifindex: 2, netnsid: 0 } });
    const old = aHost({ tools: { lsns: 'lsns from util-linux 2.31.1' } });
    expect(changeOf({ host: old, links: [...links, veth] })).toEqual({
      with: 'util-linux',
      version: '2.32',
      adds: [{ what: 'peers', count: 1 }],
      atMost: true,
    });
    const newer = aHost({ tools: { lsns: 'lsns from util-linux 2.32' } });
    expect(changeOf({ host: newer, links: [...links, veth] })).toBeUndefined();
  });

  it('curl, only where it was looked for and RootlessKit did not tell its ports', () => {
    const kit = { stateDir: '/run/x', parent: open.id, child: undefined, detached: false, evidence: [] };
    const portsRefused = { kind: 'not-supported' as const, example: 'curl: not found', evidence: [] };
    const refusing = { ...kit, portsRefused };
    expect(changeOf({ host: aHost({ toolsMissing: ['curl'] }), rootlessKits: [refusing] })).toEqual({
      with: 'curl',
      adds: [],
    });
    expect(changeOf({ rootlessKits: [refusing] })).toBeUndefined();
    expect(changeOf({ host: aHost({ toolsMissing: ['curl'] }), rootlessKits: [kit] })).toBeUndefined();
  });
});

describe('one gap, one finding', () => {
  it('each reason once, with what the host said and where', () => {
    const { findings } = of({
      namespaces: [2, 3, 4].map((inode) => aNamespace(net(inode))),
      netnsNotEntered: [
        { netns: net(2), kind: 'not-permitted', example: 'nsenter: … not permitted', evidence: [at('net')] },
        { netns: net(3), kind: 'not-permitted', evidence: [at('net', 2)] },
        { netns: net(4), kind: 'gone', evidence: [] },
      ],
    });
    expect(findings.map(({ kind, subjects, message }) => `${kind} ${subjects.join(' ')}: ${message}`)).toEqual([
      'not-permitted net:[2] net:[3]: 2 of 4 network namespaces were seen but could not be entered as ec2-user: their links and addresses are unknown (nsenter: … not permitted).',
      'gone net:[4]: 1 of 4 network namespaces ended while the host was asked: their links and addresses are unknown.',
    ]);
    expect(findings[0]?.evidence).toHaveLength(2);
  });
});
