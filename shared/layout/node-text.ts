// Where each word of a node stands inside its box, and how large the box has to be for it.
import type { GraphNode } from '../graph/graph.ts';
import {
  containerSign,
  narrowest,
  padding,
  portPoint,
  rowGap,
  stateDot,
  textStyles,
  widestText,
  type TextStyleName,
} from './dimensions.ts';
import type { Box } from './scene.ts';
import { elideMiddle, textWidth } from './text-width.ts';

export interface TextRun {
  /** As drawn: maybe cut in the middle. */
  readonly text: string;
  /** The whole text where it was cut. */
  readonly full?: string;
  readonly style: TextStyleName;
  /** Left end of the baseline; its middle when `centered`. */
  readonly x: number;
  readonly y: number;
  readonly centered?: boolean;
}

interface Words {
  readonly text: string;
  readonly full?: string;
  readonly style: TextStyleName;
  readonly width: number;
}

/** Rows of a node's text, each of one or more words beside each other. */
interface TextBlock {
  readonly rows: readonly (readonly Words[])[];
  readonly padding: { readonly x: number; readonly y: number };
  /** Before the text of the first row; of every row where `hanging`. */
  readonly indent: number;
  readonly hanging: boolean;
  readonly after: number;
  readonly narrowest: number;
  readonly centered?: boolean;
  /** The second of two words stands at the right end. */
  readonly spread?: boolean;
}

function words(text: string, style: TextStyleName, widest: number): Words {
  const { font, size } = textStyles[style];
  const width = textWidth(text, font, size);
  if (width <= widest) return { text, style, width };
  const shown = elideMiddle(text, font, size, widest);
  return { text: shown, full: text, style, width: textWidth(shown, font, size) };
}

function blockOf(node: GraphNode): TextBlock {
  const row = (style: TextStyleName, widest: number) => (text: string) => [words(text, style, widest)];
  const plain = { indent: 0, hanging: false, after: 0 };
  switch (node.kind) {
    case 'host':
      return {
        ...plain,
        rows: [row('frameTitle', widestText.frame)(node.label), ...node.lines.map(row('frameLine', widestText.frame))],
        padding: padding.frame,
        narrowest: 0,
      };
    case 'netns':
    case 'unknown':
      return {
        ...plain,
        rows: [row('boxTitle', widestText.box)(node.label), ...node.lines.map(row('boxLine', widestText.box))],
        padding: padding.box,
        narrowest: narrowest.box,
      };
    case 'link':
      return {
        ...plain,
        rows: [row('plateName', widestText.plate)(node.label), ...node.lines.map(row('plateLine', widestText.plate))],
        padding: padding.plate,
        indent: stateDot.room,
        hanging: true,
        narrowest: narrowest.plate,
      };
    case 'bridge': {
      const [first, ...others] = node.lines;
      const name = words(node.label, 'barName', widestText.plate);
      return {
        ...plain,
        rows: [
          first === undefined ? [name] : [name, words(first, 'barLine', widestText.plate)],
          ...others.map(row('barLine', widestText.plate)),
        ],
        padding: padding.bar,
        narrowest: narrowest.plate,
        spread: true,
      };
    }
    case 'process':
      return {
        ...plain,
        rows: [
          [
            words(node.label, 'chipName', widestText.chip),
            ...node.lines.map((line) => words(line, 'chipLine', widestText.chip)),
          ],
        ],
        padding: padding.chip,
        narrowest: narrowest.chip,
      };
    case 'container':
      return {
        ...plain,
        rows: [
          row('containerName', widestText.container)(node.label),
          ...node.lines.map(row('containerLine', widestText.container)),
        ],
        padding: padding.container,
        indent: containerSign.room,
        hanging: true,
        narrowest: narrowest.container,
      };
    case 'port':
      return {
        ...plain,
        rows: [row('portName', widestText.plate)(node.label), ...node.lines.map(row('portLine', widestText.plate))],
        padding: padding.port,
        after: portPoint,
        narrowest: narrowest.plate,
      };
    case 'internet':
      return {
        ...plain,
        rows: [row('cloudName', widestText.plate)(node.label), ...node.lines.map(row('cloudLine', widestText.plate))],
        padding: padding.cloud,
        narrowest: narrowest.cloud,
        centered: true,
      };
  }
}

const leadingOf = (row: readonly Words[]): number => Math.max(...row.map((one) => textStyles[one.style].leading));
const rowWidth = (row: readonly Words[]): number =>
  row.reduce((sum, one) => sum + one.width, 0) + rowGap * (row.length - 1);

export interface Size {
  readonly width: number;
  readonly height: number;
}
/** Size that holds the node's own text with its padding; for boxes that is their header. Whole pixels. */
export function textSize(node: GraphNode): Size {
  const block = blockOf(node);
  const width = Math.max(
    0,
    ...block.rows.map(
      (row, i) => rowWidth(row) + (i === 0 || block.hanging ? block.indent : 0) + spreadRoom(block, row),
    ),
  );
  const height = block.rows.reduce((sum, row) => sum + leadingOf(row), 0);
  return {
    width: Math.max(block.narrowest, Math.ceil(width + block.padding.x * 2 + block.after)),
    height: Math.ceil(height + block.padding.y * 2),
  };
}

/** Words at the two ends of a row should not look like one. */
const spreadRoom = (block: TextBlock, row: readonly Words[]): number => (block.spread && row.length > 1 ? 14 : 0);

/** The node's text inside its box. Text stands at the top of boxes, in the vertical middle of everything else. */
export function placeText(node: GraphNode, box: Box): readonly TextRun[] {
  const block = blockOf(node);
  const isBox = node.kind === 'host' || node.kind === 'netns' || node.kind === 'unknown';
  const height = block.rows.reduce((sum, row) => sum + leadingOf(row), 0);
  let top = isBox ? box.y + block.padding.y : box.y + (box.height - height) / 2;
  const runs: TextRun[] = [];
  block.rows.forEach((row, i) => {
    const leading = leadingOf(row);
    const largest = Math.max(...row.map((one) => textStyles[one.style].size));
    // Digits and capitals of both fonts are about 0.73 em high: this centres them in their row.
    const y = round(top + leading / 2 + largest * 0.36);
    let x = box.x + block.padding.x + (i === 0 || block.hanging ? block.indent : 0);
    row.forEach((one, k) => {
      const end = block.spread && row.length > 1 && k === row.length - 1;
      const at = end ? box.x + box.width - block.padding.x - one.width : x;
      runs.push({
        text: one.text,
        ...(one.full === undefined ? {} : { full: one.full }),
        style: one.style,
        x: round(block.centered ? box.x + box.width / 2 : at),
        y,
        ...(block.centered ? { centered: true } : {}),
      });
      x += one.width + rowGap;
    });
    top += leading;
  });
  return runs;
}

/** What the header of a box covers: lines keep away from it. */
export function headerArea(node: GraphNode, box: Box): Box {
  const block = blockOf(node);
  const width = Math.max(0, ...block.rows.map(rowWidth));
  const height = block.rows.reduce((sum, row) => sum + leadingOf(row), 0);
  return { x: box.x + block.padding.x, y: box.y + block.padding.y, width, height };
}

const round = (value: number): number => Math.round(value * 100) / 100;
