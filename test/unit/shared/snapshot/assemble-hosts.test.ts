// What assembling makes of whole transcripts, held against what the hosts said of themselves.
import { describe, expect, it } from 'vitest';
import { readTranscript } from '../../../../shared/collect/read-transcript.ts';
import { processId } from '../../../../shared/model/id.ts';
import { assemble } from '../../../../shared/snapshot/assemble.ts';
import { hostFixture, hostTranscript } from '../../../helpers/host-fixture.ts';
import { quoted } from '../../../helpers/frames.ts';

const lab = ['reference-host', 'reference-host-as-root', 'reference-host-child-ip', 'reference-host-own-netns'];

describe.each(lab)('%s', (name) => {
  const { truth } = hostFixture(name);
  const transcript = readTranscript(hostTranscript(name));
  const entities = assemble(transcript);

  it('reads every line', () => {
    expect(entities.findings.filter(({ rule }) => rule.endsWith('unparsable'))).toEqual([]);
  });

  it('has the eight namespaces of each container', () => {
    for (const container of truth.containers) {
      const process = entities.processes.find(({ pid }) => pid === container.pid);
      const inodes = Object.fromEntries(
        Object.entries(process?.namespaces ?? {}).map(([kind, id]) => [kind, Number(/\d+/.exec(id)?.[0])]),
      );
      expect(inodes).toEqual(container.namespaces);
    }
  });

  it('finds the network namespace of RootlessKit’s child, and whether it is detached', () => {
    const { rootlesskit } = truth;
    const [state] = entities.rootlessKits;
    expect(state).toMatchObject({
      stateDir: rootlesskit.stateDir,
      parent: processId(rootlesskit.parentPid),
      child: processId(rootlesskit.childPid),
      detached: rootlesskit.detached,
    });
    if (!rootlesskit.detached) return;
    expect(state?.netns?.id).toBe(`net:[${rootlesskit.netns}]`);
    expect(state?.netns?.reachableAs).toBe(`/proc/${rootlesskit.childPid}/root${rootlesskit.stateDir}/netns`);
    expect(state?.netnsFileOnHost).toMatchObject({ type: 'file', size: 0 });
  });

  it('takes the host’s own namespaces for what they are', () => {
    const certainty = name.endsWith('as-root') ? 'certain' : 'inferred';
    // /proc/1/net/dev says it to everybody.
    const certaintyOf = (kind: string) => (kind === 'net' ? 'certain' : certainty);
    expect(entities.host.initialNamespaces).toMatchObject(
      Object.fromEntries(
        Object.entries(truth.namespaces).map(([kind, inode]) => [
          kind,
          {
            id: `${kind}:[${inode}]`,
            certainty: certaintyOf(kind),
          },
        ]),
      ),
    );
    expect(Object.keys(entities.host.initialNamespaces)).toHaveLength(Object.keys(truth.namespaces).length);
    expect(entities.findings.some(({ rule }) => rule === 'initial.assumed')).toBe(certainty === 'inferred');
  });

  it('knows who holds tap0', () => {
    expect(entities.tunHolders).toMatchObject([
      { process: processId(truth.rootlesskit.slirp4netnsPid), interfaceName: 'tap0' },
    ]);
  });

  it('points at lines that say it', () => {
    const at = (evidence: { frame: number; line?: number; columns?: readonly [number, number] } | undefined) => {
      const frame = transcript.frames[evidence?.frame ?? -1];
      return frame && evidence ? quoted(frame, evidence) : undefined;
    };
    for (const link of entities.links) {
      expect(JSON.parse(at(link.evidence[0]) ?? '')).toMatchObject({ ifname: link.name, ifindex: link.ifindex });
    }
    for (const namespace of entities.namespaces) expect(at(namespace.evidence[0])).toContain(namespace.id);
    for (const socket of entities.sockets) expect(at(socket.evidence[0])).toContain(` ${socket.inode} `);
    for (const process of entities.processes) {
      expect(at(process.evidence[0])).toMatch(new RegExp(`^/proc/${process.pid}/status:Name:`));
    }
  });

  it('gives every id once', () => {
    for (const list of [entities.namespaces, entities.processes, entities.links, entities.routes, entities.sockets]) {
      const ids = list.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    }
    expect(new Set(entities.findings.map(({ id }) => id)).size).toBe(entities.findings.length);
  });
});

describe('the order of frames', () => {
  it('does not matter', () => {
    const transcript = readTranscript(hostTranscript('reference-host'));
    const plain = assemble(transcript);
    const turned = assemble({ ...transcript, frames: transcript.frames.toReversed() });
    const sorted = <T extends { readonly id: string }>(list: readonly T[]) =>
      list.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(sorted(turned.links)).toEqual(sorted(plain.links));
    expect(sorted(turned.processes)).toEqual(sorted(plain.processes));
    expect(sorted(turned.sockets)).toEqual(sorted(plain.sockets));
    expect(turned.rootlessKits).toEqual(plain.rootlessKits);
    expect(turned.host.initialNamespaces).toEqual(plain.host.initialNamespaces);
  });
});

describe('names under /run/netns', () => {
  it('keep namespaces without a process, and are found where they are', () => {
    const entities = assemble(readTranscript(hostTranscript('equal-indexes')));
    const kept = entities.namespaces.filter(({ kind, processIds }) => kind === 'net' && processIds.length === 0);
    const paths = kept.map(
      ({ keptBy }) => keptBy.flatMap((keeper) => (keeper.by === 'mount' ? [keeper.reachableAs] : []))[0],
    );
    expect(paths.toSorted()).toEqual(
      ['alice', 'alice-1', 'alice-2', 'bob', 'bob-1', 'bob-2'].map((name) => `/run/netns/${name}`),
    );
    expect(kept.every(({ id }) => entities.links.some(({ netns }) => netns === id))).toBe(true);
  });
});
