// What changes with every move of the pointer, on a canvas of its own above the rows: hover, selection, cross-hair, drag.

import { formatDuration, formatTick, nanoseconds } from "../../base/time";
import { indexOfRow, type TraceState } from "./trace_state";
import { rowHeight, rulerHeight, timeOfX, yOfIndex, type WaterfallView } from "./waterfall_geometry";
import type { WaterfallTheme } from "./waterfall_theme";

export interface PointerState {
  x: number;
  y: number;
  /** Index of the row on display under the pointer. */
  index: number | undefined;
  /** Where a drag across the time began. */
  dragFrom: number | undefined;
}

export function paintOverlay(
  context: CanvasRenderingContext2D,
  view: WaterfallView,
  theme: WaterfallTheme,
  state: TraceState,
  pointer: PointerState | undefined,
): void {
  context.save();
  context.beginPath();
  context.rect(0, rulerHeight, view.width, view.height);
  context.clip();
  const selected = state.selected.value;
  if (selected !== undefined) {
    const y = yOfIndex(view, indexOfRow(state, selected));
    context.fillStyle = theme.selected;
    context.fillRect(0, y, view.width, rowHeight);
    context.fillStyle = theme.accent;
    context.fillRect(0, y, 2, rowHeight);
  }
  if (pointer?.index !== undefined && pointer.dragFrom === undefined) {
    context.fillStyle = theme.hover;
    context.fillRect(0, yOfIndex(view, pointer.index), view.width, rowHeight);
  }
  context.restore();
  if (!pointer || pointer.x <= view.nameWidth) return;
  if (pointer.dragFrom !== undefined) paintDrag(context, view, theme, pointer.dragFrom, pointer.x);
  else paintCrosshair(context, view, theme, pointer.x);
}

function paintCrosshair(context: CanvasRenderingContext2D, view: WaterfallView, theme: WaterfallTheme, x: number): void {
  context.fillStyle = theme.accent;
  context.globalAlpha = 0.5;
  context.fillRect(Math.round(x), rulerHeight, 1, view.height);
  context.globalAlpha = 1;
  const step = nanoseconds((view.window.to - view.window.from) / 1000);
  paintFlag(context, view, theme, formatTick(nanoseconds(Math.max(0, Math.round(timeOfX(view, x)))), step), x);
}

function paintDrag(context: CanvasRenderingContext2D, view: WaterfallView, theme: WaterfallTheme, from: number, to: number): void {
  const left = Math.max(view.nameWidth, Math.min(from, to));
  const right = Math.max(from, to);
  context.fillStyle = theme.selected;
  context.fillRect(left, rulerHeight, right - left, view.height);
  context.fillStyle = theme.accent;
  context.fillRect(left, rulerHeight, 1, view.height);
  context.fillRect(right, rulerHeight, 1, view.height);
  const length = nanoseconds(timeOfX(view, right) - timeOfX(view, left));
  paintFlag(context, view, theme, formatDuration(length), (left + right) / 2);
}

function paintFlag(context: CanvasRenderingContext2D, view: WaterfallView, theme: WaterfallTheme, text: string, x: number): void {
  context.font = `11px ${theme.font}`;
  context.textBaseline = "middle";
  context.textAlign = "left";
  const width = context.measureText(text).width + 12;
  const left = Math.max(view.nameWidth + 1, Math.min(x - width / 2, view.width - width));
  context.fillStyle = theme.accent;
  context.beginPath();
  context.roundRect(left, 4, width, rulerHeight - 9, 4);
  context.fill();
  context.fillStyle = theme.onAccent;
  context.fillText(text, left + 6, rulerHeight / 2);
}
