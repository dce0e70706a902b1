// What somebody has cut away from a trace to see the rest: spans that do not matter, or all but one of them and what is below it.
// The cuts are a list in the order in which they were made, so that the last can be taken back.

import type { TraceLayout } from "./layout";
import { isProvisional, rowOfSpan, spanIdText, type TraceOutline } from "./outline";
import { membersOf, type Repeats } from "./repeats";

export const cutKinds = [
  /** The span and all below it go. */
  "hide",
  /** Every span of its service and name goes, and all below those. */
  "alike",
  /** Its whole group of repeating siblings goes. */
  "repeats",
  /** Only the span and what is below it stay. */
  "only",
] as const;
export type CutKind = (typeof cutKinds)[number];

export interface Cut {
  kind: CutKind;
  row: number;
}

/** One byte a row: 1 where it is cut away; nothing when all is there. */
export function cutAway(outline: TraceOutline, layout: TraceLayout, repeats: Repeats, cuts: readonly Cut[]): Uint8Array | undefined {
  if (cuts.length === 0) return undefined;
  const gone = new Uint8Array(outline.rows);
  for (const { kind, row } of cuts) {
    if (kind === "hide") removeSubtree(layout, gone, row);
    else if (kind === "only") keepSubtree(layout, gone, row);
    else if (kind === "alike") removeAlike(outline, layout, gone, row);
    else {
      const group = repeats.groupOfRow[row];
      if (group === 0) removeSubtree(layout, gone, row);
      else for (const member of membersOf(repeats, group - 1)) removeSubtree(layout, gone, member);
    }
  }
  return gone;
}

function removeSubtree({ order, position, subtree }: TraceLayout, gone: Uint8Array, row: number): void {
  for (let at = position[row]; at < position[row] + subtree[row]; at++) gone[order[at]] = 1;
}

function keepSubtree({ order, position, subtree }: TraceLayout, gone: Uint8Array, row: number): void {
  for (let at = 0; at < position[row]; at++) gone[order[at]] = 1;
  for (let at = position[row] + subtree[row]; at < order.length; at++) gone[order[at]] = 1;
}

function removeAlike(outline: TraceOutline, layout: TraceLayout, gone: Uint8Array, row: number): void {
  const { service, name } = outline;
  for (let at = 0; at < layout.order.length; ) {
    const here = layout.order[at];
    if (service[here] !== service[row] || name[here] !== name[row]) at++;
    else {
      removeSubtree(layout, gone, here);
      at += layout.subtree[here];
    }
  }
}

/** The span that the others were cut away from last. */
export const cutDownTo = (cuts: readonly Cut[]): number | undefined => cuts.findLast((cut) => cut.kind === "only")?.row;

/** The cuts without those that a row is missing for. */
export function cutsSparing(outline: TraceOutline, layout: TraceLayout, repeats: Repeats, cuts: readonly Cut[], row: number): readonly Cut[] {
  if (!cutAway(outline, layout, repeats, cuts)?.[row]) return cuts;
  return cuts.filter((cut) => !cutAway(outline, layout, repeats, [cut])![row]);
}

/** As the address has them: "hide.00f067aa0ba902b7,only.…". */
export const cutsText = (outline: TraceOutline, cuts: readonly Cut[]): string => cuts.map(({ kind, row }) => `${kind}.${spanIdText(outline.spanId[row])}`).join(",");

/** Cuts at spans that are not there are left out. */
export function parseCuts(outline: TraceOutline, text: string | undefined): Cut[] {
  return (text ?? "").split(",").flatMap((part) => {
    const [kindText, id = ""] = part.split(".");
    const kind = cutKinds.find((each) => each === kindText);
    const row = rowOfSpan(outline, id);
    return kind && row !== undefined && !isProvisional(outline, row) ? [{ kind, row }] : [];
  });
}
