// The waterfall for those who do not see it: the rows in sight as a tree, kept out of view, with the selected one active.

import type { Signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { formatDuration, nanoseconds } from "../../base/time";
import { timeOnPath } from "../../trace/critical_path";
import { childCount, placeAmongSiblings } from "../../trace/layout";
import { isError, noParent } from "../../trace/outline";
import { indexOfRow, type TraceState } from "./trace_state";
import { rowHeight } from "./waterfall_geometry";

/** While rows fly past nobody reads them; they are written once scrolling rests. */
const rest = 120;

export function TreeRows({ state, sight }: { state: TraceState; sight: Signal<{ top: number; height: number }> }) {
  const [settled, setSettled] = useState(sight.peek());
  useEffect(() => {
    let timer: number | undefined;
    const forget = sight.subscribe((seen) => {
      clearTimeout(timer);
      timer = window.setTimeout(() => setSettled(seen), rest);
    });
    return () => {
      forget();
      clearTimeout(timer);
    };
  }, [sight]);
  const rows = state.rows.value;
  const first = Math.max(0, Math.min(rows.length - 1, Math.floor(settled.top / rowHeight)));
  const last = Math.min(rows.length, first + Math.ceil(settled.height / rowHeight));
  const selected = state.selected.value;
  const active = selected === undefined ? undefined : indexOfRow(state, selected);
  const isActiveInSight = active !== undefined && active >= first && active < last;
  return (
    <div
      class="for-screen-readers"
      role="treegrid"
      tabIndex={0}
      aria-label="Spans"
      aria-rowcount={rows.length}
      aria-activedescendant={isActiveInSight ? `span-row-${rows[active]}` : undefined}
    >
      {Array.from(rows.subarray(first, last), (row, offset) => (
        <TreeRow key={row} state={state} row={row} index={first + offset} isSelected={row === selected} />
      ))}
    </div>
  );
}

function TreeRow({ state, row, index, isSelected }: { state: TraceState; row: number; index: number; isSelected: boolean }) {
  const { outline, layout } = state.trace;
  const siblings = outline.parent[row] === noParent ? layout.roots.length : childCount(layout, outline.parent[row]);
  return (
    <div
      role="row"
      id={`span-row-${row}`}
      aria-level={layout.depth[row] - state.topDepth.value + 1}
      aria-rowindex={index + 1}
      aria-setsize={siblings}
      aria-posinset={placeAmongSiblings(outline, layout, row) + 1}
      aria-expanded={childCount(layout, row) > 0 ? !state.folded.value.has(row) : undefined}
      aria-selected={isSelected}
    >
      <span role="gridcell">{describeRow(state, row)}</span>
    </div>
  );
}

/** "checkout POST /pay, 412 ms, starts at 88.0 ms, error, on critical path for 20.0 ms" */
export function describeRow(state: TraceState, row: number): string {
  const { outline, path } = state.trace;
  const onPath = timeOnPath(path, row);
  return [
    `${outline.services[outline.service[row]]} ${outline.names[outline.name[row]]}`,
    formatDuration(nanoseconds(outline.duration[row])),
    `starts at ${formatDuration(nanoseconds(outline.start[row]))}`,
    isError(outline, row) ? "error" : "",
    onPath > 0 ? `on critical path for ${formatDuration(nanoseconds(onPath))}` : "",
  ]
    .filter(Boolean)
    .join(", ");
}
