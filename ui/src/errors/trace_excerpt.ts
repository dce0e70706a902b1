// The part of a trace that explains an error: the span it happened in, who called it, and what is nearest around.

import type { TraceLayout } from "../trace/layout";
import { noParent, type TraceOutline } from "../trace/outline";

export interface TraceExcerpt {
  /** Rows in display order. */
  rows: number[];
  /** How many rows of the trace are not among them. */
  hidden: number;
}

/** At most `most` rows: the way from the root to `focus`, then its children, then kin from the nearest caller outwards. */
export function excerptOf(outline: TraceOutline, layout: TraceLayout, focus: number, most: number): TraceExcerpt {
  const inOrder = (rows: Iterable<number>): number[] => [...rows].sort((left, right) => layout.position[left] - layout.position[right]);
  const chosen = new Set<number>();
  const way: number[] = [];
  for (let row = focus; row !== noParent; row = outline.parent[row]) way.push(row);
  // Of a very deep way, its end and its beginning.
  const shownWay = way.length <= most ? way : [...way.slice(0, most - 1), way.at(-1)!];
  for (const row of shownWay) chosen.add(row);
  for (const row of way) {
    for (let child = layout.childStart[row]; child < layout.childStart[row + 1] && chosen.size < most; child++) chosen.add(layout.childRows[child]);
  }
  return { rows: inOrder(chosen), hidden: outline.rows - chosen.size };
}
