// Draws the rows of the waterfall that are in sight: names at the left, bars at the right.

import { formatCount } from "../../base/numbers";
import { formatDuration, formatTick, nanoseconds } from "../../base/time";
import { childCount } from "../../trace/layout";
import { isError, isProvisional } from "../../trace/outline";
import { membersOf } from "../../trace/repeats";
import { wordsOf } from "../../trace/search";
import { ticksIn } from "../../trace/viewport";
import { TextFit } from "./text_fit";
import { groupLedBy, type TraceState } from "./trace_state";
import {
  barHeight,
  foldMarkWidth,
  foldMarkX,
  indentOf,
  rowHeight,
  rowsInSight,
  rulerHeight,
  timePadding,
  xOfTime,
  yOfIndex,
  type WaterfallView,
} from "./waterfall_geometry";
import type { WaterfallTheme } from "./waterfall_theme";

const labels = new TextFit();
const names = new TextFit();

export function paintRows(context: CanvasRenderingContext2D, view: WaterfallView, theme: WaterfallTheme, state: TraceState): void {
  const rows = state.rows.value;
  const { first, last } = rowsInSight(view, rows.length);
  const words = wordsOf(state.searchText.value);
  const isSearching = state.searchText.value.trim() !== "";
  const ticks = ticksIn(view.window, Math.max(2, Math.floor((view.width - view.nameWidth) / 130)));
  paintGrid(context, view, theme, ticks.at);
  context.textBaseline = "middle";
  for (let index = first; index < last; index++) {
    const row = rows[index];
    const y = yOfIndex(view, index);
    const isFound = !isSearching || state.found.value.matches[row] === 1;
    context.globalAlpha = isFound ? 1 : 0.28;
    paintBar(context, view, theme, state, row, y);
  }
  // Names come after the bars, on their own ground, so that nothing of a bar shows through.
  context.globalAlpha = 1;
  context.fillStyle = theme.ground;
  context.fillRect(0, rulerHeight, view.nameWidth, view.height);
  for (let index = first; index < last; index++) {
    const row = rows[index];
    const isFound = !isSearching || state.found.value.matches[row] === 1;
    paintName(context, view, theme, state, row, yOfIndex(view, index), isFound, words);
  }
  context.globalAlpha = 1;
  context.fillStyle = theme.line;
  context.fillRect(view.nameWidth, 0, 1, view.height);
  paintRuler(context, view, theme, ticks, rows.length, state.trace.outline.rows);
}

function paintGrid(context: CanvasRenderingContext2D, view: WaterfallView, theme: WaterfallTheme, at: readonly number[]): void {
  context.fillStyle = theme.grid;
  for (const tick of at) context.fillRect(Math.round(xOfTime(view, tick)), rulerHeight, 1, view.height);
}

function paintRuler(
  context: CanvasRenderingContext2D,
  view: WaterfallView,
  theme: WaterfallTheme,
  ticks: ReturnType<typeof ticksIn>,
  shown: number,
  all: number,
): void {
  context.fillStyle = theme.panel;
  context.fillRect(0, 0, view.width, rulerHeight);
  context.fillStyle = theme.line;
  context.fillRect(0, rulerHeight - 1, view.width, 1);
  context.font = `11px ${theme.font}`;
  context.fillStyle = theme.faint;
  context.textBaseline = "middle";
  context.textAlign = "left";
  const count = shown === all ? formatCount(all) : `${formatCount(shown)} of ${formatCount(all)}`;
  context.fillText(`${count} ${all === 1 ? "row" : "rows"}`, 12, rulerHeight / 2);
  for (const tick of ticks.at) {
    const x = Math.round(xOfTime(view, tick));
    context.fillStyle = theme.line;
    context.fillRect(x, rulerHeight - 6, 1, 5);
    const text = formatTick(tick, ticks.step);
    const left = Math.max(view.nameWidth + 6, Math.min(x - labels.widthOf(context, text) / 2, view.width - labels.widthOf(context, text) - 4));
    context.fillStyle = theme.faint;
    context.fillText(text, left, rulerHeight / 2 - 1);
  }
  context.fillStyle = theme.line;
  context.fillRect(view.nameWidth, 0, 1, rulerHeight);
}

