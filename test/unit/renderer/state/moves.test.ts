import { expect, test } from 'vitest';
import { Moves } from '../../../../renderer/state/moves.svelte.ts';

const at = (x: number, y: number) => ({ x, y });

test('a move is undone and done again', () => {
  const moves = new Moves();
  expect(moves.undo()).toBe(false);
  moves.add(new Map([['a', at(1, 1)]]));
  moves.add(new Map([['b', at(2, 2)]]));
  moves.add(new Map([['a', at(3, 3)]]));
  expect(Object.fromEntries(moves.current)).toEqual({ a: at(3, 3), b: at(2, 2) });
  expect(moves.undo()).toBe(true);
  expect(moves.current.get('a')).toEqual(at(1, 1));
  moves.undo();
  moves.undo();
  expect(moves.current.size).toBe(0);
  expect(moves.canUndo).toBe(false);
  moves.redo();
  moves.redo();
  expect(Object.fromEntries(moves.current)).toEqual({ a: at(1, 1), b: at(2, 2) });
});

test('a new move takes the way forward away', () => {
  const moves = new Moves();
  moves.add(new Map([['a', at(1, 1)]]));
  moves.undo();
  moves.add(new Map([['a', at(9, 9)]]));
  expect(moves.canRedo).toBe(false);
  expect(moves.redo()).toBe(false);
});

test('putting everything back can be undone; another host begins anew', () => {
  const moves = new Moves();
  moves.clear();
  expect(moves.canUndo).toBe(false);
  moves.add(new Map([['a', at(1, 1)]]));
  moves.clear();
  expect(moves.current.size).toBe(0);
  moves.undo();
  expect(moves.current.get('a')).toEqual(at(1, 1));
  moves.reset();
  expect([moves.current.size, moves.canUndo, moves.canRedo]).toEqual([0, false, false]);
});
