// The keys of the waterfall: from row to row, through time, and what is folded or hidden.

import type { KeyGroup } from "../../state/keys";
import { ancestorsOf, childCount, rowsToFoldAt } from "../../trace/layout";
import { panned, zoomed } from "../../trace/viewport";
import { cut, undoAllCuts, undoCut } from "./cutting";
import { centred, fitted, select, selectByStep, toggleAllRepeats, toggleFold, wholeOf, type TraceState } from "./trace_state";
import type { WindowMotion } from "./window_motion";

const pageOfRows = 20;
const levelKeys = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

export function waterfallKeys(state: TraceState, motion: WindowMotion): KeyGroup {
  const { layout } = state.trace;
  const { extent } = layout;
  const fast = (event: KeyboardEvent): number => (event.shiftKey ? 5 : 1);
  const onSelected = (act: (row: number) => void) => (): void => {
    if (state.selected.value !== undefined) act(state.selected.value);
  };
  const zoom = (factor: number) => (event: KeyboardEvent): void =>
    motion.moveTo(zoomed(motion.aim, factor ** fast(event), anchorOf(state), extent));
  const pan = (share: number) => (event: KeyboardEvent): void => motion.moveTo(panned(motion.aim, share * fast(event), extent));
  let fittedRow: number | undefined;
  return {
    title: "Waterfall",
    actions: [
      { keys: ["j", "ArrowDown"], shown: "j / ↓", does: "next span", act: () => selectByStep(state, 1) },
      { keys: ["k", "ArrowUp"], shown: "k / ↑", does: "previous span", act: () => selectByStep(state, -1) },
      { keys: ["PageDown"], shown: "PageDown", does: "further down", act: () => selectByStep(state, pageOfRows) },
      { keys: ["PageUp"], shown: "PageUp", does: "further up", act: () => selectByStep(state, -pageOfRows) },
      { keys: ["code:KeyW"], shown: "w", does: "zoom in (shift: faster)", act: zoom(0.8) },
      { keys: ["code:KeyS"], shown: "s", does: "zoom out", act: zoom(1.25) },
      { keys: ["code:KeyA"], shown: "a", does: "move left", act: pan(-0.12) },
      { keys: ["code:KeyD"], shown: "d", does: "move right", act: pan(0.12) },
      {
        keys: ["f"],
        does: "centre the span; again: fit it",
        act: onSelected((row) => {
          motion.moveTo(fittedRow === row ? fitted(state, row) : centred(state, row));
          fittedRow = fittedRow === row ? undefined : row;
        }),
      },
      { keys: ["0"], does: "the whole trace", act: () => motion.moveTo(wholeOf(state)) },
      { keys: ["ArrowRight"], shown: "→", does: "unfold, or go to the first child", act: onSelected((row) => unfoldOrEnter(state, row)) },
      { keys: ["ArrowLeft"], shown: "←", does: "fold, or go to the parent", act: onSelected((row) => foldOrLeave(state, row)) },
      { keys: ["c"], does: "fold or unfold", act: onSelected((row) => toggleFold(state, row)) },
      { keys: ["C"], does: "unfold everything", act: () => (state.folded.value = new Set()) },
      { keys: ["h"], does: "hide the span and what is below it", act: onSelected((row) => cut(state, motion, "hide", row)) },
      { keys: ["H"], does: "hide all of its service and name", act: onSelected((row) => cut(state, motion, "alike", row)) },
      { keys: ["o"], does: "only this span and what is below it", act: onSelected((row) => cut(state, motion, "only", row)) },
      { keys: ["u"], does: "take the last hiding back", act: () => undoCut(state, motion) },
      { keys: ["U"], does: "show all again", act: () => undoAllCuts(state, motion) },
      { keys: ["r"], does: "repeating siblings: one line for each, or one for all", act: () => toggleAllRepeats(state) },
      { keys: ["Backspace"], shown: "⌫", does: "back to the wider window", act: () => motion.moveTo(state.trail.value.at(-2) ?? wholeOf(state)) },
      {
        keys: levelKeys,
        shown: "1 / … / 9",
        does: "fold below this level",
        act: (event) => (state.folded.value = rowsToFoldAt(layout, Number(event.key) - 1)),
      },
      { keys: ["p"], does: "critical path on or off", act: () => (state.isPathShown.value = !state.isPathShown.value) },
    ],
  };
}

/** Keys zoom around the selected span when it is in the window, around the middle otherwise. */
function anchorOf(state: TraceState): number {
  const row = state.selected.value;
  if (row === undefined) return 0.5;
  const { outline } = state.trace;
  const { from, to } = state.window.value;
  const anchor = (outline.start[row] + outline.duration[row] / 2 - from) / (to - from);
  return anchor > 0 && anchor < 1 ? anchor : 0.5;
}

function unfoldOrEnter(state: TraceState, row: number): void {
  const { layout } = state.trace;
  if (state.folded.value.has(row)) toggleFold(state, row);
  else if (childCount(layout, row) > 0) select(state, layout.childRows[layout.childStart[row]]);
}

function foldOrLeave(state: TraceState, row: number): void {
  const { outline, layout } = state.trace;
  if (childCount(layout, row) > 0 && !state.folded.value.has(row)) toggleFold(state, row);
  else select(state, ancestorsOf(outline, row).at(-1) ?? row);
}
