// The critical path: which span was the one being waited for at each moment, worked out from the end of the root
// backwards. Shortening anything on it shortens the trace; shortening anything else does not.

import { endOf, type TraceOutline } from "./outline";
import type { TraceLayout } from "./layout";

/** Stretches of the path, sorted by row and then by start; times are nanoseconds after the origin. */
export interface CriticalPath {
  row: Uint32Array;
  from: Float64Array;
  to: Float64Array;
  /** Stretches of row r: firstOfRow[r] .. firstOfRow[r + 1]. */
  firstOfRow: Uint32Array;
}

interface Step {
  row: number;
  /** The path reaches back from here. */
  until: number;
}

export function criticalPath(outline: TraceOutline, layout: TraceLayout): CriticalPath {
  const stretches: { row: number; from: number; to: number }[] = [];
  const root = longestRoot(outline, layout);
  const pending: Step[] = root === undefined ? [] : [{ row: root, until: endOf(outline, root) }];
  while (pending.length > 0) {
    const { row, until } = pending.pop()!;
    let cursor = until;
    // Children by end, the last first; one that outlives its parent counts up to the moment nobody waits for it any more.
    const children = Array.from(layout.childRows.subarray(layout.childStart[row], layout.childStart[row + 1]));
    children.sort((left, right) => endOf(outline, right) - endOf(outline, left));
    for (const child of children) {
      const begin = Math.max(outline.start[child], outline.start[row]);
      const end = Math.min(endOf(outline, child), until);
      if (end > cursor || begin >= cursor || end <= begin) continue;
      if (cursor > end) stretches.push({ row, from: end, to: cursor });
      pending.push({ row: child, until: end });
      cursor = begin;
    }
    if (cursor > outline.start[row]) stretches.push({ row, from: outline.start[row], to: cursor });
  }
  return columnsOf(stretches, outline.rows);
}

function longestRoot(outline: TraceOutline, layout: TraceLayout): number | undefined {
  let longest: number | undefined;
  for (const root of layout.roots) {
    if (longest === undefined || outline.duration[root] > outline.duration[longest]) longest = root;
  }
  return longest;
}

function columnsOf(stretches: { row: number; from: number; to: number }[], rows: number): CriticalPath {
  stretches.sort((left, right) => left.row - right.row || left.from - right.from);
  const firstOfRow = new Uint32Array(rows + 1);
  for (const stretch of stretches) firstOfRow[stretch.row + 1]++;
  for (let row = 0; row < rows; row++) firstOfRow[row + 1] += firstOfRow[row];
  return {
    row: Uint32Array.from(stretches, (stretch) => stretch.row),
    from: Float64Array.from(stretches, (stretch) => stretch.from),
    to: Float64Array.from(stretches, (stretch) => stretch.to),
    firstOfRow,
  };
}

/** Nanoseconds that a span spends on the path. */
export function timeOnPath(path: CriticalPath, row: number): number {
  let total = 0;
  for (let index = path.firstOfRow[row]; index < path.firstOfRow[row + 1]; index++) total += path.to[index] - path.from[index];
  return total;
}
