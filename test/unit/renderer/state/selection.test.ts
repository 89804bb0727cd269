import { expect, test } from 'vitest';
import { Selection } from '../../../../renderer/state/selection.svelte.ts';

test('goes back and forward; a new choice ends the way forward', () => {
  const selection = new Selection();
  expect(selection.current).toBeUndefined();
  for (const id of ['a', 'b', 'b', 'c']) selection.select(id);
  selection.back();
  expect(selection.current).toBe('b');
  selection.back();
  expect([selection.current, selection.canGoBack]).toEqual(['a', false]);
  selection.back();
  selection.forward();
  expect(selection.current).toBe('b');
  selection.select('d');
  expect([selection.current, selection.canGoForward]).toEqual(['d', false]);
  selection.back();
  expect(selection.current).toBe('b');
  selection.clear();
  expect([selection.current, selection.canGoBack]).toEqual([undefined, false]);
});
