// Recent traces, the newest first, as points and as a list.

import type { Traces, TraceSummary } from "../api/answers";
import { apiUrl } from "../api/client";
import { formatCount } from "../base/numbers";
import { asMilliseconds, describeMoment, formatAgo, formatClock, formatDuration, moment, nanoseconds, now, parseDuration, type Moment } from "../base/time";
import { useAnswer } from "../state/answer";
import { change, go, place } from "../state/location";
import { markedTrace, markTrace } from "../state/marked_trace";
import { describeRange, rangeOf, widerThan, type TimeRange } from "../state/time_range";
import { useLive } from "../state/use_live";
import { useKeys } from "../widgets/use_keys";
import { useListKeys } from "../widgets/list_keys";
import { Empty, Problem } from "../widgets/notice";
import { QueryInput } from "../widgets/query_input";
import { Icon } from "../widgets/icon";
import { Scatter } from "../widgets/scatter";
import { ServiceTag } from "../widgets/service_tag";
import { VirtualList } from "../widgets/virtual_list";

/** As many as a scatter wants to be a picture of the range; looking for fifty costs the server the same. */
const pageSize = 200;
const mostListed = 1000;
export const traceRowHeight = 32;

const open = (trace: TraceSummary): void => go(`/t/${trace.trace_id}`);

export function TracesView() {
  const { params } = place.value;
  const range = rangeOf(params);
  const limit = Math.min(mostListed, Number(params.limit) || pageSize);
  const [shortest, longest] = [params.min, params.max].map((text) => (text ? parseDuration(text) : undefined));
  const tick = useLive("traces", range.to === "now");
  const url = apiUrl("traces", {
    from: range.from,
    to: range.to,
    q: params.q,
    service: params.service,
    name: params.name,
    errors: params.errors,
    min_ms: shortest === undefined ? undefined : asMilliseconds(shortest),
    max_ms: longest === undefined ? undefined : asMilliseconds(longest),
    limit,
  });
  const { answer, failure, isLoading } = useAnswer<Traces>(url, tick);
  const traces = answer?.traces ?? [];
  const current = useListKeys("Traces", traces.length, (index) => open(traces[index]!));
  useKeys(
    () => ({ title: "Compare", actions: [{ keys: ["x"], does: "mark for comparison; on a second one: compare", act: () => current !== undefined && traces[current] && markTrace(traces[current].trace_id) }] }),
    [current, traces],
  );
  return (
    <div class="view-page">
      <div class="view-head">
        <h1>Traces</h1>
        <span class="soft" role="status">
          {answer && listed(answer, range)}
          {!answer && isLoading && " "}
        </span>
        {answer && answer.total > traces.length && limit < mostListed && (
          <button class="small" onClick={() => change({ limit: String(Math.min(mostListed, limit * 4)) })}>
            Show {Math.min(mostListed, limit * 4)}
          </button>
        )}
      </div>
      <TraceFilters params={params} isFaulty={failure?.kind === "bad_input"} />
      {failure && <Problem failure={failure} />}
      {answer && traces.length === 0 && <NoTraces params={params} range={range} />}
      {answer && traces.length > 0 && (
        <>
          <Scatter traces={traces} from={earliestListed(answer)} to={moment(answer.range.to_ns)} onOpen={open} />
          {markedTrace.value && (
            <p class="marked-says" role="status">
              <span class="mono">{markedTrace.value.slice(0, 8)}…</span> is marked: <kbd>x</kbd> on another compares them{" "}
              <button class="small plain" onClick={() => (markedTrace.value = undefined)}>
                Unmark
              </button>
            </p>
          )}
          <TraceList traces={traces} current={current} />
        </>
      )}
    </div>
  );
}

/** "newest 200 of 48,213 in the last hour" */
export function listed(answer: Traces, range: TimeRange): string {
  const shown = answer.traces.length;
  const total = `${answer.partial ? "at least " : ""}${formatCount(answer.total)}`;
  const when = describeRange(range);
  const why = answer.partial && answer.partial_reason ? ` (partial: ${answer.partial_reason})` : "";
  if (shown === 0) return `none ${when}${why}`;
  if (answer.total > shown) return `newest ${formatCount(shown)} of ${total} ${when}${why}`;
  return `${shown === 1 ? "1" : `all ${total}`} ${when}${why}`;
}

/** Where not all are listed, the picture begins with the oldest that is: before it there is more, not nothing. */
function earliestListed({ traces, total, range }: Traces): Moment {
  if (total <= traces.length) return moment(range.from_ns);
  return traces.map((trace) => moment(trace.start_ns)).reduce((left, right) => (right < left ? right : left));
}

function TraceFilters({ params, isFaulty }: { params: Readonly<Record<string, string>>; isFaulty: boolean }) {
  return (
    <div class="filter-bar">
      <QueryInput
        form="condition"
        signal="traces"
        value={params.q ?? ""}
        label="Filter traces"
        placeholder='Filter spans: http.route = "/pay" AND user.id exists'
        isFaulty={isFaulty}
        onSubmit={(q) => change({ q })}
      />
      <Chip name="service" value={params.service} />
      <Chip name="name" value={params.name} />
      <button aria-pressed={params.errors === "1"} onClick={() => change({ errors: params.errors === "1" ? undefined : "1" })}>
        <Icon name="error" size={14} /> Errors only
      </button>
      <DurationLimit name="min" label="at least" title="Smallest duration" value={params.min} />
      <DurationLimit name="max" label="at most" title="Largest duration" value={params.max} />
    </div>
  );
}