function paintName(
  context: CanvasRenderingContext2D,
  view: WaterfallView,
  theme: WaterfallTheme,
  state: TraceState,
  row: number,
  y: number,
  isFound: boolean,
  words: readonly string[],
): void {
  const { outline, layout } = state.trace;
  const indent = indentOf(view, layout.deepest);
  const depth = layout.depth[row] - state.topDepth.value;
  const middle = y + rowHeight / 2;
  const isFailed = isError(outline, row);
  if (isFailed) {
    context.fillStyle = theme.error;
    context.fillRect(0, y + 2, 2, rowHeight - 4);
  }
  context.fillStyle = theme.grid;
  for (let level = 0; level < depth; level++) context.fillRect(Math.round(foldMarkX(level, indent) + 5), y, 1, rowHeight);

  context.globalAlpha = isFound ? 1 : 0.4;
  const left = foldMarkX(depth, indent);
  if (childCount(layout, row) > 0) paintFoldMark(context, theme, left + 5.5, middle, state.folded.value.has(row));
  let x = left + foldMarkWidth;
  context.fillStyle = theme.services[outline.service[row]];
  context.fillRect(x, middle - 6, 3, 12);
  x += 9;
  if (isFailed) {
    paintErrorGlyph(context, theme, x + 6, middle);
    x += 17;
  }
  const isStranger = depth === 0 || outline.service[row] !== outline.service[outline.parent[row]];
  const service = outline.services[outline.service[row]];
  const name = outline.names[outline.name[row]];
  const room = view.nameWidth - x - 10;
  context.textAlign = "left";
  context.font = isProvisional(outline, row) ? `italic 12.5px ${theme.font}` : `12.5px ${theme.font}`;
  const text = names.cut(context, name, room);
  const width = names.widthOf(context, text);
  const isNameFound = isFound && words.some((word) => name.toLowerCase().includes(word));
  const isServiceFound = isFound && words.some((word) => service.toLowerCase().includes(word));
  if (isNameFound && text) paintMatch(context, theme, x, width, y);
  context.fillStyle = isProvisional(outline, row) ? theme.faint : isFailed ? theme.errorText : theme.text;
  context.fillText(text, x, middle + 0.5);
  const after = room - width - 8;
  const group = groupLedBy(state, row);
  const hidden = group !== undefined ? `×${formatCount(membersOf(state.trace.repeats, group).length)}` : state.folded.value.has(row) ? `+${formatCount(layout.subtree[row] - 1)}` : undefined;
  const remark = [hidden, isStranger || isServiceFound ? service : undefined].filter(Boolean).join("  ");
  if (remark && after > 24) {
    context.font = `11.5px ${theme.font}`;
    const cut = labels.cut(context, remark, after);
    if (isServiceFound) paintMatch(context, theme, x + width + 8, labels.widthOf(context, cut), y);
    context.fillStyle = isServiceFound ? theme.text : theme.faint;
    context.fillText(cut, x + width + 8, middle + 0.5);
  }
  context.globalAlpha = 1;
}

function paintMatch(context: CanvasRenderingContext2D, theme: WaterfallTheme, x: number, width: number, y: number): void {
  context.fillStyle = theme.match;
  context.fillRect(x - 2, y + 4, width + 4, rowHeight - 8);
}

function paintFoldMark(context: CanvasRenderingContext2D, theme: WaterfallTheme, x: number, y: number, isFolded: boolean): void {
  context.strokeStyle = isFolded ? theme.text : theme.faint;
  context.lineWidth = 1.4;
  context.beginPath();
  if (isFolded) {
    context.moveTo(x - 1.5, y - 3.5);
    context.lineTo(x + 2, y);
    context.lineTo(x - 1.5, y + 3.5);
  } else {
    context.moveTo(x - 3.5, y - 1.5);
    context.lineTo(x, y + 2);
    context.lineTo(x + 3.5, y - 1.5);
  }
  context.stroke();
}

function paintErrorGlyph(context: CanvasRenderingContext2D, theme: WaterfallTheme, x: number, y: number): void {
  context.fillStyle = theme.error;
  context.beginPath();
  context.arc(x, y, 6, 0, Math.PI * 2);
  context.fill();
  context.fillStyle = theme.onError;
  context.fillRect(x - 0.8, y - 3.2, 1.6, 3.8);
  context.fillRect(x - 0.8, y + 1.6, 1.6, 1.6);
}

function paintBar(
  context: CanvasRenderingContext2D,
  view: WaterfallView,
  theme: WaterfallTheme,
  state: TraceState,
  row: number,
  y: number,
): void {
  const { outline } = state.trace;
  const begin = xOfTime(view, outline.start[row]);
  const finish = xOfTime(view, outline.start[row] + outline.duration[row]);
  const edge = view.nameWidth + 1;
  const top = y + (rowHeight - barHeight) / 2;
  paintRepeats(context, view, theme, state, row, top);
  // Nothing is ever narrower than two pixels, and nothing is drawn far outside, where canvases lose precision.
  const left = Math.max(edge - 4, begin);
  const right = Math.min(view.width + 4, Math.max(finish, begin + 2));
  if (right > edge && left < view.width) {
    if (isProvisional(outline, row)) paintDashedBar(context, theme, left, right, top);
    else {
      context.fillStyle = theme.services[outline.service[row]];
      context.beginPath();
      context.roundRect(left, top, right - left, barHeight, right - left > 6 ? 2.5 : 0.5);
      context.fill();
      if (isError(outline, row)) {
        context.fillStyle = theme.error;
        context.fillRect(left, top - 2, 2.5, barHeight + 4);
      }
    }
    paintCriticalPath(context, view, theme, state, row, top);
    paintLogs(context, view, theme, state, row, top);
    paintEvents(context, view, theme, state, row, top);
  }
  paintDuration(context, view, theme, formatDuration(nanoseconds(outline.duration[row])), begin, Math.max(finish, begin + 2), y);
}

