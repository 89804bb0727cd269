import { DOMParser } from '@xmldom/xmldom';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeSvg, type SvgOptions } from '../../../../shared/export/svg.ts';
import type { Graph } from '../../../../shared/graph/graph.ts';
import { networkGraph } from '../../../../shared/graph/network-view.ts';
import { layoutGraph } from '../../../../shared/layout/layout.ts';
import { articleModel } from '../../../helpers/article-model.ts';
import { pictures } from '../../../helpers/pictures.ts';
import { randomGraph } from '../../../helpers/random-graph.ts';
import { shuffle } from '../../../helpers/shuffle.ts';
import { oddModel } from '../../../helpers/synthetic-model.ts';

const all: SvgOptions = { theme: 'light', background: 'theme', title: true, legend: true };
const svgOf = (graph: Graph, options: Partial<SvgOptions> = {}): string =>
  writeSvg(graph, layoutGraph(graph), { ...all, ...options });

/** Fails on the first thing that is not well-formed. */
function parse(svg: string): Document {
  const complain = (message: string): never => {
    throw new Error(message);
  };
  return new DOMParser({
    errorHandler: { warning: complain, error: complain, fatalError: complain },
  }).parseFromString(svg, 'image/svg+xml');
}

const elements = (document: Document, name: string): readonly Element[] =>
  Array.from(document.getElementsByTagName(name));
const words = (document: Document): readonly string[] => elements(document, 'text').map((one) => one.textContent ?? '');

describe("the article's host", () => {
  const graph = networkGraph(articleModel());
  const document = parse(svgOf(graph));

  test('text is text', () => {
    for (const word of [
      'nginx-d8e2d',
      'eth0',
      '10.4.0.9/24',
      'vetha72457ab',
      'nerdctl0',
      'tap0',
      'slirp4netns',
      'PID 122373',
      '127.0.0.1:8080 → :80',
    ])
      expect(words(document)).toContain(word);
  });

  test('every node and line is there by its id, nodes with their words as title', () => {
    const ids = elements(document, 'g').map((one) => one.getAttribute('data-id'));
    for (const one of [...graph.nodes, ...graph.edges]) expect(ids).toContain(one.id);
    const ens5 = elements(document, 'g').find((one) => one.getAttribute('data-id') === 'link:net:[4026531840]/2');
    expect(ens5?.getElementsByTagName('title')[0]?.textContent).toBe('ens5\n172.31.40.91/20\neni-0f67ca2c1917ee11c');
  });

  test('fonts have fallbacks', () => {
    for (const text of elements(document, 'text'))
      expect(text.getAttribute('font-family')).toMatch(/^(Inter|'JetBrains Mono'), .*(sans-serif|monospace)$/);
  });

  test('the title says of which host, when and as whom; without it nothing does', () => {
    expect(words(document)).toContain('Network namespaces of ip-172-31-40-91');
    expect(words(document)).toContain('2024-12-10 14:40 UTC · as ec2-user, without sudo');
    expect(words(parse(svgOf(graph, { title: false })))).not.toContain('Network namespaces of ip-172-31-40-91');
  });

  test('the legend has what occurs and nothing else', () => {
    const legend = elements(document, 'g').find((one) => one.getAttribute('data-id') === 'legend');
    const entries = Array.from(legend?.getElementsByTagName('text') ?? []).map((one) => one.textContent);
    expect(entries).toContain('veth pair');
    expect(entries).toContain('dashed: inferred by a rule');
    expect(entries).not.toContain('dotted: one of several candidates');
    expect(svgOf(graph, { legend: false })).not.toContain('veth pair');
  });

  test('a transparent picture has no ground, an opaque one has its theme’s', () => {
    expect(elements(parse(svgOf(graph)), 'rect')[0]?.getAttribute('fill')).toBe('#ffffff');
    expect(elements(parse(svgOf(graph, { theme: 'dark' })), 'rect')[0]?.getAttribute('fill')).toBe('#0e1218');
    const [first] = elements(parse(svgOf(graph, { background: 'transparent' })), 'rect');
    expect(first?.parentNode?.nodeName).toBe('g');
  });

  test('inferred lines are dashed, certain ones are not', () => {
    const strokes = (certainty: string, kind: string) =>
      elements(document, 'g')
        .filter((one) => one.getAttribute('data-certainty') === certainty && one.getAttribute('data-kind') === kind)
        .map((one) => one.getElementsByTagName('path')[0]?.getAttribute('stroke-dasharray'));
    expect(strokes('certain', 'veth')).toEqual(['']);
    expect(strokes('inferred', 'serves')).toEqual(['6 4']);
  });

  test('stays as it is', async () => {
    await expect(svgOf(graph)).toMatchFileSnapshot('../../../fixtures/pictures/article-light.svg');
  });
});

