// How many boxes stand beside each other in the grids of a picture: such that the whole is pleasantly wide for its height.
import type { GraphNode } from '../graph/graph.ts';
import { groupBy } from '../graph/grouping.ts';
import { gaps, lanePitch, padding, pleasantAspect } from './dimensions.ts';
import type { Structure } from './structure.ts';

/** Few boxes stand below each other: straight lines are worth more than a good ratio. */
const few = 4;

/** From sizes alone, without placing anything: the exact picture may differ a little. */
export function bestColumns(structure: Structure): number {
  const grids: { readonly count: number; readonly width: number; readonly height: number }[] = [];
  for (const branches of structure.branchesOf.values())
    for (const group of groupBy(branches, (branch) => masterOf(branch.from, structure)).values()) {
      const leaves = group.filter((branch) => !structure.branchesOf.has(branch.box.id));
      const sizes = leaves.slice(0, 50).map((branch) => roughSize(branch.box, structure));
      if (sizes.length === 0) continue;
      grids.push({
        count: leaves.length,
        width: Math.max(...sizes.map((size) => size.width)) + gaps.columns,
        height: Math.max(...sizes.map((size) => size.height)) + gaps.rows,
      });
    }
  const most = Math.max(0, ...grids.map((grid) => grid.count));
  if (most <= few) return 1;
  const host = { width: 640, height: 260 };
  let best = 1;
  let bestError = Infinity;
  for (let columns = 1; columns <= most; columns++) {
    const lanes = (columns - 1) * lanePitch(columns - 1);
    const width = host.width + Math.max(...grids.map((grid) => Math.min(columns, grid.count) * grid.width)) + lanes;
    const height = grids.reduce((sum, grid) => sum + Math.ceil(grid.count / columns) * (grid.height + lanes), 0);
    const error = Math.abs(Math.log(width / Math.max(host.height, height) / pleasantAspect));
    if (error < bestError) [best, bestError] = [columns, error];
    if (width / height > pleasantAspect * 4) break;
  }
  return best;
}

function masterOf(from: GraphNode, structure: Structure): string {
  const edge = (structure.edgesOf.get(from.id) ?? []).find((one) => one.kind === 'port' && one.source === from.id);
  return edge?.target ?? from.parent ?? from.id;
}

function roughSize(box: GraphNode, structure: Structure): { readonly width: number; readonly height: number } {
  const header = structure.sizeOf(box);
  const children = structure.childrenOf.get(box.id) ?? [];
  const sizes = children.map((child) => ({ link: child.kind === 'link', ...structure.sizeOf(child) }));
  const side = (link: boolean): number =>
    Math.max(0, ...sizes.filter((one) => one.link === link).map((one) => one.width));
  const inner = side(true) + side(false) + gaps.leafHalves;
  const tallest = Math.max(0, ...sizes.map((one) => one.height));
  return {
    width: Math.max(header.width, inner + padding.box.x * 2),
    height: header.height + tallest + padding.box.bottom,
  };
}
