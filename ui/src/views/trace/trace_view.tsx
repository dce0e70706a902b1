// The page of one trace.

import { useSignal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { ApiFailure } from "../../api/client";
import { parseReference } from "../../base/ids";
import { after, between, minutes, nanoseconds, now } from "../../base/time";
import { hrefOf, param, place, redirect, visits } from "../../state/location";
import { useLive } from "../../state/use_live";
import { Empty, Problem } from "../../widgets/notice";
import { useKeys } from "../../widgets/use_keys";
import { rowOfSpan } from "../../trace/outline";
import { MinimapStrip } from "./minimap_strip";
import { SpanPane } from "./span_pane";
import { TraceHead } from "./trace_head";
import { traceKeys } from "./trace_keys";
import { TraceLoader } from "./trace_loader";
import { carryOver, keepInAddress, makeTraceState, select, type TraceState } from "./trace_state";
import { TraceTools } from "./trace_tools";
import { Waterfall } from "./waterfall";
import { WindowMotion } from "./window_motion";

export function TraceView({ reference }: { reference: string }) {
  const parsed = parseReference(reference);
  const spelled = parsed && hrefOf(`/t/${parsed.traceId}`, { ...place.peek().params, span: parsed.spanId ?? place.peek().params.span });
  const isSpelledOut = parsed?.traceId === reference;
  useEffect(() => {
    if (spelled && !isSpelledOut) redirect(spelled);
  }, [spelled, isSpelledOut]);
  if (!parsed) {
    return (
      <Empty title="That is not the id of a trace">
        <p>An id is 32 or 16 hex digits, with or without dashes, X-Ray's 1-5759e988-…, base64, or a traceparent header.</p>
        <div class="actions">
          <a href="/traces">Recent traces</a>
        </div>
      </Empty>
    );
  }
  return <TraceById key={parsed.traceId} traceId={parsed.traceId} />;
}

interface Loading {
  loader?: TraceLoader;
  state?: TraceState;
  failure?: ApiFailure;
}

/** Spans of one trace come from several senders, each with its own delay; after this long the last has come. */
const mayStillGrow = minutes(2);

function TraceById({ traceId }: { traceId: string }) {
  const [{ loader, state, failure }, setLoading] = useState<Loading>({});
  useEffect(() => {
    const worker = new TraceLoader();
    worker.load(traceId).then(
      (trace) => setLoading({ loader: worker, state: makeTraceState(trace) }),
      (problem: unknown) => setLoading({ loader: worker, failure: problem instanceof ApiFailure ? problem : new ApiFailure(String(problem), "internal") }),
    );
    return () => worker.end();
  }, [traceId]);

  const tick = useLive("traces", true);
  useEffect(() => {
    const isAwaited = failure?.kind === "not_found";
    if (tick === 0 || !loader || !(isAwaited || (state && isYoung(state)))) return;
    loader.load(traceId).then(
      (trace) => {
        if (trace.outline.rows === state?.trace.outline.rows && trace.logs === state.trace.logs) return;
        setLoading({ loader, state: state ? carryOver(state, trace) : makeTraceState(trace) });
      },
      () => undefined, // what is on display stays; the next arrival tries again
    );
  }, [tick]);

  if (failure?.kind === "not_found") return <NoSuchTrace traceId={traceId} />;
  if (failure) return <Problem failure={failure} />;
  if (!state || !loader) return <p class="for-screen-readers">Loading the trace</p>;
  return <LoadedTraceView key={state.trace.outline.rows} state={state} loader={loader} />;
}

function isYoung({ trace }: TraceState): boolean {
  const end = after(trace.outline.origin, nanoseconds(trace.layout.extent));
  return between(end, now()) < mayStillGrow;
}

function NoSuchTrace({ traceId }: { traceId: string }) {
  return (
    <Empty title="No span of this trace is stored">
      <p class="mono">{traceId}</p>
      <p>It may not have arrived yet, may have been left out by sampling, or may be older than what is kept.</p>
      <div class="actions">
        <button class="primary" onClick={() => location.reload()}>
          Look again
        </button>
        <a href="/traces">Recent traces</a>
        <a href="/arrivals">What arrives, and what was refused</a>
      </div>
    </Empty>
  );
}

const remembered = (name: string, otherwise: number): number => Number(localStorage.getItem(name)) || otherwise;

function LoadedTraceView({ state, loader }: { state: TraceState; loader: TraceLoader }) {
  const [motion] = useState(() => new WindowMotion(state));
  const nameWidth = useSignal(remembered("clew.trace.nameWidth", Math.max(220, Math.min(460, window.innerWidth * 0.3))));
  const paneWidth = useSignal(remembered("clew.trace.paneWidth", 440));
  useKeys(() => traceKeys(state, motion), [state, motion]);
  useEffect(() => keepInAddress(state), [state]);
  // "Back" and links change the span in the address; the selection follows.
  const visit = visits.value;
  useEffect(() => {
    const row = rowOfSpan(state.trace.outline, param("span") ?? "");
    if (row !== undefined) select(state, row);
  }, [state, visit]);
  useEffect(() => {
    const { outline, layout } = state.trace;
    document.title = `${outline.names[outline.name[layout.roots[0]!]!]} – clew`;
  }, [state]);
  return (
    <div class="trace-view">
      <TraceHead state={state} isFirst={param("first") === "1"} />
      <MinimapStrip state={state} motion={motion} loader={loader} />
      <TraceTools state={state} motion={motion} />
      <div class="trace-body">
        <Waterfall state={state} motion={motion} nameWidth={nameWidth} />
        <SpanPane state={state} width={paneWidth} />
      </div>
    </div>
  );
}
