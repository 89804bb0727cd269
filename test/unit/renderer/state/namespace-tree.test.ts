import { expect, test } from 'vitest';
import { namespaceKinds } from '../../../../shared/model/id.ts';
import { countBranches, namespaceTree } from '../../../../renderer/state/namespace-tree.ts';
import type { NamespaceBranch } from '../../../../renderer/state/namespace-tree.ts';
import { articleModel } from '../../../helpers/article-model.ts';

const model = articleModel();
const all = new Set(namespaceKinds);
const flat = (branches: readonly NamespaceBranch[]): NamespaceBranch[] =>
  branches.flatMap((one) => [one, ...flat(one.children)]);

test('by owner: every namespace once, below the user namespace that owns it', () => {
  const tree = namespaceTree(model, { grouping: 'owner', kinds: all, filter: '' });
  const keys = flat(tree).flatMap((one) => (one.namespace ? [one.namespace.id] : []));
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys).toHaveLength(model.namespaces.length);
  const rootless = flat(tree).find((one) => one.key === 'user:[4026532152]');
  expect(rootless?.children.map((one) => one.key)).toContain('net:[4026532280]');
  expect(tree[0]?.namespace).toMatchObject({ kind: 'user', role: 'host' });
});

test('by kind: a heading for each kind there is, the host’s own first', () => {
  const tree = namespaceTree(model, { grouping: 'kind', kinds: new Set(['net', 'uts']), filter: '' });
  expect(tree.map((one) => one.heading)).toEqual(['net', 'uts']);
  expect(tree[0]?.children[0]?.namespace?.role).toBe('host');
});

test('a filter keeps what matches, and the owners above it', () => {
  const tree = namespaceTree(model, { grouping: 'owner', kinds: all, filter: '126799 net' });
  const keys = flat(tree).map((one) => one.key);
  expect(keys).toContain('net:[4026532280]');
  expect(keys).toContain('user:[4026532152]');
  expect(keys).not.toContain('uts:[4026532276]');
  expect(namespaceTree(model, { grouping: 'owner', kinds: all, filter: 'nothing like this' })).toEqual([]);
});

test('what has no known owner stands under a heading of its own', () => {
  const orphan = { ...model, namespaces: model.namespaces.map(({ owner: _owner, parent: _parent, ...rest }) => rest) };
  const tree = namespaceTree(orphan, { grouping: 'owner', kinds: all, filter: '' });
  expect(tree.at(-1)?.heading).toBe('unknown-owner');
  expect(countBranches(tree, () => true)).toBe(model.namespaces.length);
});
