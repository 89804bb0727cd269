// RootlessKit: whose child a namespace is, and what is explained about it.
import { describe, expect, it } from 'vitest';
import type { RootlessKitState } from '../../../../shared/model/entities.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { anEntities, aNamespace, aProcess, at } from '../../../helpers/entities.ts';
import { childNet, hostNet, referenceEntities } from '../../../helpers/reference-entities.ts';

/** The article's host; its child process in `childIn`, RootlessKit's state changed. */
function resolved(childIn: number, change: (kit: RootlessKitState) => RootlessKitState = (kit) => kit) {
  const entities = referenceEntities();
  const move = `net:[${childIn}]` as const;
  const processes = entities.processes.map((process) =>
    process.pid === 122351 ? { ...process, namespaces: { ...process.namespaces, net: move } } : process,
  );
  const namespaces = entities.namespaces.map((namespace) => {
    if (namespace.kind !== 'net') return namespace;
    const processIds = processes.filter((process) => process.namespaces.net === namespace.id).map(({ id }) => id);
    return { ...namespace, processIds, leaderIds: processIds.slice(0, 1) };
  });
  return resolveModel({ ...entities, processes, namespaces, rootlessKits: entities.rootlessKits.map(change) });
}
const inChild = 4026532201;
const inHost = 4026531840;
const rules = (model: ReturnType<typeof resolved>) =>
  model.findings.map((one) => one.rule).filter((rule) => rule.startsWith('rootlesskit.'));
const parentNetns = (model: ReturnType<typeof resolved>) =>
  model.relations.find((one) => one.kind === 'rootlesskit-parent-netns');

