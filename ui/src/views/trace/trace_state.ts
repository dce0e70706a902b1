// What the trace page shows of a loaded trace: selection, window, folds, search. The page's parts read these signals;
// the address is kept in step with them.

import { batch, computed, effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { change, param } from "../../state/location";
import { serviceHue } from "../../state/service_hues";
import { ancestorsOf, childCount, visibleRows } from "../../trace/layout";
import { rowOfSpan, spanIdText } from "../../trace/outline";
import { searchTrace, type SearchResult } from "../../trace/search";
import { centredOn, fittedTo, isWhole, parseWindow, wholeWindow, windowText, type TimeWindow } from "../../trace/viewport";
import type { LoadedTrace } from "../../trace/worker_messages";

export interface TraceState {
  readonly trace: LoadedTrace;
  /** By index of service. */
  readonly hues: number[];
  readonly selected: Signal<number | undefined>;
  readonly window: Signal<TimeWindow>;
  readonly folded: Signal<ReadonlySet<number>>;
  /** Rows on display, folds applied, from top to bottom. */
  readonly rows: ReadonlySignal<Uint32Array>;
  readonly searchText: Signal<string>;
  readonly found: ReadonlySignal<SearchResult>;
  readonly isPathShown: Signal<boolean>;
}

/** Folds beyond this many are not worth an address nobody can paste. */
const mostFoldsInAddress = 60;

export function makeTraceState(trace: LoadedTrace): TraceState {
  const { outline, layout } = trace;
  const spanInAddress = param("span");
  const folds = (param("fold") ?? "").split(",").flatMap((id) => rowOfSpan(outline, id) ?? []);
  const folded = signal<ReadonlySet<number>>(new Set(folds));
  const searchText = signal(param("find") ?? "");
  return {
    trace,
    hues: outline.services.map(serviceHue),
    selected: signal(spanInAddress ? rowOfSpan(outline, spanInAddress) : undefined),
    window: signal(parseWindow(param("w"), layout.extent)),
    folded,
    rows: computed(() => visibleRows(layout, folded.value)),
    searchText,
    found: computed(() => searchTrace(outline, layout, searchText.value)),
    isPathShown: signal(param("path") !== "off"),
  };
}

/** The same view of a trace that has grown since. */
export function carryOver(from: TraceState, trace: LoadedTrace): TraceState {
  const to = makeTraceState(trace);
  const rowNow = (row: number): number | undefined => rowOfSpan(trace.outline, spanIdText(from.trace.outline.spanId[row]));
  const row = from.selected.peek();
  to.selected.value = row === undefined ? undefined : rowNow(row);
  to.folded.value = new Set([...from.folded.peek()].flatMap((folded) => rowNow(folded) ?? []));
  to.searchText.value = from.searchText.peek();
  to.isPathShown.value = from.isPathShown.peek();
  const window = from.window.peek();
  to.window.value = isWhole(window, from.trace.layout.extent) ? wholeWindow(trace.layout.extent) : window;
  return to;
}

/** Writes the state into the address a moment after it changed; returns how to stop. */
export function keepInAddress(state: TraceState): () => void {
  const { outline, layout } = state.trace;
  let timer: number | undefined;
  let isFirst = true;
  const stop = effect(() => {
    const row = state.selected.value;
    const folds = [...state.folded.value].slice(0, mostFoldsInAddress);
    const params = {
      span: row === undefined ? undefined : spanIdText(outline.spanId[row]),
      w: isWhole(state.window.value, layout.extent) ? undefined : windowText(state.window.value),
      fold: folds.map((folded) => spanIdText(outline.spanId[folded])).join(","),
      find: state.searchText.value,
      path: state.isPathShown.value ? undefined : "off",
    };
    if (isFirst) {
      isFirst = false;
      return;
    }
    clearTimeout(timer);
    timer = window.setTimeout(() => change(params, "trail"), 150);
  });
  return () => {
    stop();
    clearTimeout(timer);
  };
}

/** Where a row is displayed, or where its nearest unfolded ancestor is. */
export function indexOfRow(state: TraceState, row: number): number {
  const { position } = state.trace.layout;
  const rows = state.rows.value;
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (position[rows[middle]] <= position[row]) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Selects a row, unfolding what hides it. */
export function select(state: TraceState, row: number | undefined): void {
  batch(() => {
    if (row !== undefined) {
      const hiding = ancestorsOf(state.trace.outline, row).filter((ancestor) => state.folded.value.has(ancestor));
      if (hiding.length > 0) state.folded.value = new Set([...state.folded.value].filter((folded) => !hiding.includes(folded)));
    }
    state.selected.value = row;
  });
}

export function selectByStep(state: TraceState, step: number): void {
  const rows = state.rows.value;
  const from = state.selected.value;
  const index = from === undefined ? (step > 0 ? -1 : rows.length) : indexOfRow(state, from);
  select(state, rows[Math.max(0, Math.min(rows.length - 1, index + step))]);
}

export function toggleFold(state: TraceState, row: number): void {
  if (childCount(state.trace.layout, row) === 0) return;
  const folded = new Set(state.folded.value);
  if (!folded.delete(row)) folded.add(row);
  state.folded.value = folded;
}

export const wholeOf = (state: TraceState): TimeWindow => wholeWindow(state.trace.layout.extent);

export function fitted(state: TraceState, row: number): TimeWindow {
  const { outline, layout } = state.trace;
  return fittedTo(outline.start[row], outline.duration[row], layout.extent);
}

export function centred(state: TraceState, row: number): TimeWindow {
  const { outline, layout } = state.trace;
  return centredOn(state.window.value, outline.start[row], outline.duration[row], layout.extent);
}
