// The one owner of the canvas. Cytoscape keeps the elements, the viewport and the gestures (drag, wheel, pinch); the
// picture itself is painted by our own painter on a canvas below, with the texts, shapes and colours of the exports, so
// that the screen and a saved SVG are the same picture, and only as much of it as can be seen.
import type { Core, EventObject, NodeSingular } from 'cytoscape';
import type { Theme } from '../../shared/export/theme.ts';
import type { GraphNode } from '../../shared/graph/graph.ts';
import type { Box, Point } from '../../shared/layout/scene.ts';
import type { Viewport } from '../state/viewport.ts';
import type { Picture } from '../worker/protocol.ts';
import { boxOf, reaches } from './covered.ts';
import { gesturesIn, replaceElements } from './cytoscape-core.ts';
import { elementAt } from './element-at.ts';
import { draggable, withDescendants } from './drag.ts';
import { elementsOf } from './elements.ts';
import { fittingView } from './fitting-view.ts';
import type { View } from './fitting-view.ts';
import { Painter } from './painter.ts';
import type { Emphasis, PainterOptions } from './painter.ts';
import { isBox } from './sheet.ts';

export interface CanvasEvents {
  readonly onselect: (element: string | undefined) => void;
  readonly onhover: (element: string | undefined) => void;
  readonly onfold: (node: string) => void;
  /** A node was taken somewhere else, with everything in it: by how much, in scene pixels. */
  readonly onmove: (node: string, by: Point) => void;
  /** Another part of the picture is in sight, or it stands elsewhere; `whole`: as it was fitted into the canvas. */
  readonly onview: (whole: boolean) => void;
}

/** How near a node is brought to be read. */
const readingZoom = 0.85;
/** Below the first of these zooms names can be made out, addresses hardly; below the second nothing but the boxes' titles. */
const textLimits = [0.65, 0.45];
/** Pixels left beside what has to stay in sight. */
const beside = 24;

export class GraphCanvas implements Viewport {
  readonly #cy: Core;
  readonly #painter: Painter;
  readonly #events: CanvasEvents;
  #picture: Picture | undefined;
  #hovered: string | undefined;
  /** All of it is in sight, and nobody has zoomed, panned or moved since: it stays so when the canvas changes its size. */
  #whole = false;
  #pressed: string | undefined;
  #drag: { readonly ids: ReadonlySet<string>; readonly from: Point; readonly node: string } | undefined;

  /** `container` hears the gestures and lies over `canvas`, both as large as the same parent. */
  constructor(container: HTMLElement, canvas: HTMLCanvasElement, options: PainterOptions, events: CanvasEvents) {
    this.#events = events;
    this.#cy = gesturesIn(container);
    this.#painter = new Painter(canvas, options);
    this.#listen(container);
  }

  /**
   * Shows another picture; what is in both keeps its element. The viewport stays unless this is the first, or the picture
   * was in sight as a whole and would not be any more.
   */
  show(picture: Picture): void {
    const first = this.#picture === undefined;
    this.#picture = picture;
    this.#cy.batch(() => replaceElements(this.#cy, elementsOf(picture)));
    this.#painter.show(picture);
    const outgrown = this.#whole && !this.#inSight(picture.scene.bounds) && !this.#wouldBeTooSmall();
    if (first || outgrown) this.fit();
    else this.#painter.paint();
  }

  set theme(theme: Theme) {
    this.#painter.theme = theme;
  }
  /** Marks the selected element; what is lit stands out against the rest; nodes that have a number show it. */
  mark(selected: string | undefined, emphasis: Emphasis | undefined, numbers?: ReadonlyMap<string, number>): void {
    this.#painter.mark(selected, emphasis, numbers);
  }

  zoomBy(factor: number): void {
    this.#whole = false;
    const { width, height } = this.#size();
    this.#cy.zoom({ level: this.#cy.zoom() * factor, renderedPosition: { x: width / 2, y: height / 2 } });
  }