/** A lead's line shows where all of its group are; many on one pixel are drawn once. */
function paintRepeats(context: CanvasRenderingContext2D, view: WaterfallView, theme: WaterfallTheme, state: TraceState, row: number, top: number): void {
  const group = groupLedBy(state, row);
  if (group === undefined) return;
  const { outline, repeats } = state.trace;
  const alpha = context.globalAlpha;
  context.globalAlpha = alpha * 0.55;
  let painted = view.nameWidth;
  for (const member of membersOf(repeats, group)) {
    const right = Math.min(view.width + 4, Math.max(xOfTime(view, outline.start[member] + outline.duration[member]), xOfTime(view, outline.start[member]) + 1));
    if (right < painted + 1) continue;
    const left = Math.max(painted, xOfTime(view, outline.start[member]));
    if (left > view.width) break; // they come by start
    context.fillStyle = isError(outline, member) ? theme.error : theme.services[outline.service[member]];
    context.fillRect(left, top + 2, Math.max(1, right - left), barHeight - 4);
    painted = right;
  }
  context.globalAlpha = alpha;
}

function paintDashedBar(context: CanvasRenderingContext2D, theme: WaterfallTheme, left: number, right: number, top: number): void {
  context.strokeStyle = theme.faint;
  context.lineWidth = 1;
  context.setLineDash([4, 3]);
  context.strokeRect(left + 0.5, top + 0.5, Math.max(1, right - left - 1), barHeight - 1);
  context.setLineDash([]);
}

function paintCriticalPath(
  context: CanvasRenderingContext2D,
  view: WaterfallView,
  theme: WaterfallTheme,
  state: TraceState,
  row: number,
  top: number,
): void {
  if (!state.isPathShown.value) return;
  const { path } = state.trace;
  context.fillStyle = theme.critical;
  for (let stretch = path.firstOfRow[row]; stretch < path.firstOfRow[row + 1]; stretch++) {
    const left = Math.max(view.nameWidth, xOfTime(view, path.from[stretch]));
    const right = Math.min(view.width, xOfTime(view, path.to[stretch]));
    if (right > left) context.fillRect(left, top + barHeight - 2, Math.max(1, right - left), 2);
  }
}

function paintEvents(
  context: CanvasRenderingContext2D,
  view: WaterfallView,
  theme: WaterfallTheme,
  state: TraceState,
  row: number,
  top: number,
): void {
  const { events } = state.trace.outline;
  for (let index = firstEventOf(events.row, row); index < events.row.length && events.row[index] === row; index++) {
    const x = xOfTime(view, events.at[index]);
    if (x < view.nameWidth || x > view.width) continue;
    context.beginPath();
    context.arc(x, top + barHeight / 2, 3.5, 0, Math.PI * 2);
    context.fillStyle = events.exception[index] ? theme.error : theme.text;
    context.fill();
    context.strokeStyle = theme.ground;
    context.lineWidth = 1.5;
    context.stroke();
  }
}

/** Log lines are small diamonds below the middle, apart from the round events. */
function paintLogs(context: CanvasRenderingContext2D, view: WaterfallView, theme: WaterfallTheme, state: TraceState, row: number, top: number): void {
  const { logs } = state.trace.outline;
  let painted = Number.NEGATIVE_INFINITY;
  for (let index = firstEventOf(logs.row, row); index < logs.row.length && logs.row[index] === row; index++) {
    const x = xOfTime(view, logs.at[index]);
    if (x < view.nameWidth || x < painted + 2) continue;
    if (x > view.width) break;
    painted = x;
    const y = top + barHeight - 2;
    context.beginPath();
    context.moveTo(x, y - 3.5);
    context.lineTo(x + 3.5, y);
    context.lineTo(x, y + 3.5);
    context.lineTo(x - 3.5, y);
    context.closePath();
    context.fillStyle = theme.text;
    context.fill();
    context.strokeStyle = theme.ground;
    context.lineWidth = 1;
    context.stroke();
  }
}

function firstEventOf(rows: Uint32Array, row: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle] < row) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Beside the bar where there is room, otherwise inside its visible part, otherwise not at all. */
function paintDuration(
  context: CanvasRenderingContext2D,
  view: WaterfallView,
  theme: WaterfallTheme,
  text: string,
  begin: number,
  finish: number,
  y: number,
): void {
  const edge = view.nameWidth + timePadding / 2;
  if (finish < edge || begin > view.width) return;
  context.font = `11px ${theme.font}`;
  context.textAlign = "left";
  const width = labels.widthOf(context, text);
  const middle = y + rowHeight / 2 + 0.5;
  if (finish + 6 + width <= view.width) {
    context.fillStyle = theme.soft;
    context.fillText(text, finish + 6, middle);
  } else if (begin - 6 - width >= edge) {
    context.fillStyle = theme.soft;
    context.fillText(text, begin - 6 - width, middle);
  } else if (Math.min(finish, view.width) - Math.max(begin, edge) > width + 12) {
    context.fillStyle = theme.onBar;
    context.fillText(text, Math.min(finish, view.width) - width - 8, middle - 0.5);
  }
}
