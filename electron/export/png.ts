// PNG from our SVG, with the bundled fonts, in a thread of its own: a large picture takes seconds, and nobody waits for it.
// The same for the command line and the app.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import workerCode from './png-worker.cjs?raw';

export interface PngOptions {
  /** Pixels for one unit of the SVG. */
  readonly scale: number;
}

/** Of either side; what other programs open is seldom larger. */
export const longestSide = 65535;
/** Of the whole picture: four bytes each in the renderer, and as much again while it is compressed. */
export const mostPixels = 128 * 1024 * 1024;

export class PngFailed extends Error {
  readonly advice: string;

  constructor(reason: string, advice: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'PngFailed';
    this.advice = advice;
  }
}

const fontFiles = [
  'Inter-Regular.ttf',
  'Inter-Medium.ttf',
  'Inter-SemiBold.ttf',
  'JetBrainsMono-Regular.ttf',
  'JetBrainsMono-Medium.ttf',
];

/**
 * The SVG has to say its `width` and `height` in its first tag, as writeSvg does.
 * Fails with PngFailed when it is not SVG, or would be too large; that one says the largest scale that works.
 */
export async function drawPng(svg: string, { scale }: PngOptions): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height } = pixelsOf(svg);
  if (!(scale > 0)) throw new PngFailed(`A scale of ${scale} draws nothing.`, 'Use a scale above 0.');
  const [columns, rows] = [Math.ceil(width * scale), Math.ceil(height * scale)];
  if (Math.max(columns, rows) > longestSide || columns * rows > mostPixels) {
    const largest = largestScale(width, height);
    throw new PngFailed(
      `A PNG of ${columns} × ${rows} pixels is too large to draw.`,
      `The largest possible scale for this picture is ${largest}. An SVG has no such limit.`,
    );
  }
  return inThread({ ...(await assets()), svg, scale });
}

/** In steps of a hundredth, rounded down. */
export function largestScale(width: number, height: number): number {
  const bySide = longestSide / Math.max(width, height);
  const byArea = Math.sqrt(mostPixels / (width * height));
  return Math.floor(Math.min(bySide, byArea) * 100) / 100;
}

function pixelsOf(svg: string): { readonly width: number; readonly height: number } {
  const tag = /<svg\b[^>]*>/.exec(svg)?.[0] ?? '';
  const side = (name: string): number => Number(new RegExp(`\\s${name}="([0-9.]+)"`).exec(tag)?.[1]);
  const [width, height] = [side('width'), side('height')];
  if (!(width > 0 && height > 0))
    throw new PngFailed('This is not a picture with a width and a height.', 'Give an SVG that nsatlas wrote.');
  return { width, height };
}

interface Assets {
  readonly code: string;
  readonly wasm: Uint8Array;
  readonly fonts: readonly Uint8Array[];
}

let loaded: Promise<Assets> | undefined;

/** Read once; from here and not in the thread, because only here a packed app's files can be relied on. */
function assets(): Promise<Assets> {
  loaded ??= loadAssets().catch((error: unknown) => {
    loaded = undefined;
    throw new PngFailed('The fonts or the renderer of this installation cannot be read.', 'Install nsatlas again.', {
      cause: error,
    });
  });
  return loaded;
}

async function loadAssets(): Promise<Assets> {
  const folder = path.resolve(import.meta.dirname, __NSATLAS_ASSETS__);
  const [code, wasm, ...fonts] = await Promise.all([
    readFile(path.join(folder, 'resvg.js'), 'utf8'),
    readFile(path.join(folder, 'resvg.wasm')),
    ...fontFiles.map((file) => readFile(path.join(folder, 'fonts', file))),
  ]);
  return { code, wasm, fonts };
}

function inThread(work: Assets & { readonly svg: string; readonly scale: number }): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerCode, { eval: true, workerData: work });
    const fail = (reason: string): void =>
      reject(new PngFailed(`The picture could not be drawn: ${reason}`, 'Try a smaller scale, or write an SVG.'));
    worker.once('message', (answer: { readonly png?: Uint8Array<ArrayBuffer>; readonly failed?: string }) => {
      if (answer.png) resolve(answer.png);
      else fail(answer.failed ?? 'the renderer said nothing');
    });
    worker.once('error', (error) => fail(error.message));
    // After an answer this comes too late to matter.
    worker.once('exit', (code) => fail(`the renderer ended with status ${code}`));
  });
}
