// Siblings that repeat: the same service and name under one parent, so often that a line each tells nothing. The first of
// them, the lead, can stand for all.

import type { TraceLayout } from "./layout";
import type { TraceOutline } from "./outline";

/** Groups of fewer than this many stay as they are. */
export const fewestRepeats = 50;

export interface Repeats {
  /** Row of the first of each group, ascending by group. */
  lead: Uint32Array;
  /** Members of group g, its lead first, in order of start: members[start[g] .. start[g + 1]]. */
  start: Uint32Array;
  members: Uint32Array;
  /** Row → number of its group + 1; 0: in none. */
  groupOfRow: Uint32Array;
}

export function findRepeats(outline: TraceOutline, layout: TraceLayout, fewest = fewestRepeats): Repeats {
  const groupOfRow = new Uint32Array(outline.rows);
  const lead: number[] = [];
  const start: number[] = [0];
  const members: number[] = [];
  const addFrom = (siblings: Uint32Array): void => {
    if (siblings.length < fewest) return;
    const alike = new Map<number, number[]>();
    for (const row of siblings) {
      const key = outline.service[row] * outline.names.length + outline.name[row];
      const rows = alike.get(key);
      if (rows) rows.push(row);
      else alike.set(key, [row]);
    }
    for (const rows of alike.values()) {
      if (rows.length < fewest) continue;
      lead.push(rows[0]!);
      for (const row of rows) {
        members.push(row);
        groupOfRow[row] = lead.length;
      }
      start.push(members.length);
    }
  };
  addFrom(layout.roots);
  for (let row = 0; row < outline.rows; row++) addFrom(layout.childRows.subarray(layout.childStart[row], layout.childStart[row + 1]));
  return { lead: Uint32Array.from(lead), start: Uint32Array.from(start), members: Uint32Array.from(members), groupOfRow };
}

export const membersOf = (repeats: Repeats, group: number): Uint32Array => repeats.members.subarray(repeats.start[group], repeats.start[group + 1]);

/** Rows to show, in order, when the subtrees under `folded` rows are hidden, what is `gone`, and of each group but the `open` ones all save its lead, unless that is gone. */
export function rowsToShow(layout: TraceLayout, repeats: Repeats, folded: ReadonlySet<number>, open: ReadonlySet<number>, gone?: Uint8Array): Uint32Array {
  if (folded.size === 0 && open.size === repeats.lead.length && !gone) return layout.order;
  const shown = new Uint32Array(layout.order.length);
  let count = 0;
  for (let at = 0; at < layout.order.length; ) {
    const row = layout.order[at];
    const group = repeats.groupOfRow[row] - 1;
    if (group >= 0 && repeats.lead[group] !== row && !open.has(group) && !gone?.[repeats.lead[group]]) {
      at += layout.subtree[row];
      continue;
    }
    if (gone?.[row]) {
      at++; // what is below it may have stayed
      continue;
    }
    shown[count++] = row;
    at += folded.has(row) ? layout.subtree[row] : 1;
  }
  return shown.slice(0, count);
}