describe('every picture', () => {
  for (const [name, make] of Object.entries(pictures))
    test(`${name}: well-formed, the same for any order, everything in the view box`, () => {
      const graph = networkGraph(make());
      const svg = svgOf(graph);
      const document = parse(svg);
      const again = { ...graph, nodes: shuffle(graph.nodes, 5), edges: shuffle(graph.edges, 6) };
      expect(elements(parse(svgOf(again)), 'g')).toHaveLength(elements(document, 'g').length);
      expect(svgOf(networkGraph(make()))).toBe(svg);
      const root = document.documentElement;
      const [x, y, width, height] = (root.getAttribute('viewBox') ?? '').split(' ').map(Number) as [
        number,
        number,
        number,
        number,
      ];
      expect([root.getAttribute('width'), root.getAttribute('height')]).toEqual([String(width), String(height)]);
      for (const rect of elements(document, 'rect')) {
        const at = (attribute: string): number => Number(rect.getAttribute(attribute));
        expect(at('x')).toBeGreaterThanOrEqual(x);
        expect(at('y')).toBeGreaterThanOrEqual(y);
        expect(at('x') + at('width')).toBeLessThanOrEqual(x + width);
        expect(at('y') + at('height')).toBeLessThanOrEqual(y + height);
      }
    });
});

describe('hostile names', () => {
  test('are text, never markup', () => {
    const document = parse(svgOf(networkGraph(oddModel())));
    expect(elements(document, 'script')).toEqual([]);
    expect(elements(document, 'b')).toEqual([]);
    expect(words(document).join('\n')).toContain('<script>alert(1)</script> ]]> & co');
    expect(words(document)).toContain('Network namespaces of odd <b>&amp;"');
  });

  test('whatever is in them, the picture is well-formed and has no control character', () => {
    const nasty = fc.string({
      unit: fc.constantFrom(
        '\u0000',
        '\u001b',
        '\n',
        '<',
        '&',
        '"',
        "'",
        ']]>',
        '\ud800',
        '\u202e',
        '\uffff',
        'a',
        '名',
        '😀',
      ),
    });
    fc.assert(
      fc.property(nasty, nasty, (label, line) => {
        const graph: Graph = {
          title: label,
          subtitle: line,
          nodes: [
            { id: 'host', kind: 'host', label, lines: [line], tags: [] },
            { id: label, kind: 'netns', parent: 'host', label, lines: [line], tags: [label] },
            { id: `x${line}`, kind: 'link', parent: label, label, lines: [line], tags: [] },
          ],
          edges: [],
        };
        const svg = svgOf(graph.nodes[1]?.id === 'host' ? { ...graph, nodes: graph.nodes.slice(0, 1) } : graph);
        expect(svg).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\ufffe\uffff]/);
        parse(svg);
      }),
      { numRuns: 60 },
    );
  });

  test('any graph at all is well-formed', () => {
    fc.assert(
      fc.property(randomGraph, (graph) => void parse(svgOf(graph))),
      { numRuns: 40 },
    );
  });
});
