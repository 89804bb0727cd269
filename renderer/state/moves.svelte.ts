// What was moved by hand, with undo and redo. The layout takes these positions as given and routes around them.
import type { Point } from '../../shared/layout/scene.ts';

/** Node id → top left corner in the scene. */
export type Moved = ReadonlyMap<string, Point>;

export class Moves {
  #past = $state.raw<readonly Moved[]>([]);
  #current = $state.raw<Moved>(new Map());
  #future = $state.raw<readonly Moved[]>([]);

  get current(): Moved {
    return this.#current;
  }
  get canUndo(): boolean {
    return this.#past.length > 0;
  }
  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** One gesture: a node, or a box with everything in it that had been moved before. */
  add(positions: Moved): void {
    this.#past = [...this.#past, this.#current];
    this.#current = new Map([...this.#current, ...positions]);
    this.#future = [];
  }

  undo(): boolean {
    const before = this.#past.at(-1);
    if (before === undefined) return false;
    this.#future = [this.#current, ...this.#future];
    this.#past = this.#past.slice(0, -1);
    this.#current = before;
    return true;
  }

  redo(): boolean {
    const [after, ...rest] = this.#future;
    if (after === undefined) return false;
    this.#past = [...this.#past, this.#current];
    this.#future = rest;
    this.#current = after;
    return true;
  }

  /** Another host: its own positions, no way back into this one's. */
  reset(positions: Moved = new Map()): void {
    this.#past = [];
    this.#future = [];
    this.#current = positions;
  }

  /** Everything back where the layout puts it; can be undone. */
  clear(): void {
    if (this.#current.size === 0) return;
    this.#past = [...this.#past, this.#current];
    this.#current = new Map();
    this.#future = [];
  }
}
