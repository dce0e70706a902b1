// How a span stands among its kind: spans of the same service and name, of a day before and after.

import { formatCount, formatShare } from "../../base/numbers";
import { after, before, days, formatDuration, milliseconds } from "../../base/time";
import { isEqual } from "../../query/short_form_text";
import { hrefOf } from "../../state/location";
import { useQuestion } from "../../state/question";
import { namelessService, namelessSpan } from "../../trace/decode";
import type { TraceState } from "./trace_state";

const around = days(1);

export function SpanKin({ state, row }: { state: TraceState; row: number }) {
  const { outline } = state.trace;
  const [name, service] = [outline.names[outline.name[row]]!, outline.services[outline.service[row]]!];
  const isNamed = name !== namelessSpan && service !== namelessService;
  const condition = `${isEqual("name", name, "string")} AND ${isEqual("service.name", service, "string")} AND trace.span_id exists`;
  // Half a nanosecond more, so that the span itself counts however it is rounded.
  const duration = (outline.duration[row] + 0.5) / 1e6;
  const query = `COUNT, COUNT FILTER (duration_ms <= ${duration.toFixed(7)}), P50(duration_ms), P99(duration_ms), COUNT FILTER (error = true) WHERE ${condition}`;
  const range = { from: String(before(outline.origin, around)), to: String(after(outline.origin, around)) };
  const { answer } = useQuestion(isNamed ? { query, ...range } : undefined, 0);
  const [count, faster, median, slowest, failed] = (answer?.rows[0] ?? []).map(Number);
  if (!count || count < 2) return null;
  const place = Math.max(1, Math.min(100, Math.round((faster! / count) * 100)));
  return (
    <p class="span-kin">
      <span class="kin-scale" aria-hidden="true">
        <span style={{ left: `${place}%` }} />
      </span>
      <span>
        {place >= 100 ? "Slowest" : place <= 1 ? "Fastest" : `Slower than ${place} %`} of <a href={hrefOf("/traces", { q: condition })}>{formatCount(count)} of its kind</a> within a day
      </span>
      <span class="faint">
        median {formatDuration(milliseconds(median!))}, P99 {formatDuration(milliseconds(slowest!))}, {failed ? `${formatShare(failed, count)} failed` : "none failed"}
      </span>
    </p>
  );
}

