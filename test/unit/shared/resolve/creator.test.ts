// Who made a user namespace.
import { describe, expect, it } from 'vitest';
import type { IdMapRange } from '../../../../shared/model/namespace.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { aHost, anEntities, aNamespace, aProcess, at } from '../../../helpers/entities.ts';

const range = (inside: number, outside: number, length: number): IdMapRange => ({ inside, outside, length });
const subuids = [
  { user: 'ec2-user', start: 100000, count: 65536 },
  { user: '1001', start: 165536, count: 65536 },
];

const creatorWith = (...uidMap: readonly IdMapRange[]) => {
  const model = resolveModel(
    anEntities({
      subuids,
      processes: [aProcess(7, { uid: 1000, user: 'ec2-user', namespaces: { user: 2 } })],
      namespaces: [aNamespace('user:[2]', { uidMap })],
    }),
  );
  const found = model.namespaces.find(({ id }) => id === 'user:[2]');
  if (found?.ownerUid === undefined) return undefined;
  expect(found.ownerUidBy?.certainty).toBe('inferred');
  return `${found.ownerUid} ${found.ownerUidBy?.rule}`;
};

describe('the creator of a user namespace', () => {
  it('is inferred from the one id that is mapped by itself', () => {
    expect(creatorWith(range(0, 1000, 1))).toBe('1000 creator.uid-map');
  });

  it('also beside ranges that /etc/subuid gives that user, by name or number', () => {
    expect(creatorWith(range(0, 1000, 1), range(1, 100000, 65536))).toBe('1000 creator.uid-map');
    expect(creatorWith(range(0, 1001, 1), range(1, 165536, 65536))).toBe('1001 creator.uid-map');
  });

  it('is not told by ranges that only root may map, nor by ids the reader has no number for', () => {
    expect(creatorWith(range(0, 100000, 65536))).toBeUndefined();
    expect(creatorWith(range(0, 1000, 1), range(1, 200000, 65536))).toBeUndefined();
    expect(creatorWith(range(0, 1000, 1), range(1, 165536, 65536))).toBeUndefined();
    expect(creatorWith(range(0, 1000, 1), range(1, 99999, 2))).toBeUndefined();
    expect(creatorWith(range(0, 1001, 1), range(1, 100000, 65536))).toBeUndefined();
    expect(creatorWith(range(0, 1000, 1), range(1, 1001, 1))).toBeUndefined();
    expect(creatorWith(range(0, 4294967295, 1))).toBeUndefined();
  });

  it('is certain from lsns, whatever the map says', () => {
    const model = resolveModel(
      anEntities({
        namespaces: [aNamespace('user:[2]', { ownerUid: 0, relatedBy: at('lsns', 4), uidMap: [range(0, 1000, 1)] })],
      }),
    );
    expect(model.namespaces[0]).toMatchObject({
      ownerUid: 0,
      ownerUidBy: { certainty: 'certain', rule: 'creator.lsns', evidence: [at('lsns', 4)] },
    });
    expect(model.namespaces[0]).not.toHaveProperty('relatedBy');
  });

  it('is root of the kernel’s first one, and not told of one that merely comes first on the host', () => {
    const first = (id: 'user:[4026531837]' | 'user:[5]') =>
      resolveModel(
        anEntities({
          host: aHost({ initialNamespaces: { user: { id, certainty: 'certain' } } }),
          namespaces: [aNamespace(id, { uidMap: [range(0, 0, 4294967295)] })],
        }),
      ).namespaces[0]?.ownerUid;
    expect(first('user:[4026531837]')).toBe(0);
    expect(first('user:[5]')).toBeUndefined();
  });
});
