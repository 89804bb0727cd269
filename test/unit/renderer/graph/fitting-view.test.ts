import { expect, test } from 'vitest';
import { fittingView } from '../../../../renderer/graph/fitting-view.ts';

const size = { width: 1032, height: 532 };

test('a wide picture fills the width and stands in the middle of the height', () => {
  const { zoom, pan } = fittingView({ x: 0, y: 0, width: 2000, height: 200 }, size);
  expect(zoom).toBe(0.5);
  expect(pan).toEqual({ x: 16, y: 216 });
});

test('where the scene begins does not matter', () => {
  const { zoom, pan } = fittingView({ x: -300, y: 40, width: 2000, height: 200 }, size);
  expect({ left: -300 * zoom + pan.x, top: 40 * zoom + pan.y }).toEqual({ left: 16, top: 216 });
});

test('a small picture is not blown up, nor one without end made smaller than can be shown', () => {
  expect(fittingView({ x: 0, y: 0, width: 10, height: 10 }, size).zoom).toBe(1.25);
  expect(fittingView({ x: 0, y: 0, width: 10, height: 10 }, size, 2).zoom).toBe(2);
  expect(fittingView({ x: 0, y: 0, width: 1e6, height: 10 }, size).zoom).toBe(0.02);
});
