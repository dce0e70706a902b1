// A trace that is there: its head, its minimap, and below one of its pictures beside the selected span.

import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { param, visits } from "../../state/location";
import { rowOfSpan } from "../../trace/outline";
import { useKeys } from "../../widgets/use_keys";
import { FlameGraph } from "./flame_graph";
import { GroupTable } from "./group_table";
import { MinimapStrip } from "./minimap_strip";
import { SpanPane } from "./span_pane";
import { TraceHead } from "./trace_head";
import { traceKeys } from "./trace_keys";
import { keepInAddress, keepTrail, select, type TraceState } from "./trace_state";
import { TraceTools } from "./trace_tools";
import { Waterfall } from "./waterfall";
import { WindowMotion } from "./window_motion";

const remembered = (name: string, otherwise: number): number => Number(localStorage.getItem(name)) || otherwise;

export function LoadedTraceView({ state }: { state: TraceState }) {
  const [motion] = useState(() => new WindowMotion(state));
  const nameWidth = useSignal(remembered("clew.trace.nameWidth", Math.max(150, Math.min(460, window.innerWidth * 0.3))));
  const paneWidth = useSignal(remembered("clew.trace.paneWidth", 440));
  useKeys(() => traceKeys(state), [state]);
  // As early as the keys work: what they change must not be missed.
  useLayoutEffect(() => keepInAddress(state), [state]);
  useLayoutEffect(() => keepTrail(state), [state]);
  // "Back" and links change the span in the address; the selection follows.
  const visit = visits.value;
  useLayoutEffect(() => {
    const row = rowOfSpan(state.trace.outline, param("span") ?? "");
    if (row !== undefined) select(state, row);
  }, [state, visit]);
  useEffect(() => {
    const { outline, layout } = state.trace;
    document.title = `${outline.names[outline.name[layout.roots[0]!]!]} – clew`;
  }, [state]);
  const tab = state.tab.value;
  return (
    <div class="trace-view">
      <TraceHead state={state} isFirst={param("first") === "1"} />
      {tab === "waterfall" && <MinimapStrip state={state} motion={motion} loader={state.source.loader} />}
      <TraceTools state={state} motion={motion} />
      <div class="trace-body">
        {tab === "waterfall" && <Waterfall state={state} motion={motion} nameWidth={nameWidth} />}
        {tab === "flame" && <FlameGraph state={state} />}
        {tab === "table" && <GroupTable state={state} />}
        <SpanPane state={state} motion={motion} width={paneWidth} />
      </div>
    </div>
  );
}
