// Paints a sheet: what is in sight, and of that what can be read at this zoom.
import type { Theme } from '../../shared/export/theme.ts';
import { bentPath } from '../../shared/export/svg-shapes.ts';
import { fontFamilies } from '../../shared/export/theme.ts';
import { elideMiddle, textWidth } from '../../shared/layout/text-width.ts';
import type { GraphNode } from '../../shared/graph/graph.ts';
import type { Box, Point } from '../../shared/layout/scene.ts';
import type { Picture } from '../worker/protocol.ts';
import { drawInk } from './ink.ts';
import { pulled } from './pulled.ts';
import { edgeSheet, isBox, sheetOf } from './sheet.ts';
import type { EdgeSheet, NodeSheet, Sheet, Word } from './sheet.ts';

/** Pixels on the screen below which letters are only noise. */
const readable = 4.6;
/** Below this zoom a box is a title and counts: what is inside could not be told apart any more. */
export const farZoom = 0.34;
/** How much is left of what does not belong to what is pointed at; beside a selection the rest can still be read. */
const dim = {
  hover: { ink: 0.28, words: 0.28 },
  selection: { ink: 0.5, words: 0.75 },
  trace: { ink: 0.3, words: 0.4 },
};
const whole = { ink: 1, words: 1 };

/** What stands out, and why. */
export interface Emphasis {
  readonly lit: ReadonlySet<string>;
  readonly by: keyof typeof dim;
}

export interface PainterOptions {
  readonly theme: Theme;
  /** What to say of what is inside a box, seen from far. */
  readonly counts: (inside: readonly GraphNode[]) => string;
}

export class Painter {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #counts: PainterOptions['counts'];
  #theme: Theme;
  #picture: Picture | undefined;
  #sheet: Sheet | undefined;
  #pan: Point = { x: 0, y: 0 };
  #zoom = 1;
  #selected: string | undefined;
  #emphasis: Emphasis | undefined;
  #numbers: ReadonlyMap<string, number> | undefined;
  #drag: { readonly ids: ReadonlySet<string>; readonly by: Point } | undefined;
  #frame: number | undefined;

  constructor(canvas: HTMLCanvasElement, { theme, counts }: PainterOptions) {
    const context = canvas.getContext('2d');
    if (!context) throw new Error('This window cannot draw on a canvas.');
    this.#canvas = canvas;
    this.#context = context;
    this.#theme = theme;
    this.#counts = counts;
    this.resize();
    // Text that was painted before its font had come is painted again.
    void document.fonts.ready.then(() => this.paint());
  }

  get far(): boolean {
    return this.#zoom < farZoom;
  }

  set theme(theme: Theme) {
    if (theme === this.#theme) return;
    this.#theme = theme;
    this.#makeSheet();
  }

  show(picture: Picture): void {
    this.#picture = picture;
    this.#drag = undefined;
    this.#makeSheet();
  }

  mark(selected: string | undefined, emphasis: Emphasis | undefined, numbers?: ReadonlyMap<string, number>): void {
    this.#selected = selected;
    this.#numbers = numbers;
    this.#emphasis = emphasis;
    this.paint();
  }

  drag(ids: ReadonlySet<string>, by: Point): void {
    this.#drag = { ids, by };
    this.paint();
  }

  view(pan: Point, zoom: number): void {
    this.#pan = { x: pan.x, y: pan.y };
    this.#zoom = zoom;
    this.paint();
  }

  resize(): void {
    const { clientWidth, clientHeight } = this.#canvas.parentElement ?? this.#canvas;
    this.#canvas.width = Math.round(clientWidth * devicePixelRatio);
    this.#canvas.height = Math.round(clientHeight * devicePixelRatio);
    this.#canvas.style.width = `${clientWidth}px`;
    this.#canvas.style.height = `${clientHeight}px`;
    this.#paintNow();
  }

  /** In the next frame, once, however often it is asked for. */
  paint(): void {
    this.#frame ??= requestAnimationFrame(() => this.#paintNow());
  }

  destroy(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
  }

  #makeSheet(): void {
    this.#sheet = this.#picture && sheetOf(this.#picture, this.#theme, this.#counts);
    this.paint();
  }

