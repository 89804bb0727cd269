// Explanations: of everything that can be selected, complete, and leading on.
import { describe, expect, it } from 'vitest';
import type { FactGroup } from '../../../../shared/explain/explanation.ts';
import { explain } from '../../../../shared/explain/explain.ts';
import { ruleSentence } from '../../../../shared/explain/rule-sentence.ts';
import { term } from '../../../../shared/explain/term.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { linkingRules } from '../../../../shared/resolve/rules.ts';
import { hostFixture } from '../../../helpers/host-fixture.ts';
import { childNet, hostNet, nginxId, nginxNet, referenceEntities } from '../../../helpers/reference-entities.ts';

const model = resolveModel(referenceEntities());
const facts = (id: string): readonly string[] =>
  explain(model, id)?.groups.flatMap((group) =>
    group.facts.map(
      (fact) => `${group.title}: ${fact.label}: ${fact.value}${fact.certainty ? ` (${fact.certainty})` : ''}`,
    ),
  ) ?? [];

describe('explain', () => {
  it('eth0: address, peer, and the bridge behind it', () => {
    expect(explain(model, `link:${nginxNet}/2`)).toMatchObject({
      title: 'eth0',
      what: 'veth interface',
      sentence: 'One end of a veth pair; the other is vetha72457ab in RootlessKit child · ec2-user · detached.',
      tryIt: 'nsenter -t 126799 -U --preserve-credentials -n ip -d address show dev eth0',
    });
    expect(facts(`link:${nginxNet}/2`)).toEqual(
      expect.arrayContaining([
        'Addresses: Address: 10.4.0.9/24',
        'Connected to: Peer: vetha72457ab in RootlessKit child · ec2-user · detached (certain)',
        'Connected to: Peer is port of: nerdctl0 in RootlessKit child · ec2-user · detached (certain)',
      ]),
    );
  });

  it('tap0: who serves it, and where that leaves', () => {
    expect(explain(model, `link:${childNet}/2`)?.what).toBe('tap interface');
    expect(facts(`link:${childNet}/2`)).toEqual(
      expect.arrayContaining([
        'Connected to: Served by: slirp4netns[122373] (inferred)',
        'Connected to: Leaves through: ens5 in host (inferred)',
      ]),
    );
  });

  it('the detached namespace: path, how to enter it, and the empty file explained', () => {
    const explanation = explain(model, childNet);
    expect(explanation).toMatchObject({
      title: 'RootlessKit child · ec2-user · detached',
      what: 'network namespace',
      tryIt:
        'nsenter -t 122351 -U --preserve-credentials --net=/proc/122351/root/run/user/1000/containerd-rootless/netns ip -d address show',
    });
    expect(facts(childNet)).toContain(
      'Used by: Mounted at: /run/user/1000/containerd-rootless/netns (in RootlessKit child · ec2-user)',
    );
    expect(explanation?.remarks.map((remark) => remark.text)).toContainEqual(
      expect.stringContaining('/run/user/1000/containerd-rootless/netns is an empty ordinary file'),
    );
  });

  it('a container: its eight namespaces, which are its own, and its port', () => {
    const all = facts(`container:${nginxId}`);
    expect(all.filter((fact) => fact.startsWith('Namespaces: '))).toEqual([
      'Namespaces: cgroup namespace: cgroup:[4026532279] · its own',
      'Namespaces: IPC namespace: ipc:[4026532277] · its own',
      'Namespaces: mount namespace: mnt:[4026532275] · its own',
      'Namespaces: network namespace: net:[4026532280] · its own',
      'Namespaces: PID namespace: pid:[4026532278] · its own',
      'Namespaces: time namespace: time:[4026531834] · shared with the host',
      'Namespaces: user namespace: user:[4026532152] · RootlessKit child · ec2-user',
      'Namespaces: UTS namespace: uts:[4026532276] · its own',
    ]);
    expect(all).toContain('Ports: Published port: 127.0.0.1:8080/tcp → 10.4.0.9:80 (certain)');
  });

  it('a relation: how we know, in a sentence', () => {
    const pair = model.relations.find((one) => one.kind === 'veth-peer');
    expect(facts(pair?.id ?? '')).toContain(`Identity: How we know: ${ruleSentence('veth.netns-id')}`);
    expect(explain(model, pair?.id ?? '')?.sentence).toMatch(
      /^\S+ in .+ is one end of a veth pair; the other is \S+ in .+\.$/,
    );
  });

  it('a process that is closed to us says so for each namespace', () => {
    expect(facts('process:1').filter((fact) => fact.endsWith('closed to us'))).toHaveLength(8);
  });

  it('what a process may do, and where its capabilities count', () => {
    const { model: recorded, truth } = hostFixture('reference-host');
    const nginx = truth.containers.find((container) => container.name.startsWith('nginx'));
    const said =
      explain(recorded, `process:${nginx?.pid}`)?.groups.find(({ title }) => title === 'Rights')?.facts ?? [];
    expect(said.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['Capabilities', 'They count in', 'no_new_privs', 'seccomp']),
    );
    const capabilities = said.find(({ label }) => label === 'Capabilities');
    expect(capabilities?.value).toMatch(/^14 of 41: chown, dac_override, .*setfcap$/);
    expect(said.find(({ label }) => label === 'They count in')?.entity).toMatch(/^user:/);
    const tap = explain(recorded, `process:${truth.containers[0]?.shimPid}`)?.groups.find(
      ({ title }) => title === 'State',
    );
    expect(tap?.facts.find(({ label }) => label === 'Started')?.value).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
  });

  it('that nobody may say where the capabilities of a closed process count', () => {
    const { model: recorded } = hostFixture('reference-host');
    const closed = recorded.processes.find(
      ({ namespaces, rights }) =>
        namespaces.user === undefined && /[1-9a-f]/.test(rights?.capabilities.effective ?? '0'),
    );
    const said = explain(recorded, closed?.id ?? '')?.groups.flatMap((group) => group.facts) ?? [];
    expect(said.find(({ label }) => label === 'They count in')).toMatchObject({
      value: 'user namespace, closed to us',
    });
  });

  it('nothing for what is not there', () => {
    expect(explain(model, 'link:net:[1]/99')).toBeUndefined();
    expect(explain(model, 'undiscovered:nothing')).toBeUndefined();
  });

  it('host: shows RootlessKit’s parent is the host', () => {
    expect(explain(model, hostNet)?.remarks.map((remark) => remark.kind)).toContain('note');
  });
});