  fit(element?: string): void {
    const picture = this.#picture;
    if (!picture) return;
    const box = element === undefined ? undefined : picture.scene.boxes.get(element);
    this.#whole = !box;
    this.#view(box ? fittingView(box, this.#size(), 2) : fittingView(picture.scene.bounds, this.#size()));
  }

  reveal(element: string): void {
    const picture = this.#picture;
    const box = picture && boxOf(picture, element);
    if (!box) return;
    const zoom = this.#cy.zoom();
    if (this.#inSight(box) && zoom >= readingZoom * 0.6) return;
    this.#whole = false;
    // As near as to be read, but never so near that it does not fit.
    this.#view(fittingView(box, this.#size(), Math.max(zoom, readingZoom)));
  }

  covers({ x, y, width, height }: Box): boolean {
    const { left, top } = this.#origin();
    const [zoom, pan] = [this.#cy.zoom(), this.#cy.pan()];
    const area = { x: (x - left - pan.x) / zoom, y: (y - top - pan.y) / zoom };
    return (
      this.#picture !== undefined && reaches(this.#picture, { ...area, width: width / zoom, height: height / zoom })
    );
  }

  panBy(x: number, y: number): void {
    this.#whole = false;
    this.#cy.panBy({ x, y });
  }

  /** Element under a point of the page. */
  at(clientX: number, clientY: number): string | undefined {
    return this.#seen(this.#at(this.#toScene(clientX, clientY)));
  }

  /** The canvas has another size. What was in sight as a whole stays so; else nothing moves, but for what is selected. */
  resize(selected: string | undefined): void {
    const box = selected === undefined || !this.#picture ? undefined : boxOf(this.#picture, selected);
    const wasInSight = box !== undefined && this.#inSight(box);
    this.#cy.resize();
    this.#painter.resize();
    if (this.#whole && !this.#wouldBeTooSmall()) this.fit();
    else if (wasInSight) this.#giveWay(box);
    this.#paintAt();
  }

  /** Text that can be read now could not any more if the whole picture was fitted into the canvas as it is. */
  #wouldBeTooSmall(): boolean {
    const fitting = this.#picture ? fittingView(this.#picture.scene.bounds, this.#size()).zoom : 1;
    return textLimits.some((limit) => this.#cy.zoom() >= limit && fitting < limit);
  }

  /** Moves the view just so far that a box is not cut off on the right or below. */
  #giveWay(box: Box): void {
    const { width, height } = this.#size();
    const [zoom, pan] = [this.#cy.zoom(), this.#cy.pan()];
    const right = Math.max(0, (box.x + box.width) * zoom + pan.x + beside - width);
    const below = Math.max(0, (box.y + box.height) * zoom + pan.y + beside - height);
    if (right > 0 || below > 0) this.#cy.panBy({ x: -right, y: -below });
  }

  destroy(): void {
    this.#cy.destroy();
    this.#painter.destroy();
  }

  #view({ zoom, pan }: View): void {
    this.#cy.viewport({ zoom, pan: { ...pan } });
  }

  #inSight(box: Box): boolean {
    const { width, height } = this.#size();
    const [zoom, pan] = [this.#cy.zoom(), this.#cy.pan()];
    const [left, top] = [box.x * zoom + pan.x, box.y * zoom + pan.y];
    return left >= 0 && top >= 0 && left + box.width * zoom <= width && top + box.height * zoom <= height;
  }

  #size(): { readonly width: number; readonly height: number } {
    return { width: this.#cy.width(), height: this.#cy.height() };
  }

  #origin(): { readonly left: number; readonly top: number } {
    return this.#cy.container()?.getBoundingClientRect() ?? { left: 0, top: 0 };
  }

  #toScene(clientX: number, clientY: number): Point {
    const { left, top } = this.#origin();
    const [pan, zoom] = [this.#cy.pan(), this.#cy.zoom()];
    return { x: (clientX - left - pan.x) / zoom, y: (clientY - top - pan.y) / zoom };
  }

  #at(point: Point): string | undefined {
    return this.#picture && elementAt(this.#picture, point, 6 / this.#cy.zoom());
  }

