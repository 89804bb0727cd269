import { expect, test } from 'vitest';
import { treeStep, visibleRows } from '../../../../renderer/state/tree.ts';

interface Branch {
  readonly key: string;
  readonly children: readonly Branch[];
}
const branch = (key: string, ...children: Branch[]): Branch => ({ key, children });
const tree = [branch('a', branch('a1'), branch('a2', branch('a2x'))), branch('b')];
const rows = visibleRows(tree, new Set(['a2']));

test('rows are what is open, with level and place', () => {
  expect(rows.map((row) => [row.key, row.level, row.position, row.siblings, row.open])).toEqual([
    ['a', 1, 1, 2, true],
    ['a1', 2, 1, 2, false],
    ['a2', 2, 2, 2, false],
    ['b', 1, 2, 2, false],
  ]);
});

test.each([
  ['a', 'ArrowDown', { focus: 'a1' }],
  ['b', 'ArrowDown', undefined],
  ['a', 'ArrowUp', { focus: 'a' }],
  ['a', 'ArrowRight', { focus: 'a1' }],
  ['a2', 'ArrowRight', { open: 'a2' }],
  ['a1', 'ArrowRight', undefined],
  ['a', 'ArrowLeft', { close: 'a' }],
  ['a2', 'ArrowLeft', { focus: 'a' }],
  ['a1', 'End', { focus: 'b' }],
  ['b', 'Home', { focus: 'a' }],
  ['a', 'x', undefined],
] as const)('in %s, %s', (key, pressed, step) => {
  expect(treeStep(rows, key, pressed)).toEqual(step);
});
