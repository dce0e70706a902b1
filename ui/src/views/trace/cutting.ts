// Cutting away what does not matter, and taking it back. The window goes along: to what is left of the trace, and out again.

import { batch } from "@preact/signals";
import { cutAway, cutDownTo, type Cut, type CutKind } from "../../trace/cuts";
import { toast } from "../../widgets/toast";
import { fitted, groupLedBy, indexOfRow, select, wholeOf, type TraceState } from "./trace_state";
import type { WindowMotion } from "./window_motion";

export function cut(state: TraceState, motion: WindowMotion, kind: CutKind, row: number): void {
  // Its line stands for the whole group.
  const made: Cut = { kind: kind === "hide" && groupLedBy(state, row) !== undefined ? "repeats" : kind, row };
  const { outline, layout, repeats } = state.trace;
  const cuts = [...state.cuts.value, made];
  if (!cutAway(outline, layout, repeats, cuts)!.includes(0)) {
    toast("That would leave nothing to see");
    return;
  }
  batch(() => {
    const index = indexOfRow(state, row);
    state.cuts.value = cuts;
    // What was selected may be gone: then its line's successor is.
    if (state.selected.value !== undefined && state.gone.value![state.selected.value]) {
      const rows = state.rows.value;
      select(state, rows[Math.min(index, rows.length - 1)]);
    }
  });
  if (kind === "only") motion.moveTo(fitted(state, row));
}

export function undoCut(state: TraceState, motion: WindowMotion): void {
  const cuts = state.cuts.value;
  if (cuts.length === 0) return;
  state.cuts.value = cuts.slice(0, -1);
  if (cuts.at(-1)!.kind === "only") showWhatIsLeft(state, motion);
}

export function undoAllCuts(state: TraceState, motion: WindowMotion): void {
  const wasCutDown = cutDownTo(state.cuts.value) !== undefined;
  state.cuts.value = [];
  if (wasCutDown) showWhatIsLeft(state, motion);
}

function showWhatIsLeft(state: TraceState, motion: WindowMotion): void {
  const top = cutDownTo(state.cuts.value);
  motion.moveTo(top === undefined ? wholeOf(state) : fitted(state, top));
}

export const goneCount = (state: TraceState): number => state.gone.value?.reduce((sum, gone) => sum + gone, 0) ?? 0;

/** Whether a row is there to go to. */
export const isThere = (state: TraceState, row: number): boolean => !state.gone.value?.[row];