  #paintNow(): void {
    this.destroy();
    const context = this.#context;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    const sheet = this.#sheet;
    if (!sheet) return;
    const scale = this.#zoom * devicePixelRatio;
    context.setTransform(scale, 0, 0, scale, this.#pan.x * devicePixelRatio, this.#pan.y * devicePixelRatio);
    context.textBaseline = 'alphabetic';
    for (const one of sheet.frames) this.#node(one, true);
    if (this.far) {
      // Lines first: from far they go from box to box, not into them.
      for (const one of sheet.edges) this.#edge(one);
      for (const one of sheet.boxes) this.#farBox(one);
    } else {
      for (const one of sheet.boxes) this.#node(one, true);
      for (const one of sheet.edges) this.#edge(one);
      for (const one of sheet.small) this.#node(one, true);
      for (const one of sheet.edges) this.#edgeLabel(one);
    }
    for (const one of sheet.outside) this.#node(one, true);
    context.globalAlpha = 1;
    if (this.#numbers)
      for (const one of [...sheet.frames, ...sheet.boxes, ...sheet.small, ...sheet.outside]) this.#number(one);
  }

  #node(one: NodeSheet, withWords: boolean): void {
    const by = this.#offsetOf(one.node.id);
    if (!this.#inSight(one.box, by)) return;
    const context = this.#context;
    const alpha = this.#alphaOf(one.node.id);
    context.globalAlpha = alpha.ink;
    context.translate(by.x, by.y);
    for (const ink of one.inks) drawInk(context, ink);
    context.globalAlpha = alpha.words;
    if (withWords) for (const word of one.words) this.#word(word);
    if (one.node.id === this.#selected) this.#ring(one.box);
    context.translate(-by.x, -by.y);
  }

  #farBox(one: NodeSheet): void {
    this.#node(one, false);
    const by = this.#offsetOf(one.node.id);
    const { x, y, width, height } = one.box;
    if (!this.#inSight(one.box, by)) return;
    // As large as can be read on the screen and fits into the box; nothing where it does not.
    const size = Math.min(13 / this.#zoom, height * 0.5);
    if (size * this.#zoom < readable + 1.5) return;
    const title = elideMiddle(one.node.label, 'sans 600', size, width - size * 0.8);
    if (title.length < 3) return;
    const middle = { x: x + by.x + width / 2, y: y + by.y + height / 2 };
    const small = size * 0.8;
    const fits = small * this.#zoom >= readable && textWidth(one.counts, 'sans 400', small) < width - size;
    const withCounts = one.counts !== '' && height > size * 3 && fits;
    this.#word({
      ...{ text: title, font: `600 ${size}px ${fontFamilies.sans}`, size, colour: one.textColour },
      ...{ x: middle.x, y: middle.y + size * (withCounts ? -0.08 : 0.36), centered: true },
    });
    if (!withCounts) return;
    this.#word({
      text: one.counts,
      ...{ font: `400 ${small}px ${fontFamilies.sans}`, size: small, colour: one.mutedColour },
      ...{ x: middle.x, y: middle.y + size * 1.1, centered: true },
    });
  }

  #edge(drawn: EdgeSheet): void {
    const one = this.#dragged(drawn);
    if (!this.#inSight(one.box)) return;
    const context = this.#context;
    context.globalAlpha = this.#alphaOf(one.edge.id).ink;
    if (one.edge.id === this.#selected) {
      context.strokeStyle = this.#theme.accent;
      context.globalAlpha = 0.3;
      context.lineWidth = 10;
      context.lineCap = 'round';
      context.setLineDash([]);
      context.stroke(new Path2D(bentPath(one.route)));
      context.globalAlpha = 1;
    }
    for (const ink of one.inks) drawInk(context, ink);
  }

  #edgeLabel({ edge, label, box }: EdgeSheet): void {
    if (!label || this.#drag || !this.#inSight(box)) return;
    this.#context.globalAlpha = this.#alphaOf(edge.id).words;
    for (const ink of label.inks) drawInk(this.#context, ink);
    this.#word(label.word);
  }

  #word({ text, font, size, colour, x, y, centered }: Word): void {
    if (size * this.#zoom < readable) return;
    const context = this.#context;
    context.font = font;
    context.fillStyle = colour;
    context.textAlign = centered ? 'center' : 'left';
    context.fillText(text, x, y);
  }

  /** Around what is selected, as thick on the screen at every zoom. */
  #ring({ x, y, width, height }: Box): void {
    const context = this.#context;
    const pixel = 1 / this.#zoom;
    context.globalAlpha = 1;
    context.strokeStyle = this.#theme.accent;
    context.lineWidth = 2 * pixel;
    context.setLineDash([]);
    context.beginPath();
    context.roundRect(x - 3 * pixel, y - 3 * pixel, width + 6 * pixel, height + 6 * pixel, 8);
    context.stroke();
  }

  /** A hop's number at the corner of where it is, as large on the screen at every zoom. */
  #number({ node, box }: NodeSheet): void {
    const number = this.#numbers?.get(node.id);
    const by = this.#offsetOf(node.id);
    if (number === undefined || (this.far && !isBox(node)) || !this.#inSight(box, by)) return;
    const context = this.#context;
    const pixel = 1 / this.#zoom;
    const [x, y, radius] = [box.x + by.x, box.y + by.y, 9 * pixel];
    context.fillStyle = this.#theme.accent;
    context.strokeStyle = this.#theme.background;
    context.lineWidth = 1.5 * pixel;
    context.setLineDash([]);
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
    context.font = `600 ${11 * pixel}px ${fontFamilies.sans}`;
    context.fillStyle = this.#theme.background;
    context.textAlign = 'center';
    context.fillText(String(number), x, y + 4 * pixel);
  }

  #alphaOf(id: string): typeof whole {
    return this.#emphasis && !this.#emphasis.lit.has(id) ? dim[this.#emphasis.by] : whole;
  }

  #offsetOf(id: string): Point {
    return this.#drag?.ids.has(id) ? this.#drag.by : nowhere;
  }

  #dragged(one: EdgeSheet): EdgeSheet {
    const drag = this.#drag;
    if (!drag) return one;
    const [source, target] = [drag.ids.has(one.edge.source), drag.ids.has(one.edge.target)];
    if (!source && !target) return one;
    return edgeSheet(one.edge, pulled(one.route, source, target, drag.by), undefined, this.#theme);
  }

  #inSight({ x, y, width, height }: Box, by: Point = nowhere): boolean {
    // Rings and strokes reach a little over the box.
    const slack = 12;
    const left = (x + by.x) * this.#zoom + this.#pan.x;
    const top = (y + by.y) * this.#zoom + this.#pan.y;
    const [right, bottom] = [left + width * this.#zoom, top + height * this.#zoom];
    const { width: canvasWidth, height: canvasHeight } = this.#canvas;
    return (
      right > -slack &&
      bottom > -slack &&
      left < canvasWidth / devicePixelRatio + slack &&
      top < canvasHeight / devicePixelRatio + slack
    );
  }
}

const nowhere: Point = { x: 0, y: 0 };
