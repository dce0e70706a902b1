// Where each span goes: the tree in display order, depths, sizes of subtrees, and how much time each span spent by itself.

import { noParent, type TraceOutline } from "./outline";

export interface TraceLayout {
  /** Display position → row; depth first, children in order of start. */
  order: Uint32Array;
  /** Row → display position. */
  position: Uint32Array;
  depth: Uint16Array;
  /** Row → number of rows in its subtree, itself included. */
  subtree: Uint32Array;
  /** Row → nanoseconds not covered by any child. */
  selfTime: Float64Array;
  /** Children of row r: childRows[childStart[r] .. childStart[r + 1]]. */
  childStart: Uint32Array;
  childRows: Uint32Array;
  roots: Uint32Array;
  /** Nanoseconds from the origin to the last end. */
  extent: number;
  deepest: number;
  errors: number;
}

export function layoutTrace(outline: TraceOutline): TraceLayout {
  const { rows, parent, start, duration } = outline;
  const { childStart, childRows, roots } = childrenOf(parent);

  const order = new Uint32Array(rows);
  const position = new Uint32Array(rows);
  const depth = new Uint16Array(rows);
  const stack: number[] = Array.from(roots).reverse();
  let placed = 0;
  let deepest = 0;
  while (stack.length > 0) {
    const row = stack.pop()!;
    position[row] = placed;
    order[placed++] = row;
    const level = parent[row] === noParent ? 0 : Math.min(65535, depth[parent[row]] + 1);
    depth[row] = level;
    if (level > deepest) deepest = level;
    for (let child = childStart[row + 1] - 1; child >= childStart[row]; child--) stack.push(childRows[child]);
  }

  // Backwards through the display order every child is met before its parent.
  const subtree = new Uint32Array(rows).fill(1);
  for (let at = rows - 1; at >= 0; at--) {
    const row = order[at];
    if (parent[row] !== noParent) subtree[parent[row]] += subtree[row];
  }

  const selfTime = new Float64Array(rows);
  let extent = 0;
  let errors = 0;
  for (let row = 0; row < rows; row++) {
    selfTime[row] = duration[row] - coveredByChildren(outline, childStart, childRows, row);
    extent = Math.max(extent, start[row] + duration[row]);
    errors += outline.flags[row] & 1;
  }
  return { order, position, depth, subtree, selfTime, childStart, childRows, roots, extent, deepest, errors };
}

/** Compressed children lists; rows come in order of start, so each list does too. */
function childrenOf(parent: Int32Array): { childStart: Uint32Array; childRows: Uint32Array; roots: Uint32Array } {
  const rows = parent.length;
  const childStart = new Uint32Array(rows + 1);
  let rootCount = 0;
  for (let row = 0; row < rows; row++) {
    if (parent[row] === noParent) rootCount++;
    else childStart[parent[row] + 1]++;
  }
  for (let row = 0; row < rows; row++) childStart[row + 1] += childStart[row];
  const next = childStart.slice(0, rows);
  const childRows = new Uint32Array(rows - rootCount);
  const roots = new Uint32Array(rootCount);
  let root = 0;
  for (let row = 0; row < rows; row++) {
    if (parent[row] === noParent) roots[root++] = row;
    else childRows[next[parent[row]]++] = row;
  }
  return { childStart, childRows, roots };
}

/** Length of the union of the children's times, cut to the span's own. */
function coveredByChildren(outline: TraceOutline, childStart: Uint32Array, childRows: Uint32Array, row: number): number {
  const { start, duration } = outline;
  const end = start[row] + duration[row];
  let covered = 0;
  let reached = start[row];
  for (let index = childStart[row]; index < childStart[row + 1]; index++) {
    const child = childRows[index];
    const from = Math.max(reached, start[child]);
    const to = Math.min(end, start[child] + duration[child]);
    if (to > from) {
      covered += to - from;
      reached = to;
    }
  }
  return covered;
}

/** From the root down to the row, itself left out. */
export function ancestorsOf(outline: TraceOutline, row: number): number[] {
  const chain: number[] = [];
  for (let at = outline.parent[row]; at !== noParent; at = outline.parent[at]) chain.unshift(at);
  return chain;
}

export const childCount = (layout: TraceLayout, row: number): number => layout.childStart[row + 1] - layout.childStart[row];

/** The children of the same parent, or the roots, in order of start. */
function siblingsOf(outline: TraceOutline, layout: TraceLayout, row: number): Uint32Array {
  const parent = outline.parent[row];
  return parent === noParent ? layout.roots : layout.childRows.subarray(layout.childStart[parent], layout.childStart[parent + 1]);
}

export const placeAmongSiblings = (outline: TraceOutline, layout: TraceLayout, row: number): number =>
  siblingsOf(outline, layout, row).indexOf(row);

/** The brother or sister `step` places on, if there is one. */
export function siblingOf(outline: TraceOutline, layout: TraceLayout, row: number, step: 1 | -1): number | undefined {
  const siblings = siblingsOf(outline, layout, row);
  return siblings[siblings.indexOf(row) + step];
}

/** The rows at a depth that have children: folding them shows the trace down to that level. */
export function rowsToFoldAt(layout: TraceLayout, level: number): Set<number> {
  const folded = new Set<number>();
  for (let row = 0; row < layout.depth.length; row++) {
    if (layout.depth[row] === level && childCount(layout, row) > 0) folded.add(row);
  }
  return folded;
}
