// The trace an error happened in, as far as it explains it: a small waterfall around the span, each row a way into the
// whole one.

import { useEffect, useState } from "preact/hooks";
import { excerptOf } from "../../errors/trace_excerpt";
import { formatCount } from "../../base/numbers";
import { formatDuration, nanoseconds } from "../../base/time";
import { hrefOf } from "../../state/location";
import { serviceHue } from "../../state/service_hues";
import { isError, rowOfSpan, spanIdText } from "../../trace/outline";
import type { LoadedTrace } from "../../trace/worker_messages";
import { TraceLoader } from "../trace/trace_loader";

const mostRows = 24;

export function RelatedTrace({ traceId, spanId }: { traceId: string; spanId: string | null }) {
  const trace = useTrace(traceId);
  if (trace === "absent") return <p class="soft">Its spans are not here: they have not come yet, were not sampled, or are no longer kept.</p>;
  if (!trace) return null;
  const { outline, layout } = trace;
  const itsSpan = spanId ? rowOfSpan(outline, spanId) : undefined;
  const focus = itsSpan ?? layout.roots[0]!;
  const { rows, hidden } = excerptOf(outline, layout, focus, mostRows);
  const share = (time: number): string => `${((time / Math.max(1, layout.extent)) * 100).toFixed(3)}%`;
  return (
    <ol class="related-trace" aria-label="Spans around the error">
      {rows.map((row) => {
        const service = outline.services[outline.service[row]!] ?? "";
        return (
          <li key={row} class={row === itsSpan ? "is-focus" : ""}>
            <a href={hrefOf(`/t/${traceId}`, { span: spanIdText(outline.spanId[row]!) })}>
              <span class="clip" style={{ paddingLeft: `${Math.min(layout.depth[row]!, 12) * 12}px` }}>
                {outline.names[outline.name[row]!]} <span class="faint">{service}</span>
              </span>
              <span class="related-time" aria-hidden="true">
                <span class={`related-bar${isError(outline, row) ? " is-error" : ""}`} style={{ "--hue": String(serviceHue(service)), left: share(outline.start[row]!), width: share(outline.duration[row]!) }} />
              </span>
              <span class="number faint">{formatDuration(nanoseconds(outline.duration[row]!))}</span>
            </a>
          </li>
        );
      })}
      {hidden > 0 && (
        <li>
          <a href={hrefOf(`/t/${traceId}`, { span: spanId ?? undefined })}>
            {formatCount(hidden)} more {hidden === 1 ? "span" : "spans"} in the trace
          </a>
        </li>
      )}
    </ol>
  );
}

/** Nothing until that is known. */
function useTrace(traceId: string): LoadedTrace | "absent" | undefined {
  const [found, setFound] = useState<{ of: string; trace: LoadedTrace | "absent" }>();
  useEffect(() => {
    const loader = new TraceLoader();
    let isWanted = true;
    loader.load(traceId).then(
      (trace) => isWanted && setFound({ of: traceId, trace: trace.outline.rows > 0 ? trace : "absent" }),
      () => isWanted && setFound({ of: traceId, trace: "absent" }),
    );
    return () => {
      isWanted = false;
      loader.end();
    };
  }, [traceId]);
  return found?.of === traceId ? found.trace : undefined;
}
