// The page of one stored trace, found by any spelling of its id.

import { useEffect, useState } from "preact/hooks";
import { failureOf, type ApiFailure } from "../../api/client";
import { parseReference } from "../../base/ids";
import { after, between, minutes, nanoseconds, now } from "../../base/time";
import { hrefOf, place, redirect } from "../../state/location";
import type { LoadedTrace } from "../../trace/worker_messages";
import { useComeback } from "../../state/use_comeback";
import { useLive } from "../../state/use_live";
import { Empty, Problem } from "../../widgets/notice";
import { LoadedTraceView } from "./loaded_trace_view";
import { TraceLoader } from "./trace_loader";
import { carryOver, makeTraceState, type TraceState } from "./trace_state";
import { storedTrace } from "./trace_source";

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
  const comeback = useComeback(failure);
  useEffect(() => {
    const worker = new TraceLoader();
    worker.load(traceId).then(
      (trace) => setLoading({ loader: worker, state: makeTraceState(trace, sourceOf(worker, trace)) }),
      (problem: unknown) => setLoading({ loader: worker, failure: failureOf(problem) }),
    );
    return () => worker.end();
  }, [traceId, comeback]);

  const tick = useLive("traces", true);
  useEffect(() => {
    const isAwaited = failure?.kind === "not_found";
    if (tick === 0 || !loader || !(isAwaited || (state && isYoung(state)))) return;
    loader.load(traceId).then(
      (trace) => {
        if (trace.outline.rows === state?.trace.outline.rows && trace.logs === state.trace.logs) return;
        setLoading({ loader, state: state ? carryOver(state, trace) : makeTraceState(trace, sourceOf(loader, trace)) });
      },
      () => undefined, // what is on display stays; the next arrival tries again
    );
  }, [tick]);

  if (failure?.kind === "not_found") return <NoSuchTrace traceId={traceId} />;
  if (failure) return <Problem failure={failure} />;
  if (!state || !loader) return <p class="for-screen-readers">Loading the trace</p>;
  return <LoadedTraceView key={state.trace.outline.rows} state={state} />;
}

/** Spans are looked for from the first to the last, and a while after: some may still come. */
const sourceOf = (loader: TraceLoader, { outline, layout }: LoadedTrace) =>
  storedTrace(loader, outline.traceId, { from: String(outline.origin), to: String(after(outline.origin, nanoseconds(layout.extent + mayStillGrow))) });

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
