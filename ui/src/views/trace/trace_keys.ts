// The keys of the trace page, whichever of its pictures is shown; each picture adds its own.

import type { KeyGroup } from "../../state/keys";
import { go } from "../../state/location";
import { markTrace } from "../../state/marked_trace";
import { ancestorsOf, childCount, siblingOf } from "../../trace/layout";
import { isError, spanIdText } from "../../trace/outline";
import { nextRow } from "../../trace/search";
import { copyText, toast } from "../../widgets/toast";
import { compareWithTypical } from "../compare/compare_address";
import { isThere } from "./cutting";
import { select, traceTabs, type TraceState } from "./trace_state";

export function traceKeys(state: TraceState): KeyGroup {
  const { outline, layout } = state.trace;
  const goTo = (step: 1 | -1, fulfils: (row: number) => boolean): void => {
    const row = nextRow(layout, state.selected.value, step, (candidate) => isThere(state, candidate) && fulfils(candidate));
    if (row !== undefined) select(state, row);
  };
  const onSelected = (act: (row: number) => void) => (): void => {
    if (state.selected.value !== undefined) act(state.selected.value);
  };
  return {
    title: "Trace",
    actions: [
      { keys: ["n"], does: "next match", act: () => goTo(1, (row) => state.found.value.matches[row] === 1) },
      { keys: ["N"], does: "previous match", act: () => goTo(-1, (row) => state.found.value.matches[row] === 1) },
      { keys: ["e"], does: "next error", act: () => goTo(1, (row) => isError(outline, row)) },
      { keys: ["E"], does: "previous error", act: () => goTo(-1, (row) => isError(outline, row)) },
      { keys: ["]"], does: "next sibling", act: onSelected((row) => select(state, siblingOf(outline, layout, row, 1) ?? row)) },
      { keys: ["["], does: "previous sibling", act: onSelected((row) => select(state, siblingOf(outline, layout, row, -1) ?? row)) },
      { keys: ["{"], does: "parent", act: onSelected((row) => select(state, ancestorsOf(outline, row).at(-1) ?? row)) },
      { keys: ["}"], does: "first child", act: onSelected((row) => childCount(layout, row) > 0 && select(state, layout.childRows[layout.childStart[row]])) },
      { keys: ["v"], does: "waterfall, flame graph, table", act: () => (state.tab.value = traceTabs[(traceTabs.indexOf(state.tab.value) + 1) % traceTabs.length]!) },
      ...(state.source.file
        ? []
        : [
            { keys: ["t"], does: "compare with a typical one of its kind", act: () => go(compareWithTypical(outline.traceId)) },
            { keys: ["x"], does: "mark for comparison; in another trace: compare the two", act: () => markTrace(outline.traceId) && toast("Marked: x in another trace compares the two") },
          ]),
      { keys: ["y"], does: "copy a link to this", act: () => void copyText(location.href, "link") },
      { keys: ["Y"], does: "copy the span's id", act: onSelected((row) => void copyText(spanIdText(outline.spanId[row]), "span id")) },
      { keys: ["i"], does: "into the pane of the span", act: onSelected(() => document.querySelector<HTMLElement>(".span-pane")?.focus()) },
      { keys: ["Escape"], shown: "esc", does: "close the span", act: () => select(state, undefined) },
    ],
  };
}
