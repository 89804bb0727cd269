// Every length of the picture, in pixels at zoom 1: the layout measures with them, the exports and the screen draw with them.
import type { FontName } from './font-advances.ts';

export interface TextStyle {
  readonly font: FontName;
  readonly size: number;
  /** Distance from one baseline to the next. */
  readonly leading: number;
}

export const textStyles = {
  frameTitle: { font: 'sans 600', size: 16, leading: 22 },
  frameLine: { font: 'sans 400', size: 11.5, leading: 17 },
  boxTitle: { font: 'sans 600', size: 13.5, leading: 19 },
  boxLine: { font: 'mono 400', size: 10.5, leading: 15 },
  plateName: { font: 'mono 500', size: 12, leading: 17 },
  plateLine: { font: 'mono 400', size: 10.5, leading: 15 },
  barName: { font: 'mono 500', size: 12, leading: 17 },
  barLine: { font: 'mono 400', size: 10.5, leading: 15 },
  chipName: { font: 'sans 500', size: 12, leading: 16 },
  chipLine: { font: 'mono 400', size: 10.5, leading: 15 },
  containerName: { font: 'sans 600', size: 12.5, leading: 17 },
  containerLine: { font: 'mono 400', size: 10.5, leading: 15 },
  portName: { font: 'mono 500', size: 12, leading: 17 },
  portLine: { font: 'sans 400', size: 11, leading: 15 },
  cloudName: { font: 'sans 500', size: 12, leading: 16 },
  cloudLine: { font: 'mono 400', size: 10.5, leading: 15 },
  edgeLabel: { font: 'sans 600', size: 11, leading: 14 },
  caption: { font: 'sans 400', size: 11, leading: 16 },
  pictureTitle: { font: 'sans 600', size: 19, leading: 26 },
  pictureSubtitle: { font: 'sans 400', size: 12.5, leading: 18 },
} as const satisfies Record<string, TextStyle>;

export type TextStyleName = keyof typeof textStyles;

/** Space inside a node around its text. */
export const padding = {
  plate: { x: 11, y: 6 },
  bar: { x: 12, y: 6 },
  chip: { x: 12, y: 6 },
  container: { x: 13, y: 8 },
  port: { x: 12, y: 6 },
  cloud: { x: 18, y: 15 },
  box: { x: 16, y: 12, bottom: 16 },
  frame: { x: 28, y: 20 },
} as const;

/** Corner radii. */
export const radii = { plate: 5, bar: 5, chip: 14, container: 8, port: 5, box: 10, frame: 14 } as const;

/** Room for the dot that says up or down, before an interface's name. */
export const stateDot = { radius: 3.25, room: 13 } as const;
/** Room for the sign before a container's name. */
export const containerSign = { size: 13, room: 20 } as const;
/** How far the point of a published port's tag sticks out of its text. */
export const portPoint = 9;
/** Between the parts of one row: a process's name and its PID. */
export const rowGap = 7;

/** Text wider than this is cut in the middle. */
export const widestText = { plate: 220, chip: 190, container: 190, box: 300, frame: 520 } as const;
export const narrowest = { plate: 92, chip: 60, container: 132, box: 150, cloud: 96 } as const;

export const gaps = {
  /** Between plates above each other. */
  plates: 10,
  /** Between the left and the right half of a box, where its own lines run. */
  halves: 44,
  /** Between a container's interface and the container. */
  leafHalves: 18,
  /** Between a bar and its first port. */
  barToPorts: 9,
  ports: 5,
  /** From a bar's left end to its ports; the rail runs in it. */
  rail: 18,
  /** Between a header and what is below it. */
  header: 12,
  /** Between bars above each other. */
  blocks: 22,
  /** Between what is wired and the quiet rest below. */
  quiet: 22,
  /** Between quiet chips at the bottom of a box. */
  chips: 8,
  /** Between boxes beside each other in one grid. */
  columns: 34,
  /** Between boxes above each other. */
  rows: 24,
  /** Between a box and those it leads to. */
  gutter: 60,
  /** Between two lines that run side by side. */
  lane: 7,
  /** So many get room of their own between a box and those it leads to. */
  mostLanes: 24,
  /** Between parts of the picture that no line joins. */
  trees: 40,
  /** Below the host's box there is always room down to here. */
  tall: 640,
  /** Between the frame's title and the boxes. */
  frameHeader: 18,
  /** Between the frame and what is outside. */
  outside: 56,
} as const;

/** From one of so many lines side by side to the next: where there are many, they move together. */
export const lanePitch = (lines: number): number => (lines > 6 ? 5 : gaps.lane);

/** Width to height that a whole picture aims at. */
export const pleasantAspect = 1.6;