describe.each(['reference-host', 'reference-host-as-root', 'equal-indexes'])('every explanation of %s', (name) => {
  const host = hostFixture(name).model;
  const entities = [
    host.namespaces,
    host.processes,
    host.containers,
    host.links,
    host.relations,
    host.forwards,
    host.sockets,
    host.unixSockets,
    host.packetSockets,
  ];
  const ids = ['host', ...entities.flat().map((one) => one.id), ...host.relations.map((one) => one.to)];

  it('has a title, a sentence and facts, and leads only to what is there', () => {
    const known = new Set<string>(ids);
    for (const id of ids) {
      const explanation = explain(host, id);
      expect(explanation, id).toBeDefined();
      expect(explanation?.sentence).not.toMatch(/undefined|\[object/);
      const groups: readonly FactGroup[] = explanation?.groups ?? [];
      expect(groups.length).toBeGreaterThan(0);
      expect(new Set(groups.map((group) => group.title)).size).toBe(groups.length);
      for (const fact of groups.flatMap((group) => group.facts)) {
        expect(`${fact.label}${fact.value}`).not.toMatch(/undefined|\[object/);
        expect(fact.value, `${id} ${fact.label}`).not.toBe('');
        if (fact.entity) expect(known).toContain(fact.entity);
        if (fact.rule) expect(ruleSentence(fact.rule)).not.toBe(fact.rule);
      }
    }
  });
});

describe('words', () => {
  it.each(linkingRules)('rule %s has its sentence', (rule) => {
    expect(ruleSentence(rule)).toMatch(/^[A-Z“l].*\.$/);
  });

  it('a rule of a newer version is shown by its name', () => {
    expect(ruleSentence('veth.telepathy')).toBe('veth.telepathy');
  });

  it('the kernel’s words are explained in one sentence', () => {
    for (const word of ['netns id', 'veth pair', 'master', 'bind mount', 'owner', 'peer', 'user namespace']) {
      expect(term(word)).toMatch(/^[A-Z].*\.$/);
    }
    expect(term('flux capacitor')).toBeUndefined();
  });
});
