// Where things are in the waterfall: rows from top to bottom, names at the left, time at the right.

import type { TimeWindow } from "../../trace/viewport";

export const rowHeight = 24;
export const rulerHeight = 28;
export const barHeight = 12;
/** Between the names and the time, so that the first bar does not touch the border. */
export const timePadding = 10;
/** Browsers lose count of pixels beyond this; more rows than fit scroll proportionally. */
const tallest = 12_000_000;

export interface WaterfallView {
  width: number;
  height: number;
  nameWidth: number;
  /** Pixels that the rows are scrolled by, however the scroll bar is scaled. */
  top: number;
  window: TimeWindow;
}

export const timeWidth = (view: WaterfallView): number => Math.max(1, view.width - view.nameWidth - 2 * timePadding);

export const xOfTime = (view: WaterfallView, offset: number): number =>
  view.nameWidth + timePadding + ((offset - view.window.from) / (view.window.to - view.window.from)) * timeWidth(view);

export const timeOfX = (view: WaterfallView, x: number): number =>
  view.window.from + ((x - view.nameWidth - timePadding) / timeWidth(view)) * (view.window.to - view.window.from);

export const yOfIndex = (view: WaterfallView, index: number): number => rulerHeight + index * rowHeight - view.top;

/** The row on display under a height, or nothing when there is none. */
export function indexAtY(view: WaterfallView, y: number, rows: number): number | undefined {
  if (y < rulerHeight) return undefined;
  const index = Math.floor((y - rulerHeight + view.top) / rowHeight);
  return index >= 0 && index < rows ? index : undefined;
}

/** Rows in sight: first and one past the last. */
export function rowsInSight(view: WaterfallView, rows: number): { first: number; last: number } {
  const first = Math.max(0, Math.floor(view.top / rowHeight));
  return { first, last: Math.min(rows, Math.ceil((view.top + view.height - rulerHeight) / rowHeight)) };
}

export const contentHeight = (rows: number): number => Math.min(tallest, rulerHeight + rows * rowHeight + 40);

/** From the scroll bar's position to the rows' and back. */
export function scrollScale(rows: number, viewHeight: number): number {
  const full = rulerHeight + rows * rowHeight + 40;
  const content = contentHeight(rows);
  return full > content && content > viewHeight ? (full - viewHeight) / (content - viewHeight) : 1;
}

/** Deep trees indent less, so that names stay readable. */
export const indentOf = (view: WaterfallView, deepest: number): number =>
  Math.max(3, Math.min(13, (view.nameWidth * 0.45) / Math.max(1, deepest)));

/** The left end of a row's fold mark. */
export const foldMarkX = (depth: number, indent: number): number => 8 + depth * indent;
export const foldMarkWidth = 14;