describe('RootlessKit', () => {
  it('with a detached netns: the file decides, wherever the child process is', () => {
    for (const where of [inChild, inHost]) {
      const model = resolved(where);
      expect(parentNetns(model)).toMatchObject({
        from: childNet,
        to: hostNet,
        certainty: 'certain',
        rule: 'rootlesskit.netns-file',
      });
      expect(model.namespaces.find((one) => one.id === childNet)?.name).toBe('RootlessKit child · ec2-user · detached');
      expect(model.namespaces.find((one) => one.id === hostNet)?.name).toBe('host');
    }
  });

  it('explains the empty file, that the parent is the host, and a namespace without a process', () => {
    expect(rules(resolved(inChild))).toEqual(['rootlesskit.netns-file-empty-on-host', 'rootlesskit.parent-is-host']);
    expect(rules(resolved(inHost))).toContain('rootlesskit.no-process-in-child-netns');
  });

  it('owns its detached namespace by the user namespace of its child, and no other that nobody is in', () => {
    const ownerOf = (model: ReturnType<typeof resolved>, id: string) =>
      model.relations.find((one) => one.kind === 'owner' && one.from === id);
    expect(ownerOf(resolved(inHost), childNet)).toMatchObject({ to: 'user:[4026532152]', certainty: 'inferred' });
    const entities = referenceEntities();
    const other = aNamespace('net:[77]');
    expect(
      ownerOf(resolveModel({ ...entities, namespaces: [...entities.namespaces, other] }), other.id),
    ).toBeUndefined();
  });

  it('does not say that its parent is the host where that is elsewhere', () => {
    const entities = referenceEntities();
    const processes = entities.processes.map((one) =>
      one.pid === 122327 ? { ...one, namespaces: { ...one.namespaces, net: 'net:[77]' as const } } : one,
    );
    expect(rules(resolveModel({ ...entities, processes }))).not.toContain('rootlesskit.parent-is-host');
  });

  it('without a port driver has no ports to tell', () => {
    const model = resolved(inChild, ({ ports: _, ...kit }) => ({
      ...kit,
      info: { evidence: [at('rootlesskit-info')] },
    }));
    expect(rules(model)).not.toContain('rootlesskit.ports-not-told');
  });

  it('has those work for it that name its child, or the namespace of it', () => {
    const kit = (parent: number, child: number): RootlessKitState => ({
      stateDir: `/run/user/${parent}/r`,
      parent: `process:${parent}`,
      child: `process:${child}`,
      detached: false,
      evidence: [at('rootlesskit')],
    });
    const server = (pid: number, argv: string) => aProcess(pid, { argv, namespaces: { net: 1 } });
    const { relations } = resolveModel(
      anEntities({
        processes: [
          aProcess(10, { argv: 'rootlesskit', namespaces: { net: 1 } }),
          aProcess(11, { argv: '/proc/self/exe', ppid: 10, namespaces: { net: 2 } }),
          aProcess(20, { argv: 'rootlesskit', namespaces: { net: 1 } }),
          aProcess(21, { argv: '/proc/self/exe', ppid: 20, namespaces: { net: 3 } }),
          server(30, 'slirp4netns -r 3 11 tap0'),
          server(31, 'slirp4netns -r 3 21 tap0'),
          server(32, 'slirp4netns --userns-path=/proc/21/ns/user --netns-type=path /run/gone tap0'),
          server(33, 'slirp4netns --netns-type=path /proc/21/ns/net tap0'),
          server(34, 'pasta --foreground --ns-ifname=tap0 21'),
          server(35, 'slirp4netns -r 3 99 tap0'),
          server(36, 'slirp4netns --userns-path=/proc/99/ns/user --netns-type=path /run/gone tap0'),
          server(37, 'pasta --config-net bash'),
        ],
        rootlessKits: [kit(10, 11), kit(20, 21)],
      }),
    );
    expect(
      relations
        .filter(({ kind }) => kind === 'works-for')
        .map(({ from, to, certainty }) => `${from} ${to} ${certainty}`),
    ).toEqual([
      'process:30 process:10 inferred',
      'process:31 process:20 inferred',
      'process:32 process:20 inferred',
      'process:33 process:20 inferred',
      'process:34 process:20 inferred',
    ]);
  });

  it('does not explain an empty file that is none', () => {
    const model = resolved(inChild, (kit) => ({ ...kit, netnsFileOnHost: { type: 'file', size: 12, evidence: [] } }));
    expect(rules(model)).not.toContain('rootlesskit.netns-file-empty-on-host');
  });

  it('without --detach-netns: the child’s own', () => {
    const model = resolved(inChild, ({ netns: _, netnsFileOnHost: __, ...kit }) => ({ ...kit, detached: false }));
    expect(parentNetns(model)).toMatchObject({ from: childNet, to: hostNet, rule: 'rootlesskit.child-netns' });
    expect(model.namespaces.find((one) => one.id === childNet)?.name).toBe('RootlessKit child · ec2-user');
  });

  it('with --net=host: none', () => {
    const model = resolved(inHost, ({ netns: _, netnsFileOnHost: __, ...kit }) => ({ ...kit, detached: false }));
    expect(parentNetns(model)).toBeUndefined();
  });

  it('says where the file is there and its mount was not seen', () => {
    const model = resolved(inHost, ({ netns: _, ...kit }) => kit);
    expect(rules(model)).toContain('rootlesskit.netns-not-found');
    expect(parentNetns(model)).toBeUndefined();
  });

  it('has the child that it started; one that only the file child_pid names is likely', () => {
    const entities = referenceEntities();
    const childOf = (processes = entities.processes) =>
      resolveModel({ ...entities, processes })
        .relations.filter(({ kind }) => kind === 'rootlesskit-child-of')
        .map(({ from, to, certainty, rule }) => `${from} ${to} ${certainty} ${rule}`);
    expect(childOf()).toEqual(['process:122351 process:122327 certain rootlesskit.parent-process']);
    const orphan = entities.processes.map((one) => (one.pid === 122351 ? { ...one, ppid: 1 } : one));
    expect(childOf(orphan)).toEqual(['process:122351 process:122327 inferred rootlesskit.child-pid-file']);
  });

  it('is told from what it starts by the name it starts itself by, with the same arguments', () => {
    const argv = 'rootlesskit --net=slirp4netns sleep 9';
    const { processes } = resolveModel(
      anEntities({
        processes: [
          aProcess(10, { argv }),
          aProcess(11, { argv: argv.replace('rootlesskit', '/proc/self/exe'), ppid: 10 }),
          aProcess(12, { argv: 'helper --net=slirp4netns', ppid: 10 }),
          aProcess(13, { argv: '/proc/self/exe --net=slirp4netns sleep 9', ppid: 12 }),
        ],
      }),
    );
    expect(processes.map(({ roles }) => roles)).toEqual([['rootlesskit-parent'], ['rootlesskit-child'], [], []]);
  });

  it('two records of one are one, in relations and findings too', () => {
    const entities = referenceEntities();
    const twice = entities.rootlessKits.flatMap((kit) => [
      kit,
      { ...kit, stateDir: `${kit.stateDir}-2`, netns: undefined },
    ]);
    const model = resolveModel({ ...entities, rootlessKits: twice as typeof entities.rootlessKits });
    for (const list of [model.relations, model.findings, model.forwards])
      expect(new Set(list.map(({ id }) => id)).size).toBe(list.length);
  });

  it('leads to no process that was not seen', () => {
    const { processes, ...entities } = referenceEntities();
    const [kit] = entities.rootlessKits;
    const model = resolveModel({ ...entities, processes: processes.filter(({ id }) => id !== kit?.parent) });
    expect(kit).toBeDefined();
    expect(model.relations.filter(({ from, to }) => from === kit?.parent || to === kit?.parent)).toEqual([]);
  });

  it('that publishes implicitly has no list of ports, and says so', () => {
    const entities = referenceEntities();
    const processes = entities.processes.map((process) =>
      process.pid === 122327 ? { ...process, argv: ['rootlesskit', '--net=pasta', '--port-driver=implicit'] } : process,
    );
    const rootlessKits = entities.rootlessKits.map(({ ports: _, info: __, ...kit }) => kit);
    const said = resolveModel({ ...entities, processes, rootlessKits }).findings.map((one) => one.rule);
    expect(said).toContain('rootlesskit.implicit-ports');
    expect(said).not.toContain('rootlesskit.ports-not-told');
  });

  it.each([
    ['not-permitted', /is closed to us\./, /with sudo\. /],
    ['not-supported', /neither curl nor rootlessctl/, /^curl asks it\. /],
    ['undiscovered', /api\.sock did not answer\./, /^Listening sockets/],
  ] as const)('that did not tell its ports says why: %s', (kind, why, help) => {
    const entities = referenceEntities();
    const evidence = [at('rootlesskit-ports', 3)];
    const rootlessKits = entities.rootlessKits.map(({ ports: _, info: __, ...kit }) => ({
      ...kit,
      portsRefused: { kind, example: 'said', evidence },
    }));
    const found = resolveModel({ ...entities, rootlessKits }).findings.find(
      (one) => one.rule === 'rootlesskit.ports-not-told',
    );
    expect(found).toMatchObject({ kind, evidence, values: { example: 'said' } });
    expect(found?.message).toMatch(why);
    expect(found?.advice).toMatch(help);
  });

  it('two of one user are told apart by their state directories', () => {
    const entities = referenceEntities();
    const [kit] = entities.rootlessKits;
    if (!kit) throw new Error('the reference host has a RootlessKit');
    const docker = { ...kit, stateDir: '/run/user/1000/dockerd-rootless', detached: false, child: undefined };
    const model = resolveModel({ ...entities, rootlessKits: [kit, docker] });
    expect(model.namespaces.find((one) => one.id === childNet)?.name).toBe(
      'RootlessKit child · ec2-user · containerd-rootless · detached',
    );
  });
});
