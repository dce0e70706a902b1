// Traces as X-Ray's API tells them: filter expressions, groups, and a histogram of response times to select from.

import { useLayoutEffect, useState } from "preact/hooks";
import { ApiFailure } from "../../api/client";
import type { XrayGroups, XrayTrace } from "../../api/xray";
import { parseReference } from "../../base/ids";
import { formatCount } from "../../base/numbers";
import { describeMoment, formatAgo, formatClock, formatDuration, moment, now, seconds, type Moment } from "../../base/time";
import { change, go, place } from "../../state/location";
import { describeRange, rangeOf, widerThan, type TimeRange } from "../../state/time_range";
import { useTraceSummaries, type AskedSummaries } from "../../state/trace_summaries";
import { useLive } from "../../state/use_live";
import { useXray } from "../../state/xray_answer";
import { Icon } from "../../widgets/icon";
import { useListKeys } from "../../widgets/list_keys";
import { Empty, Problem } from "../../widgets/notice";
import { ServiceTag } from "../../widgets/service_tag";
import { TimeHistogram } from "../../widgets/time_histogram";
import { VirtualList } from "../../widgets/virtual_list";
import { filterOf, pointedMessage } from "../../xray/filter_text";
import { isSelected, responseTimes, selectionOf } from "../../chart/response_times";
import { XrayHead } from "./xray_head";

const pageSize = 500;
const mostListed = 5000;

const hrefFor = (trace: XrayTrace): string => `/t/${parseReference(trace.Id)?.traceId ?? trace.Id}`;
const timeOf = (trace: XrayTrace) => seconds(trace.ResponseTime ?? trace.Duration);
const startOf = (trace: XrayTrace): Moment => moment(BigInt(Math.round(trace.StartTime * 1e6)) * 1000n);

export function XrayTracesView() {
  const { params } = place.value;
  const range = rangeOf(params);
  const tick = useLive("traces", range.to === "now");
  const limit = Math.min(mostListed, Number(params.limit) || pageSize);
  const filter = filterOf(params.filter, params.group);
  const asked = useTraceSummaries(filter.expression, range, limit, tick);
  const traces = asked.traces ?? [];
  const selection = selectionOf(params);
  const times = responseTimes(traces.map(timeOf));
  const shown = traces.filter((trace) => isSelected(timeOf(trace), selection));
  const current = useListKeys("Traces", shown.length, (index) => go(hrefFor(shown[index]!)));
  const failure = asked.failure && new ApiFailure(pointedMessage(asked.failure.message, params.filter, filter), asked.failure.kind);
  return (
    <div class="view-page">
      <XrayHead>
        <span class="soft" role="status">
          {asked.traces ? listed(asked, shown.length, range) : " "}
        </span>
        {asked.hasMore && !asked.isLoading && limit < mostListed && (
          <button class="small" onClick={() => change({ limit: String(Math.min(mostListed, limit * 4)) })}>
            Look at {formatCount(Math.min(mostListed, limit * 4))}
          </button>
        )}
      </XrayHead>
      <div class="filter-bar">
        <FilterField value={params.filter ?? ""} isFaulty={failure?.kind === "bad_input"} />
        <GroupChoice value={params.group} />
      </div>
      {failure && <Problem failure={failure} />}
      {asked.traces && traces.length === 0 && !asked.isLoading && <NoTraces params={params} range={range} />}
      {traces.length > 0 && (
        <>
          <TimeHistogram times={times} selection={selection} params={params} />
          {shown.length === 0 ? <Empty title="No trace took so long" /> : <XrayTraceList traces={shown} current={current} />}
        </>
      )}
    </div>
  );
}

/** "37 selected of all 214 in the last hour" */
function listed({ traces, hasMore, isLoading }: AskedSummaries, shown: number, range: TimeRange): string {
  const count = traces!.length;
  const all = hasMore ? `newest ${formatCount(count)}` : count === 0 ? "none" : `all ${formatCount(count)}`;
  return `${shown < count ? `${formatCount(shown)} selected of ${all}` : all} ${describeRange(range)}${isLoading && hasMore ? ", reading on" : ""}`;
}