function Chip({ name, value }: { name: string; value: string | undefined }) {
  if (!value) return null;
  return (
    <button class="filter-chip" title={`Remove the filter by ${name}`} onClick={() => change({ [name]: undefined })}>
      <span class="faint">{name}</span> {value}
      <Icon name="close" size={12} />
    </button>
  );
}

function DurationLimit({ name, label, title, value }: { name: "min" | "max"; label: string; title: string; value: string | undefined }) {
  const submit = (text: string): void => {
    if (text.trim() === "" || parseDuration(text) !== undefined) change({ [name]: text.trim() || undefined });
  };
  return (
    <label class="minimum">
      <span class="faint">{label}</span>
      <input
        key={value}
        defaultValue={value ?? ""}
        placeholder={name === "min" ? "100 ms" : "2 s"}
        size={7}
        aria-label={title}
        onKeyDown={(event) => event.key === "Enter" && submit(event.currentTarget.value)}
        onBlur={(event) => submit(event.currentTarget.value)}
      />
    </label>
  );
}

export function TraceList({ traces, current }: { traces: readonly TraceSummary[]; current?: number | undefined }) {
  const longest = Math.max(...traces.map((trace) => trace.duration_ns), 1);
  return (
    <>
      <div class="table-head trace-columns" aria-hidden="true">
        <span>Started</span>
        <span>Root</span>
        <span>Duration</span>
        <span class="number">Spans</span>
        <span>Errors</span>
        <span>Services</span>
      </div>
      <VirtualList
        label="Traces"
        count={traces.length}
        rowHeight={traceRowHeight}
        current={current}
        row={(index) => <TraceRow key={traces[index]!.trace_id} trace={traces[index]!} longest={longest} isCurrent={index === current} />}
      />
    </>
  );
}

export function TraceRow({ trace, longest, isCurrent }: { trace: TraceSummary; longest: number; isCurrent: boolean }) {
  const start = moment(trace.start_ns);
  return (
    <div class={`table-row trace-columns is-link${isCurrent ? " is-current" : ""}`} role="listitem">
      <span class="soft" title={describeMoment(start)}>
        {formatClock(start)} <span class="faint">{formatAgo(start, now())}</span>
      </span>
      <span class="trace-root">
        <ServiceTag name={trace.root?.service ?? trace.services[0] ?? null} />
        <a class="whole-row clip" href={`/t/${trace.trace_id}`}>
          {trace.root ? (trace.root.name ?? "(no name)") : <em class="faint">root not received yet</em>}
        </a>
      </span>
      <span class="duration-cell">
        <span class="duration-bar" style={{ width: `${Math.max(1.5, (trace.duration_ns / longest) * 100)}%` }} />
        <span>{formatDuration(nanoseconds(trace.duration_ns))}</span>
      </span>
      <span class="number">{formatCount(trace.spans)}</span>
      <span>
        {trace.errors > 0 && (
          <span class="error-mark">
            <Icon name="error" size={13} /> {formatCount(trace.errors)}
          </span>
        )}
      </span>
      <span class="faint clip">{trace.services.length > 3 ? `${trace.services.slice(0, 3).join(", ")} and ${trace.services.length - 3} more` : trace.services.join(", ")}</span>
    </div>
  );
}

const filterNames = ["q", "service", "name", "errors", "min", "max"] as const;

function NoTraces({ params, range }: { params: Readonly<Record<string, string>>; range: TimeRange }) {
  const isFiltered = filterNames.some((name) => params[name]);
  const wider = widerThan(range);
  const { answer: unfiltered } = useAnswer<Traces>(isFiltered ? apiUrl("traces", { from: range.from, to: range.to, limit: 1 }) : undefined);
  const { answer: earlier } = useAnswer<Traces>(wider && !isFiltered ? apiUrl("traces", { from: "now-30d", limit: 1 }) : undefined);
  const newest = earlier?.traces[0];
  return (
    <Empty title={isFiltered ? `No trace matches the filter ${describeRange(range)}` : `No traces ${describeRange(range)}`}>
      {unfiltered && unfiltered.total > 0 && <p>Without the filter there are {formatCount(unfiltered.total)}.</p>}
      {newest && <p>The newest started {formatAgo(moment(newest.start_ns), now())}; the last 30 days hold {formatCount(earlier.total)}.</p>}
      <div class="actions">
        {isFiltered && (
          <button class="primary" onClick={() => change(Object.fromEntries(filterNames.map((name) => [name, undefined])))}>
            Remove the filter
          </button>
        )}
        {newest && (
          <button class="primary" onClick={() => go(`/t/${newest.trace_id}`)}>
            Open the newest
          </button>
        )}
        {wider && <button onClick={() => change({ from: wider.from })}>Look {describeRange(wider)}</button>}
        {!newest && !isFiltered && <a href="/">How to send traces</a>}
      </div>
    </Empty>
  );
}
