// Several processes that call one directory their RootlessKit's.
import { describe, expect, it } from 'vitest';
import type { RootlessKitState } from '../../../../shared/model/entities.ts';
import type { UnixSocket } from '../../../../shared/model/socket.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { aProcess, at } from '../../../helpers/entities.ts';
import { referenceEntities } from '../../../helpers/reference-entities.ts';

const entities = referenceEntities();
const [own] = entities.rootlessKits;
if (!own) throw new Error('the reference host has a RootlessKit');
const hostMount = entities.processes.find(({ id }) => id === own.parent)?.namespaces.mnt;

const socketOf = (parent: RootlessKitState['parent'], inode: number): UnixSocket => ({
  id: `socket:unix:${inode}` as UnixSocket['id'],
  netns: undefined,
  type: 'stream',
  state: 'LISTEN',
  name: `${own.stateDir}/api.sock`,
  inode,
  processIds: [parent],
  evidence: [at('socket', inode)],
});

/** Beside the real one another process of that user’s. */
function resolved({
  mnt = hostMount,
  child = 'process:126000',
  sockets = [],
  processes = entities.processes,
}: {
  readonly mnt?: typeof hostMount | null;
  readonly child?: RootlessKitState['child'];
  readonly sockets?: readonly UnixSocket[];
  readonly processes?: typeof entities.processes;
}) {
  const other = aProcess(125999, {
    uid: 1000,
    user: 'ec2-user',
    argv: ['rootlesskit', `--state-dir=${own?.stateDir}`],
    namespaces: mnt ? { net: 4026531840, mnt: Number(/\d+/.exec(mnt)?.[0]) } : { net: 4026531840 },
  });
  const rootlessKits = [{ ...own, parent: other.id, child } as RootlessKitState, own as RootlessKitState];
  const model = resolveModel({
    ...entities,
    processes: [...processes, other],
    unixSockets: sockets,
    rootlessKits,
  });
  return {
    forwarders: model.forwards.filter(({ listen }) => listen.port === 8080).map(({ forwarder }) => forwarder),
    findings: model.findings.filter(({ rule }) => /claimed|several-parents/.test(rule)),
    undecided: model.findings.filter(({ kind }) => kind === 'ambiguous').map(({ rule }) => rule),
  };
}

describe('two that claim one state directory', () => {
  it('who listens on its api.sock has it', () => {
    const { forwarders, findings } = resolved({ sockets: [socketOf(own.parent, 7)] });
    expect(forwarders).toEqual([own.parent]);
    expect(findings).toMatchObject([
      { rule: 'rootlesskit.claimed-by-others', kind: 'note', subjects: ['process:125999', own.parent] },
    ]);
    expect(findings[0]?.message).toBe(
      `Process 125999 (ec2-user) names ${own.stateDir} as state directory, but that is RootlessKit’s with PID 122327, which listens on the api.sock in it.`,
    );
    expect(findings[0]?.evidence).toContainEqual(at('socket', 7));
    expect(resolved({ sockets: [socketOf('process:125999', 7)] }).forwarders).toEqual(['process:125999']);
  });

  it('where both name one child: who started that', () => {
    const { forwarders, findings } = resolved({ child: own.child });
    expect(forwarders).toEqual([own.parent]);
    expect(findings[0]?.rule).toBe('rootlesskit.claimed-by-others');
    const processes = entities.processes.map((one) => (one.id === own.child ? { ...one, ppid: 125999 } : one));
    expect(resolved({ child: own.child, processes }).forwarders).toEqual(['process:125999']);
  });

  it('that nothing tells apart are a finding, and nobody forwards', () => {
    const another = { ...socketOf(own.parent, 7), name: '/run/another.sock' };
    const connected = { ...socketOf(own.parent, 7), state: 'ESTAB' as const };
    const both = [socketOf(own.parent, 7), socketOf('process:125999', 8)];
    for (const sockets of [[], [another], [connected], both]) {
      const { forwarders, undecided } = resolved({ sockets });
      expect(forwarders).toEqual([]);
      expect(undecided).toContain('rootlesskit.several-parents');
    }
  });

  it('are two directories in two mount namespaces, and may be one where that is unknown', () => {
    expect(resolved({ mnt: 'mnt:[4026539999]' }).findings).toEqual([]);
    expect(resolved({ mnt: null }).undecided).toContain('rootlesskit.several-parents');
  });
});
