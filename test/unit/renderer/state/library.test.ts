import { expect, test } from 'vitest';
import type { Profile, SnapshotSummary } from '../../../../shared/ipc/contract.ts';
import { hostEntries } from '../../../../renderer/state/library.svelte.ts';

const profile = (id: string, name: string): Profile => ({
  ...{ id, name, host: `${name}.example.org`, port: 22, user: 'me' },
  ...{ authentication: 'agent', sudo: 'never' },
});
const snapshot = (id: string, profileId: string | undefined, hostLabel: string, day: number): SnapshotSummary => ({
  ...{ id, profileId, hostLabel, user: 'me', bytes: 1, complete: true },
  collectedAt: `2026-03-${String(day).padStart(2, '0')}T00:00:00Z`,
});

test('profiles keep their order, snapshots stand with theirs, newest first', () => {
  const entries = hostEntries(
    [profile('p2', 'web'), profile('p1', 'build')],
    [snapshot('a', 'p1', 'build', 1), snapshot('b', 'p1', 'build', 9), snapshot('c', 'p2', 'old name', 3)],
  );
  expect(entries.map((one) => [one.label, one.snapshots.map(({ id }) => id)])).toEqual([
    ['web', ['c']],
    ['build', ['b', 'a']],
  ]);
});

test('snapshots of a deleted profile or of no profile stay, by label', () => {
  const entries = hostEntries(
    [profile('p1', 'web')],
    [snapshot('a', 'gone', 'zeta', 1), snapshot('b', undefined, 'alpha', 2), snapshot('c', 'gone', 'zeta', 3)],
  );
  expect(entries.map((one) => [one.label, one.profile?.id, one.snapshots.map(({ id }) => id)])).toEqual([
    ['web', 'p1', []],
    ['alpha', undefined, ['b']],
    ['zeta', undefined, ['c', 'a']],
  ]);
});
