// The name of the trace, its measures, and what can be done with it as a whole.

import { asXrayId, traceId } from "../../base/ids";
import { formatCount } from "../../base/numbers";
import { after, describeMoment, formatAgo, formatDuration, formatMoment, nanoseconds, now } from "../../base/time";
import { hrefOf } from "../../state/location";
import { isError, isProvisional } from "../../trace/outline";
import { nextRow } from "../../trace/search";
import { Icon } from "../../widgets/icon";
import { ServiceTag } from "../../widgets/service_tag";
import { copyText } from "../../widgets/toast";
import { compareWithTypical } from "../compare/compare_address";
import { isThere } from "./cutting";
import { TraceDownloads } from "./trace_downloads";
import { select, type TraceState } from "./trace_state";

export function TraceHead({ state, isFirst }: { state: TraceState; isFirst: boolean }) {
  const { outline, layout, logs, partialReason } = state.trace;
  const { file } = state.source;
  const root = layout.roots.find((row) => !isProvisional(outline, row)) ?? layout.roots[0]!;
  const start = after(outline.origin, nanoseconds(0));
  const spans = outline.rows - outline.flags.filter((flag) => flag & 2).length;
  const nextError = (): void => {
    const row = nextRow(layout, state.selected.value, 1, (candidate) => isThere(state, candidate) && isError(outline, candidate));
    if (row !== undefined) select(state, row);
  };
  return (
    <header class="trace-head">
      {isFirst && <p class="first-trace">Your first trace. Each line is a span; select one to see all that was sent with it.</p>}
      <div class="trace-title">
        <ServiceTag name={outline.services[outline.service[root]]!} />
        <h1 class="clip" title={outline.names[outline.name[root]]}>
          {outline.names[outline.name[root]]}
        </h1>
        <button class="small plain mono" title={`Copy the trace id. X-Ray writes it ${asXrayId(traceId(outline.traceId))}`} onClick={() => void copyText(outline.traceId, "trace id")}>
          {outline.traceId}
          <Icon name="copy" size={13} />
        </button>
        <span class="grow" />
        {!file && (
          <button class="small" onClick={() => void copyText(location.href, "link")} title="Copy a link to this view (y)">
            <Icon name="link" size={14} /> Copy link
          </button>
        )}
        {!file && (
          <a class="button small" href={compareWithTypical(outline.traceId)} title="Compare with a typical trace of its kind (t)">
            Compare
          </a>
        )}
        <TraceDownloads state={state} />
      </div>
      <p class="trace-facts">
        <strong>{formatDuration(nanoseconds(layout.extent))}</strong>
        <span>{formatCount(spans)} {spans === 1 ? "span" : "spans"}</span>
        <span>{outline.services.length} {outline.services.length === 1 ? "service" : "services"}</span>
        {layout.errors > 0 ? (
          <button class="small plain error-mark" onClick={nextError} title="Go to the next error (e)">
            <Icon name="error" size={13} />
            {formatCount(layout.errors)} {layout.errors === 1 ? "error" : "errors"}
          </button>
        ) : (
          <span>no errors</span>
        )}
        {logs > 0 && !file && <a href={hrefOf("/logs", { trace: outline.traceId })}>{formatCount(logs)} {logs === 1 ? "log line" : "log lines"}</a>}
        {partialReason && <span class="chip warning">partial: {partialReason}</span>}
        <span title={describeMoment(start)}>
          {formatMoment(start)} <span class="faint">({formatAgo(start, now())})</span>
        </span>
      </p>
    </header>
  );
}
