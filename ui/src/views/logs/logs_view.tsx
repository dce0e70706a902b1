// Log records, the newest first, over time and as patterns; a click opens one.

import { signal, useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { LogRecord } from "../../api/answers";
import { formatCount } from "../../base/numbers";
import { describeMoment, formatClock, formatDay, moment, now } from "../../base/time";
import { errorHref } from "../../errors/error_address";
import { histogramOf, type LogHistogram } from "../../logs/histogram";
import { spreadOut } from "../../logs/line_summary";
import { conditionOf } from "../../logs/search";
import type { Gap } from "../../logs/tail";
import { both, isEqual } from "../../query/short_form_text";
import { change, hrefOf, place } from "../../state/location";
import { useQuestion } from "../../state/question";
import { describeRange, rangeOf, widerThan } from "../../state/time_range";
import { useLive } from "../../state/use_live";
import { AttributeTable } from "../../widgets/attribute_table";
import { CopyButton } from "../../widgets/copy_button";
import { Icon } from "../../widgets/icon";
import { useListKeys } from "../../widgets/list_keys";
import { Empty, Problem } from "../../widgets/notice";
import { QueryInput } from "../../widgets/query_input";
import { ServiceTag } from "../../widgets/service_tag";
import { SeverityHistogram } from "../../widgets/severity_histogram";
import { SeverityMark } from "../../widgets/severity_mark";
import { useKeys } from "../../widgets/use_keys";
import { VirtualList } from "../../widgets/virtual_list";
import { LogContextList } from "./log_context";
import { LogPatternList } from "./log_patterns";
import { LineText } from "./line_text";
import { bodyOf } from "./log_text";
import { RowSeverity } from "./row_severity";
import { useTail } from "./use_tail";

const rowHeight = 24;
const listed = 1000;

/** How the address names a record: its time, and its place among those of the same time. */
const nameOf = (records: readonly LogRecord[], index: number): string => {
  const time = records[index]!.time_ns;
  let earlier = 0;
  while (index - earlier > 0 && records[index - earlier - 1]!.time_ns === time) earlier++;
  return earlier === 0 ? time : `${time}.${earlier}`;
};

export function LogsView() {
  const { params } = place.value;
  const range = rangeOf(params);
  const tick = useLive("logs", range.to === "now");
  const isOfTrace = params.trace !== undefined;
  const isHeld = useSignal(false);
  const times = { from: isOfTrace ? params.from : range.from, to: isOfTrace ? params.to : range.to };
  const { tail, total, waiting, answer, failure } = useTail({ ...times, q: params.q, service: params.service, trace_id: params.trace, limit: listed }, tick, isHeld.value);
  const { records } = tail;
  const histogram = useHistogram(params, tick);
  const open = (index: number): void => change({ at: nameOf(records, index) });
  const isFolded = params.view === "patterns";
  const current = useListKeys("Logs", isFolded ? 0 : records.length, open);
  useKeys(() => ({ title: "Lines or patterns", actions: [{ keys: ["p"], does: "fold lines into patterns, or show them", act: () => change({ view: place.value.params.view ? undefined : "patterns" }) }] }), []);
  const opened = params.at === undefined ? -1 : records.findIndex((_, index) => nameOf(records, index) === params.at);
  return (
    <div class="view-page">
      <div class="view-head">
        <h1>Logs</h1>
        <span class="soft" role="status">
          {answer && (isFolded ? "" : total > records.length ? `newest ${formatCount(records.length)} of ${formatCount(total)}` : formatCount(records.length))} {answer && (isOfTrace ? "of one trace" : describeRange(range))}
        </span>
        <span class="grow" />
        <button class="small" aria-pressed={isFolded} title="Lines that differ only in numbers and names, as one (p)" onClick={() => change({ view: isFolded ? undefined : "patterns", at: undefined })}>
          Patterns
        </button>
      </div>
      <div class="filter-bar">
        <QueryInput form="condition" signal="logs" value={params.q ?? ""} label="Filter log lines" placeholder="Words, or a condition: severity = error AND user.id = u1" isFaulty={failure?.kind === "bad_input"} onSubmit={(q) => change({ q: conditionOf(q), at: undefined })} />
        {(["trace", "service"] as const).map(
          (name) =>
            params[name] && (
              <button class="filter-chip" key={name} title={`Remove the filter by ${name}`} onClick={() => change({ [name]: undefined })}>
                <span class="faint">{name}</span> {params[name]} <Icon name="close" size={12} />
              </button>
            ),
        )}
        {(["error", "warn"] as const).map((severity) => (
          <button key={severity} aria-pressed={params.q === `severity = ${severity}`} onClick={() => change({ q: params.q === `severity = ${severity}` ? undefined : `severity = ${severity}` })}>
            {severity === "error" ? "Errors" : "Warnings"}
          </button>
        ))}
      </div>
      {failure && <Problem failure={failure} />}
      {histogram && histogram.highest > 0 && <SeverityHistogram histogram={histogram} onSelect={(selected) => change(selected)} />}
      {isFolded && <LogPatternList tick={tick} />}
      {!isFolded && answer && records.length === 0 && <NoLogs />}
      {!isFolded && records.length > 0 && (
        <div class="split">
          <div class="split-main log-list">
            {waiting > 0 && (
              <button class="log-pill primary" onClick={() => {
                isHeld.value = false;
                document.querySelector(".log-list .list")?.scrollTo({ top: 0 });
              }}>
                {formatCount(waiting)} new {waiting === 1 ? "line" : "lines"}
              </button>
            )}
            <VirtualList
              label="Log lines"
              count={records.length}
              rowHeight={rowHeight}
              current={current}
              onScroll={(top) => (isHeld.value = top > rowHeight)}
              row={(index) => <LogRow key={index} record={records[index]!} isCurrent={index === current || index === opened} gap={tail.gaps.find(({ at }) => at === index)} onOpen={() => open(index)} />}
            />
          </div>
          {opened >= 0 && <LogPane key={params.at} record={records[opened]!} />}
        </div>
      )}
    </div>
  );
}

/** The same lines over time; those of one trace need none. */
function useHistogram(params: Readonly<Record<string, string>>, tick: number): LogHistogram | undefined {
  const range = rangeOf(params);
  const condition = both(params.q, params.service ? isEqual("service.name", params.service, "string") : undefined);
  const query = `COUNT${condition ? ` WHERE ${condition}` : ""} GROUP BY severity`;
  const { answer } = useQuestion(params.trace ? undefined : { query, signal: "logs", from: range.from, to: range.to, series: true }, tick);
  return useMemo(() => (answer && !params.trace ? histogramOf(answer) : undefined), [answer, params.trace]);
}

/** Between this line and the one above it. */
function gapText({ outage }: Gap): string {
  if (!outage) return "more lines came here than are shown";
  return `clew was gone from ${formatClock(outage.from, "none")} to ${formatClock(outage.to, "none")}: what came here may be missing`;
}

function LogRow({ record, isCurrent, gap, onOpen }: { record: LogRecord; isCurrent: boolean; gap: Gap | undefined; onOpen: () => void }) {
  const time = moment(record.time_ns);
  const isToday = formatDay(time) === formatDay(now());
  return (
    <div class={`log-row${isCurrent ? " is-current" : ""}${gap ? " is-after-gap" : ""}`} role="listitem" onClick={onOpen}>
      {gap && <span class="gap-mark">{gapText(gap)}</span>}
      <span class="mono faint" title={describeMoment(time)}>
        {isToday ? formatClock(time) : `${formatDay(time).slice(5)} ${formatClock(time, "none")}`}
      </span>
      <RowSeverity severity={record.severity} />
      <span class="log-service">
        <ServiceTag name={record.service} />
      </span>
      <LineText text={bodyOf(record)} />
      {record.trace_id && (
        <a href={hrefOf(`/t/${record.trace_id}`, { span: record.span_id ?? undefined })} onClick={(event) => event.stopPropagation()}>
          trace
        </a>
      )}
    </div>
  );
}

/** What a door noted for itself comes behind what the sender said. */
const isBookkeeping = (name: string): boolean => name.startsWith("aws.log.event.") || name === "error.group" || name === "error.occurrence";

/** Whoever looked around one line looks around the next one too. */
const showsContext = signal(false);

function LogPane({ record }: { record: LogRecord }) {
  const time = moment(record.time_ns);
  const error = errorHref(record.attributes);
  return (
    <aside class="side-pane" aria-label="Log record">
      <header class="pane-head">
        <h2>
          <SeverityMark severity={record.severity} /> {formatDay(time)} {formatClock(time, "nanoseconds")}
        </h2>
        <button class="small plain" aria-label="Close" onClick={() => change({ at: undefined })}>
          <Icon name="close" size={14} />
        </button>
      </header>
      <p class="pane-service">
        <ServiceTag name={record.service} />
        {record.severity_text && <span class="faint">{record.severity_text}</span>}
        <span class="grow" />
        <CopyButton text={bodyOf(record)} what="the text" />
      </p>
      <pre class="log-body">{spreadOut(bodyOf(record))}</pre>
      {error && (
        <p class="pane-note">
          <a href={error}>The error that this line is an occurrence of</a>
        </p>
      )}
      {record.trace_id && (
        <p class="pane-note">
          <a href={hrefOf(`/t/${record.trace_id}`, { span: record.span_id ?? undefined })}>
            <span class="mono">trace {record.trace_id}</span>
          </a>
        </p>
      )}
      <details class="pane-section" open={showsContext.value} onToggle={(event) => (showsContext.value = event.currentTarget.open)}>
        <summary>Lines around it</summary>
        {showsContext.value && <LogContextList record={record} />}
      </details>
      <details class="pane-section" open>
        <summary>
          Attributes <span class="faint">{record.attributes.length}</span>
        </summary>
        <AttributeTable attributes={[...record.attributes].sort((left, right) => Number(isBookkeeping(left.key)) - Number(isBookkeeping(right.key)))} search="" path="/logs" />
      </details>
      {record.resource && record.resource.length > 0 && (
        <details class="pane-section">
          <summary>
            Resource <span class="faint">{record.resource.length}</span>
          </summary>
          <AttributeTable attributes={record.resource} search="" path="/logs" />
        </details>
      )}
    </aside>
  );
}

function NoLogs() {
  const { params } = place.value;
  const range = rangeOf(params);
  const wider = widerThan(range);
  const isFiltered = Boolean(params.q || params.service || params.trace);
  return (
    <Empty title={isFiltered ? "No log line matches the filter" : `No log lines ${describeRange(range)}`}>
      {!isFiltered && <p>OpenTelemetry's log exporters send to the same address as traces do.</p>}
      <div class="actions">
        {isFiltered && (
          <button class="primary" onClick={() => change({ q: undefined, service: undefined, trace: undefined })}>
            Remove the filter
          </button>
        )}
        {wider && <button onClick={() => change({ from: wider.from })}>Look {describeRange(wider)}</button>}
        <a href="/arrivals">What arrives</a>
      </div>
    </Empty>
  );
}
