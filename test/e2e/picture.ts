// Where things stand on the screen. The picture is painted on a canvas, so a test that wants to click a thing computes its
// place as the app does: the same model out of the same file, the same graph, the same layout, and the whole of it fitted
// into the canvas.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { fittingView } from '../../renderer/graph/fitting-view.ts';
import { readSnapshotFile } from '../../electron/store/snapshot-file.ts';
import type { Graph, GraphNode } from '../../shared/graph/graph.ts';
import { networkGraph } from '../../shared/graph/network-view.ts';
import { layoutGraph } from '../../shared/layout/layout.ts';
import type { Box, Point, Scene } from '../../shared/layout/scene.ts';
import type { Model } from '../../shared/model/model.ts';
import { deriveModel } from '../../shared/snapshot/derive.ts';

export class DrawnPicture {
  readonly page: Page;
  readonly model: Model;
  readonly graph: Graph;
  readonly scene: Scene;

  private constructor(page: Page, model: Model, hideLoopback: boolean, moved: ReadonlyMap<string, Point>) {
    this.page = page;
    this.model = model;
    this.graph = networkGraph(model, { hideLoopback });
    this.scene = layoutGraph(this.graph, moved);
  }

  /** Loopback is hidden at first. `moved`: corners of nodes that were dragged. */
  static async ofFile(
    page: Page,
    file: string,
    how: { readonly hideLoopback?: boolean; readonly moved?: ReadonlyMap<string, Point> } = {},
  ): Promise<DrawnPicture> {
    const { transcript } = await readSnapshotFile(file);
    const { model } = deriveModel(transcript);
    return new DrawnPicture(page, model, how.hideLoopback ?? true, how.moved ?? new Map());
  }

  get canvas(): Locator {
    return canvasOf(this.page);
  }

  /** The one node of that label, in the box of that label where several have it. */
  node(label: string, inBox?: string): GraphNode {
    const found = this.graph.nodes.filter(
      (node) => node.label === label && (inBox === undefined || this.parentOf(node)?.label === inBox),
    );
    const [first] = found;
    if (first === undefined || found.length > 1) throw new Error(`${found.length} nodes called ${label}`);
    return first;
  }

  parentOf(node: GraphNode): GraphNode | undefined {
    return this.graph.nodes.find(({ id }) => id === node.parent);
  }

  boxOf(node: GraphNode): Box {
    const box = this.scene.boxes.get(node.id);
    if (!box) throw new Error(`${node.label} has no place`);
    return box;
  }

  /** Its middle; of a box its title, since the rest of a box is room for what is in it. */
  async placeOf(node: GraphNode): Promise<Point> {
    const box = this.boxOf(node);
    const title = node.kind === 'netns' || node.kind === 'unknown' || node.kind === 'host';
    return this.toPage({ x: title ? box.x + 40 : box.x + box.width / 2, y: box.y + (title ? 14 : box.height / 2) });
  }

  /** Fits the picture and clicks; the inspector has to follow. */
  async click(node: GraphNode): Promise<void> {
    await this.fit();
    const { x, y } = await this.placeOf(node);
    await this.page.mouse.click(x, y);
  }

  /** Takes a node along by so many pixels of the screen; how far that is in the scene. */
  async drag(node: GraphNode, by: Point): Promise<Point> {
    await this.fit();
    const { x, y } = await this.placeOf(node);
    const { mouse } = this.page;
    await mouse.move(x, y);
    await mouse.down();
    await mouse.move(x + by.x / 2, y + by.y / 2);
    await mouse.move(x + by.x, y + by.y);
    await mouse.up();
    const { zoom } = await this.#view();
    return { x: by.x / zoom, y: by.y / zoom };
  }

  /** Everything in sight, and the pointer out of the way. */
  async fit(): Promise<void> {
    await this.page.getByRole('button', { name: 'Fit everything' }).click();
  }

  async toPage(at: Point): Promise<Point> {
    const { zoom, left, top } = await this.#view();
    return { x: left + at.x * zoom, y: top + at.y * zoom };
  }

  async #view(): Promise<{ readonly zoom: number; readonly left: number; readonly top: number }> {
    const canvas = await this.canvas.boundingBox();
    if (!canvas) throw new Error('no picture on the screen');
    const { zoom, pan } = fittingView(this.scene.bounds, canvas);
    return { zoom, left: canvas.x + pan.x, top: canvas.y + pan.y };
  }
}

export function canvasOf(page: Page): Locator {
  return page.getByRole('application', { name: 'Network picture' });
}

/** The picture is there: its canvas, and not of one colour. */
export async function expectDrawn(page: Page): Promise<void> {
  const canvas = canvasOf(page);
  await expect(canvas).toBeVisible({ timeout: 60_000 });
  await expect
    .poll(
      () =>
        canvas
          .locator('canvas')
          .first()
          .evaluate((surface: HTMLCanvasElement) => {
            const { width, height } = surface;
            const pixels = surface.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
            const colours = new Set<number>();
            for (let at = 0; at < pixels.length; at += 4) {
              colours.add(((pixels[at] ?? 0) << 16) | ((pixels[at + 1] ?? 0) << 8) | (pixels[at + 2] ?? 0));
            }
            return colours.size;
          }),
      { message: 'colours in the picture', timeout: 30_000 },
    )
    .toBeGreaterThan(20);
}

/** Paths of the cached snapshots. */
export async function cachedSnapshots(userData: string): Promise<readonly string[]> {
  const folder = path.join(userData, 'snapshots');
  return (await readdir(folder)).filter((name) => name.endsWith('.nsatlas')).map((name) => path.join(folder, name));
}
