// What a line should not run through: plates, headers and boxes, found quickly by where they are.
import type { GraphNode } from '../../graph/graph.ts';
import { headerArea } from '../node-text.ts';
import type { Box, Point } from '../scene.ts';

export interface Obstacle {
  readonly id: string;
  /** The outermost box it is in; itself for such a box. */
  readonly owner: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Number of the search that saw it last: it lies in several cells. */
  search: number;
}

/** The two ends of a line: they and the boxes around them are no obstacles, what else is in those boxes is. */
export interface Ends {
  readonly source: string;
  readonly target: string;
  readonly sourceBox: string;
  readonly targetBox: string;
}

const cell = 160;
/** Of the keys of two rows of cells: more columns than a picture has, and few enough for keys to stay small integers. */
const columnsApart = 8192;
/** Lines keep this far from what they pass. */
const clearance = 4;

export class Obstacles {
  readonly #cells = new Map<number, Obstacle[]>();
  #search = 0;

  constructor(nodes: readonly GraphNode[], boxes: ReadonlyMap<string, Box>, boxOf: ReadonlyMap<string, string>) {
    for (const node of nodes) {
      const box = boxes.get(node.id);
      if (box === undefined || node.kind === 'host') continue;
      this.#add(node.id, boxOf.get(node.id) ?? node.id, box);
      const isBox = node.kind === 'netns' || node.kind === 'unknown';
      if (isBox && box.height > 0) this.#add(`${node.id} header`, node.id, headerArea(node, box));
    }
  }

  #add(id: string, owner: string, box: Box): void {
    const obstacle: Obstacle = {
      id,
      owner,
      left: box.x,
      top: box.y,
      right: box.x + box.width,
      bottom: box.y + box.height,
      search: 0,
    };
    for (let row = at(obstacle.top - clearance); row <= at(obstacle.bottom + clearance); row++)
      for (let column = at(obstacle.left - clearance); column <= at(obstacle.right + clearance); column++) {
        const key = row * columnsApart + column;
        const known = this.#cells.get(key);
        if (known) known.push(obstacle);
        else this.#cells.set(key, [obstacle]);
      }
  }

  /** How many obstacles lie in the way of a line of horizontal and vertical pieces; stops counting at `enough`. */
  hits(line: readonly Point[], ends: Ends, enough = Infinity): number {
    let count = 0;
    for (let i = 1; i < line.length && count < enough; i++) {
      const [a, b] = [line[i - 1], line[i]];
      if (a && b) count += this.between(a, b, ends).length;
    }
    return count;
  }

  /** Whether a box covers no plate or header of the two ends' boxes, and no other box. */
  isFree(box: Box, ends: Ends): boolean {
    const corner = { x: box.x + box.width, y: box.y + box.height };
    return this.between(box, corner, { ...ends, source: '', target: '' }).length === 0;
  }

  /** What lies in the way of a straight line (or within the rectangle between two points). */
  between(a: Point, b: Point, ends: Ends): readonly Obstacle[] {
    const [left, right] = a.x < b.x ? [a.x, b.x] : [b.x, a.x];
    const [top, bottom] = a.y < b.y ? [a.y, b.y] : [b.y, a.y];
    const search = ++this.#search;
    let found: Obstacle[] = nothing;
    for (let row = at(top); row <= at(bottom); row++)
      for (let column = at(left); column <= at(right); column++) {
        const inCell = this.#cells.get(row * columnsApart + column);
        if (inCell === undefined) continue;
        for (const one of inCell) {
          if (one.search === search) continue;
          one.search = search;
          if (
            one.left - clearance >= right ||
            one.right + clearance <= left ||
            one.top - clearance >= bottom ||
            one.bottom + clearance <= top
          )
            continue;
          if (one.id === ends.source || one.id === ends.target) continue;
          const near = one.owner === ends.sourceBox || one.owner === ends.targetBox;
          if (one.id === one.owner ? near : !near) continue;
          if (found === nothing) found = [one];
          else found.push(one);
        }
      }
    return found;
  }
}

const nothing: Obstacle[] = [];
const at = (value: number): number => Math.floor(value / cell);
