import { describe, expect, test } from 'vitest';
import { nodeStyle, themes } from '../../../../shared/export/theme.ts';
import { networkGraph } from '../../../../shared/graph/network-view.ts';
import { articleModel } from '../../../helpers/article-model.ts';

/** WCAG 2.2, relative luminance. */
function luminance(colour: string): number {
  const channel = (at: number): number => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}
function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

describe.each(Object.entries(themes))('%s', (_name, theme) => {
  const boxes = ['host', 'rootlesskit-child', 'container-netns', 'netns', 'unknown'] as const;

  test('text can be read on its ground (WCAG AA: 4.5 to 1)', () => {
    for (const [name, style] of Object.entries(theme.nodes)) {
      // What has no ground of its own stands in any of the boxes.
      const grounds = style.fill === 'none' ? boxes.map((box) => theme.nodes[box].fill) : [style.fill];
      for (const ground of grounds) {
        expect(contrast(style.text, ground), `${name}: label`).toBeGreaterThanOrEqual(4.5);
        expect(contrast(style.mutedText, ground), `${name}: lines`).toBeGreaterThanOrEqual(4.5);
      }
    }
    expect(contrast(theme.text, theme.background)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(theme.mutedText, theme.background)).toBeGreaterThanOrEqual(4.5);
  });

  test('lines that carry something can be seen on every ground (3 to 1)', () => {
    for (const kind of ['veth', 'serves', 'forward', 'way-out', 'port'] as const)
      for (const box of [...boxes, 'frame'] as const)
        expect(contrast(theme.edges[kind].stroke, theme.nodes[box].fill), `${kind} on ${box}`).toBeGreaterThanOrEqual(
          3,
        );
    for (const state of [theme.stateUp, theme.stateDown])
      expect(contrast(state, theme.nodes.link.fill)).toBeGreaterThanOrEqual(3);
  });

  test('every node has a style', () => {
    for (const node of networkGraph(articleModel()).nodes) expect(nodeStyle(theme, node).fill).toBeTruthy();
  });
});
