// A placed graph: boxes and routes in pixels at zoom 1, x to the right, y down.

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Top left corner and size. */
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export interface Scene {
  /** By node id. A box node's box encloses its children's. */
  readonly boxes: ReadonlyMap<string, Box>;
  /** By edge id: from border to border, at least two points; straight or orthogonal pieces. */
  readonly routes: ReadonlyMap<string, readonly Point[]>;
  /** Middle of an edge's label, by edge id; only for edges that have one. */
  readonly labels: ReadonlyMap<string, Point>;
  readonly bounds: Box;
}