function FilterField({ value, isFaulty }: { value: string; isFaulty: boolean }) {
  const [text, setText] = useState(value);
  useLayoutEffect(() => setText(value), [value]);
  return (
    <form
      class={`query-input${isFaulty ? " faulty" : ""}`}
      onSubmit={(event) => {
        event.preventDefault();
        change({ filter: text.trim() || undefined });
      }}
    >
      <Icon name="filter" size={14} />
      <input
        data-search
        aria-label="X-Ray filter expression"
        aria-invalid={isFaulty}
        placeholder='X-Ray filter expression: service("orders") { fault } AND responsetime > 0.5'
        value={text}
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => setText(event.currentTarget.value)}
      />
      {text !== "" && (
        <button type="button" class="small plain" aria-label="Clear" title="Clear" onClick={() => change({ filter: undefined })}>
          <Icon name="close" size={12} />
        </button>
      )}
    </form>
  );
}

function GroupChoice({ value }: { value: string | undefined }) {
  const { answer } = useXray<XrayGroups>("getGroups");
  const groups = (answer?.Groups ?? []).filter((group) => group.FilterExpression !== undefined);
  if (groups.length === 0 && !value) return null;
  const names = groups.map((group) => group.GroupName);
  if (value && !names.includes(value)) names.push(value);
  return (
    <select aria-label="Group" value={value ?? ""} onChange={(event) => change({ group: event.currentTarget.value || undefined })}>
      <option value="">All groups</option>
      {names.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
}

function XrayTraceList({ traces, current }: { traces: readonly XrayTrace[]; current: number | undefined }) {
  const longest = Math.max(...traces.map(timeOf), 1);
  return (
    <>
      <div class="table-head xray-columns" aria-hidden="true">
        <span>Started</span>
        <span>Entry point</span>
        <span>Response time</span>
        <span>Outcome</span>
        <span>User</span>
      </div>
      <VirtualList label="Traces" count={traces.length} rowHeight={32} current={current} row={(index) => <TraceRow key={traces[index]!.Id} trace={traces[index]!} longest={longest} isCurrent={index === current} />} />
    </>
  );
}

function TraceRow({ trace, longest, isCurrent }: { trace: XrayTrace; longest: number; isCurrent: boolean }) {
  const start = startOf(trace);
  const { Http: http } = trace;
  return (
    <div class={`table-row xray-columns is-link${isCurrent ? " is-current" : ""}`} role="listitem">
      <span class="soft" title={describeMoment(start)}>
        {formatClock(start)} <span class="faint">{formatAgo(start, now())}</span>
      </span>
      <span class="trace-root">
        <ServiceTag name={trace.EntryPoint?.Name ?? null} />
        <a class="whole-row clip" href={hrefFor(trace)}>
          {http?.HttpURL ? `${http.HttpMethod ?? ""} ${http.HttpURL}` : trace.Id}
        </a>
      </span>
      <span class="duration-cell">
        <span class="duration-bar" style={{ width: `${Math.max(1.5, (timeOf(trace) / longest) * 100)}%` }} />
        <span>{formatDuration(timeOf(trace))}</span>
        {trace.ResponseTime === undefined && <span class="faint">&nbsp;so far</span>}
      </span>
      <span class="outcome">
        <Outcome trace={trace} />
      </span>
      <span class="faint clip">{(trace.Users ?? []).map(({ UserName }) => UserName).join(", ")}</span>
    </div>
  );
}

function Outcome({ trace: { HasFault, HasThrottle, HasError, IsPartial, Http } }: { trace: XrayTrace }) {
  return (
    <>
      {Http?.HttpStatus !== undefined && <span class={HasFault || HasError ? "error-text" : "soft"}>{Http.HttpStatus}</span>}
      {HasFault && (
        <span class="chip error">
          <Icon name="error" size={12} /> Fault
        </span>
      )}
      {HasThrottle && <span class="chip warning">Throttled</span>}
      {HasError && !HasThrottle && <span class="chip warning">Error</span>}
      {IsPartial && <span class="chip">Not complete</span>}
    </>
  );
}

function NoTraces({ params, range }: { params: Readonly<Record<string, string>>; range: TimeRange }) {
  const isFiltered = Boolean(params.filter ?? params.group);
  const wider = widerThan(range);
  return (
    <Empty title={isFiltered ? `No trace matches the filter ${describeRange(range)}` : `No traces ${describeRange(range)}`}>
      <div class="actions">
        {isFiltered && (
          <button class="primary" onClick={() => change({ filter: undefined, group: undefined })}>
            Remove the filter
          </button>
        )}
        {wider && <button onClick={() => change({ from: wider.from })}>Look {describeRange(wider)}</button>}
        {!isFiltered && <a href="/">How to send traces</a>}
      </div>
    </Empty>
  );
}
