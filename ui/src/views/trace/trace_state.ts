// What the trace page shows of a loaded trace: selection, window, folds, search. The page's parts read these signals;
// the address is kept in step with them.

import { batch, computed, effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { beforeLeaving, change, param, path } from "../../state/location";
import { serviceHue } from "../../state/service_hues";
import { cutAway, cutDownTo, cutsSparing, cutsText, parseCuts, type Cut } from "../../trace/cuts";
import { ancestorsOf, childCount } from "../../trace/layout";
import { rowOfSpan, spanIdText } from "../../trace/outline";
import { rowsToShow } from "../../trace/repeats";
import type { SearchResult } from "../../trace/search";
import { trailAfter } from "../../trace/trail";
import { centredOn, fittedTo, isWhole, parseWindow, wholeWindow, windowText, type TimeWindow } from "../../trace/viewport";
import type { LoadedTrace } from "../../trace/worker_messages";
import { findingIn } from "./finding";
import type { TraceSource } from "./trace_source";

export const traceTabs = ["waterfall", "flame", "table"] as const;
export type TraceTab = (typeof traceTabs)[number];

export interface TraceState {
  readonly trace: LoadedTrace;
  readonly source: TraceSource;
  readonly tab: Signal<TraceTab>;
  /** By index of service. */
  readonly hues: number[];
  readonly selected: Signal<number | undefined>;
  readonly window: Signal<TimeWindow>;
  readonly folded: Signal<ReadonlySet<number>>;
  /** Groups of repeating siblings whose members each have a row. */
  readonly openRepeats: Signal<ReadonlySet<number>>;
  /** What was cut away, the last cut last. */
  readonly cuts: Signal<readonly Cut[]>;
  /** One byte a row: 1 where it is cut away. */
  readonly gone: ReadonlySignal<Uint8Array | undefined>;
  /** Depth of the topmost row on display. */
  readonly topDepth: ReadonlySignal<number>;
  /** Windows that were zoomed into, one within the other. */
  readonly trail: Signal<readonly TimeWindow[]>;
  /** Rows on display, folds applied, from top to bottom. */
  readonly rows: ReadonlySignal<Uint32Array>;
  readonly searchText: Signal<string>;
  readonly found: ReadonlySignal<SearchResult>;
  /** What there is to say about what was found. */
  readonly searchRemark: ReadonlySignal<string | undefined>;
  readonly isPathShown: Signal<boolean>;
}

/** Folds beyond this many are not worth an address nobody can paste. */
const mostFoldsInAddress = 60;

/** What is cut away is not found. */
function withoutGone(found: SearchResult, gone: Uint8Array | undefined): SearchResult {
  if (!gone || found.rows.length === 0) return found;
  return { matches: found.matches.map((match, row) => match & (1 - gone[row]!)), rows: found.rows.filter((row) => !gone[row]) };
}

const everyGroup = ({ repeats }: LoadedTrace): ReadonlySet<number> => new Set(repeats.lead.keys());

export function makeTraceState(trace: LoadedTrace, source: TraceSource): TraceState {
  const { outline, layout, repeats } = trace;
  const spanInAddress = param("span");
  const folds = (param("fold") ?? "").split(",").flatMap((id) => rowOfSpan(outline, id) ?? []);
  const folded = signal<ReadonlySet<number>>(new Set(folds));
  const openRepeats = signal(param("repeats") === "open" ? everyGroup(trace) : new Set<number>());
  const searchText = signal(param("find") ?? "");
  const cuts = signal<readonly Cut[]>(parseCuts(outline, param("cut")));
  const gone = computed(() => cutAway(outline, layout, repeats, cuts.value));
  const { found, remark } = findingIn(trace, searchText, source);
  const state: TraceState = {
    trace,
    source,
    tab: signal(traceTabs.find((tab) => tab === param("view")) ?? "waterfall"),
    hues: outline.services.map(serviceHue),
    selected: signal(undefined),
    window: signal(parseWindow(param("w"), layout.extent)),
    trail: signal([]),
    folded,
    openRepeats,
    cuts,
    gone,
    topDepth: computed(() => layout.depth[cutDownTo(cuts.value) ?? layout.roots[0]!]),
    rows: computed(() => rowsToShow(layout, repeats, folded.value, openRepeats.value, gone.value)),
    searchText,
    found: computed(() => withoutGone(found.value, gone.value)),
    searchRemark: remark,
    isPathShown: signal(param("path") !== "off"),
  };
  select(state, spanInAddress ? rowOfSpan(outline, spanInAddress) : undefined);
  return state;
}

/** The same view of a trace that has grown since. */
export function carryOver(from: TraceState, trace: LoadedTrace): TraceState {
  const to = makeTraceState(trace, from.source);
  const rowNow = (row: number): number | undefined => rowOfSpan(trace.outline, spanIdText(from.trace.outline.spanId[row]));
  const row = from.selected.peek();
  to.tab.value = from.tab.peek();
  to.folded.value = new Set([...from.folded.peek()].flatMap((folded) => rowNow(folded) ?? []));
  to.openRepeats.value = new Set([...from.openRepeats.peek()].flatMap((group) => groupOf(trace, rowNow(from.trace.repeats.lead[group])) ?? []));
  to.cuts.value = from.cuts.peek().flatMap(({ kind, row: cut }) => {
    const now = rowNow(cut);
    return now === undefined ? [] : [{ kind, row: now }];
  });
  select(to, row === undefined ? undefined : rowNow(row));
  to.searchText.value = from.searchText.peek();
  to.isPathShown.value = from.isPathShown.peek();
  const window = from.window.peek();
  to.window.value = isWhole(window, from.trace.layout.extent) ? wholeWindow(trace.layout.extent) : window;
  return to;
}

/** The group of repeating siblings that a row belongs to. */
function groupOf({ repeats }: LoadedTrace, row: number | undefined): number | undefined {
  const group = row === undefined ? 0 : repeats.groupOfRow[row];
  return group === 0 ? undefined : group - 1;
}

/** The group that a row on display stands for. */
export function groupLedBy(state: TraceState, row: number): number | undefined {
  const group = groupOf(state.trace, row);
  return group !== undefined && state.trace.repeats.lead[group] === row && !state.openRepeats.value.has(group) ? group : undefined;
}

export function toggleRepeats(state: TraceState, group: number): void {
  const open = new Set(state.openRepeats.value);
  if (!open.delete(group)) open.add(group);
  state.openRepeats.value = open;
}

/** Folds all groups when any is open, and opens all otherwise. */
export function toggleAllRepeats(state: TraceState): void {
  state.openRepeats.value = state.openRepeats.value.size > 0 ? new Set() : everyGroup(state.trace);
}

/** Writes the state into the address a moment after it changed, or when another address opens; returns how to stop. */
export function keepInAddress(state: TraceState): () => void {
  const { outline, layout } = state.trace;
  const here = path.peek();
  let timer: number | undefined;
  let write: (() => void) | undefined;
  let isFirst = true;
  const writeNow = (): void => {
    clearTimeout(timer);
    if (path.peek() === here) write?.();
    write = undefined;
  };
  const stop = effect(() => {
    const row = state.selected.value;
    const folds = [...state.folded.value].slice(0, mostFoldsInAddress);
    const params = {
      span: row === undefined ? undefined : spanIdText(outline.spanId[row]),
      w: isWhole(state.window.value, layout.extent) ? undefined : windowText(state.window.value),
      fold: folds.map((folded) => spanIdText(outline.spanId[folded])).join(","),
      find: state.searchText.value,
      view: state.tab.value === "waterfall" ? undefined : state.tab.value,
      repeats: state.openRepeats.value.size > 0 && state.openRepeats.value.size === state.trace.repeats.lead.length ? "open" : undefined,
      path: state.isPathShown.value ? undefined : "off",
      cut: cutsText(outline, state.cuts.value),
    };
    if (isFirst) {
      isFirst = false;
      return;
    }
    clearTimeout(timer);
    write = () => change(params, "trail");
    timer = window.setTimeout(writeNow, 150);
  });
  const forget = beforeLeaving(writeNow);
  return () => {
    stop();
    forget();
    writeNow();
  };
}

/** A window that has stayed this long was meant. */
const atRest = 350;

/** Follows the windows that were zoomed into; returns how to stop. */
export function keepTrail(state: TraceState): () => void {
  let timer: number | undefined;
  const stop = effect(() => {
    const window = state.window.value;
    clearTimeout(timer);
    timer = globalThis.window.setTimeout(() => (state.trail.value = trailAfter(state.trail.peek(), window, state.trace.layout.extent)), atRest);
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

/** The closed group in which another row stands for this one. */
function groupHiding(state: TraceState, row: number): number | undefined {
  const group = groupOf(state.trace, row);
  return group !== undefined && state.trace.repeats.lead[group] !== row && !state.openRepeats.value.has(group) ? group : undefined;
}

/** Selects a row, unfolding what hides it and taking back what cut it away. */
export function select(state: TraceState, row: number | undefined): void {
  batch(() => {
    if (row !== undefined) {
      const above = ancestorsOf(state.trace.outline, row);
      const hiding = above.filter((ancestor) => state.folded.value.has(ancestor));
      if (hiding.length > 0) state.folded.value = new Set([...state.folded.value].filter((folded) => !hiding.includes(folded)));
      const standsIn = [...above, row].flatMap((each) => groupHiding(state, each) ?? []);
      if (standsIn.length > 0) state.openRepeats.value = new Set([...state.openRepeats.value, ...standsIn]);
      const { outline, layout, repeats } = state.trace;
      state.cuts.value = cutsSparing(outline, layout, repeats, state.cuts.value, row);
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
