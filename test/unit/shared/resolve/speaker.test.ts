// Who speaks for a process: may say what container it is in.
import { describe, expect, it } from 'vitest';
import type { UnresolvedNamespace, UnresolvedProcess } from '../../../../shared/model/entities.ts';
import { speaksFor, type Speaker } from '../../../../shared/resolve/containers/speaker.ts';
import { indexOf } from '../../../../shared/resolve/known.ts';
import { aHost, aNamespace, anEntities, aProcess } from '../../../helpers/entities.ts';

const hostUser = 4026531837;

describe('who speaks for a process', () => {
  const initialNamespaces = { user: { id: `user:[${hostUser}]`, certainty: 'certain' } } as const;
  const range = (inside: number, outside: number, length: number) => ({ inside, outside, length });
  const theirs = (uid: number, user = 5) => aProcess(200, { uid, user: `u${uid}`, namespaces: { user } });
  const asked = (speaker: Speaker, process: UnresolvedProcess, user: Partial<UnresolvedNamespace> = {}) => {
    const entities = anEntities({
      host: aHost({ initialNamespaces }),
      processes: [process, aProcess(300, { uid: 1000, user: 'ec2-user' })],
      namespaces: [aNamespace('user:[5]', user), aNamespace('user:[6]', { parent: 'user:[5]' })],
      subuids: [{ user: 'ec2-user', start: 100000, count: 65536 }],
    });
    const none = { containers: [], sandboxes: [], netnsIds: [], relations: [], forwards: [], findings: [] };
    const known = { ...none, rootlessKits: [], roles: new Map(), namespaces: new Map(), entities };
    return speaksFor(speaker, process, { ...known, index: indexOf(entities) });
  };
  const his = { uid: 1000 };

  it('root for anybody, a user for what is his alone, nobody of whom it is not known who', () => {
    expect(asked({ uid: 0 }, theirs(1001, hostUser))).toBe(true);
    expect(asked(his, theirs(1000, hostUser))).toBe(true);
    expect(asked(his, theirs(1001, hostUser))).toBe(false);
    expect(asked(his, theirs(0))).toBe(false);
    expect(asked({ uid: undefined }, theirs(1000))).toBeUndefined();
    // A server of root's that acts for him.
    const server = { ...theirs(1000, hostUser), rights: { uids: [0, 1000, 0, 1000], capabilities: {}, evidence: [] } };
    expect(asked(his, server)).toBe(false);
  });

  it('for his subordinate ids, the first to the last', () => {
    for (const uid of [100000, 165535]) expect(asked(his, theirs(uid, hostUser))).toBe(true);
    for (const uid of [99999, 165536]) expect(asked(his, theirs(uid, hostUser))).toBe(false);
    expect(asked({ uid: 1001 }, theirs(100000, hostUser))).toBe(false);
  });

  it('for who is in a user namespace that he made, or one below', () => {
    for (const user of [5, 6]) {
      expect(asked(his, theirs(7, user), { ownerUid: 1000 })).toBe(true);
      expect(asked(his, theirs(7, user), { ownerUid: 100001 })).toBe(true);
    }
    expect(asked(his, theirs(7), { ownerUid: 1001 })).toBe(false);
    expect(asked(his, theirs(7))).toBeUndefined();
    expect(asked(his, theirs(7), { uidMap: [range(5, 1000, 1), range(0, 7, 1)] })).toBe(true);
    expect(asked(his, theirs(7), { uidMap: [range(0, 1001, 1)] })).toBe(false);
  });

  it('for who is in the one that he is in as its root', () => {
    const inside = { uid: 1000, user: 'user:[5]' } as const;
    expect(asked(inside, theirs(7), { uidMap: [range(0, 1000, 10)] })).toBe(true);
    expect(asked(inside, theirs(7), { uidMap: [range(0, 1001, 10), range(10, 1000, 2)] })).toBeUndefined();
    const elsewhere = { uid: 1000, user: 'user:[6]' } as const;
    expect(asked(elsewhere, theirs(7), { uidMap: [range(0, 1000, 10)] })).toBeUndefined();
  });

  it('never for who is outside the PID namespace that he is in', () => {
    const from = (nsPids: readonly number[], pid = 7) => ({
      uid: 0,
      process: aProcess(100, { nsPids, namespaces: { pid } }),
    });
    const at = (nsPids: readonly number[], pid: number) => ({
      ...theirs(7),
      nsPids,
      namespaces: { pid: `pid:[${pid}]` } as const,
    });
    expect(asked(from([100, 5]), at([200], 1))).toBe(false);
    expect(asked(from([100, 5]), at([200, 3], 8))).toBe(false);
    expect(asked(from([100, 5]), at([200, 3], 7))).toBe(true);
    expect(asked(from([100, 5]), at([200, 3, 1], 9))).toBe(true);
    expect(asked(from([]), at([200], 1))).toBe(true);
  });
});