  #hover(id: string | undefined): void {
    if (id === this.#hovered || this.#drag) return;
    this.#hovered = id;
    this.#events.onhover(id);
  }

  /** From far, what is inside a box is not to be seen: the box is meant. */
  #seen(id: string | undefined): string | undefined {
    if (id === undefined || !this.#painter.far) return id;
    const node = this.#node(id);
    return node && !isBox(node) && node.kind !== 'host' && node.parent !== undefined ? node.parent : id;
  }

  /** Boxes are under the pointer nearly everywhere: near, only what is in them answers to it. */
  #telling(id: string | undefined): string | undefined {
    const node = id === undefined ? undefined : this.#node(id);
    return node && isBox(node) && !this.#painter.far ? undefined : id;
  }

  #node(id: string): GraphNode | undefined {
    return this.#picture?.graph.nodes.find((node) => node.id === id);
  }

  #paintAt(): void {
    this.#painter.view(this.#cy.pan(), this.#cy.zoom());
    this.#events.onview(this.#whole);
  }

  #listen(container: HTMLElement): void {
    const cy = this.#cy;
    cy.on('viewport', () => this.#paintAt());
    cy.on('dragpan scrollzoom pinchzoom', () => (this.#whole = false));
    const under = (event: EventObject): string | undefined => this.#seen(this.#at(event.position));
    cy.on('tap', (event) => this.#events.onselect(under(event)));
    cy.on('mousemove', (event) => this.#hover(this.#telling(under(event))));
    cy.on('mouseout', (event) => event.target === cy && this.#hover(undefined));
    cy.on('grab', 'node', (event) => this.#grab(event.target));
    cy.on('drag', 'node', (event) => this.#dragTo(event.target));
    cy.on('dragfree', 'node', (event) => this.#drop(event.target));
    // Not Cytoscape's dbltap: it takes any two clicks in a quarter of a second for one, wherever they were.
    // What the first of the two clicks was on: the inspector may have opened meanwhile and the picture given way to it.
    container.addEventListener('dblclick', () => this.#events.onfold(this.#pressed ?? ''));
    // Before Cytoscape hears of it: boxes are grabbed by their header, elsewhere a drag moves the view.
    container.addEventListener('mousedown', (event) => this.#aim(event), { capture: true });
  }

  #aim(event: MouseEvent): void {
    const id = this.at(event.clientX, event.clientY);
    if (event.detail < 2) this.#pressed = id;
    const node = id === undefined ? undefined : this.#node(id);
    const box = id === undefined ? undefined : this.#picture?.scene.boxes.get(id);
    if (!node || !box) return;
    const grabbable = draggable(node, box, this.#toScene(event.clientX, event.clientY));
    const element = this.#cy.getElementById(node.id);
    if (grabbable) element.grabify().unpanify();
    else element.ungrabify().panify();
  }

  #grab(node: NodeSingular): void {
    if (!this.#picture) return;
    const ids = withDescendants(this.#picture.graph, node.id());
    this.#drag = { ids, from: { ...node.position() }, node: node.id() };
  }

  #dragTo(node: NodeSingular): void {
    const drag = this.#drag;
    if (!drag || drag.node !== node.id()) return;
    this.#painter.drag(drag.ids, { x: node.position().x - drag.from.x, y: node.position().y - drag.from.y });
  }

  #drop(node: NodeSingular): void {
    const drag = this.#drag;
    this.#drag = undefined;
    if (!drag || !this.#picture) return;
    const by = { x: Math.round(node.position().x - drag.from.x), y: Math.round(node.position().y - drag.from.y) };
    if (by.x === 0 && by.y === 0) return;
    this.#whole = false;
    this.#events.onmove(drag.node, by);
  }
}
