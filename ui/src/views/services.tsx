// Services and how they fare; a click shows their traces.

import { useState } from "preact/hooks";
import type { Answer, Services, ServiceSummary } from "../api/answers";
import { apiUrl } from "../api/client";
import { formatCount, formatRate, formatShare } from "../base/numbers";
import { asSeconds, between, describeMoment, formatAgo, formatDuration, milliseconds, moment, now } from "../base/time";
import { useAnswer } from "../state/answer";
import { useQuestion } from "../state/question";
import { change, go, hrefOf, place } from "../state/location";
import { describeRange, rangeOf, widerThan } from "../state/time_range";
import { useLive } from "../state/use_live";
import { Icon } from "../widgets/icon";
import { useListKeys } from "../widgets/list_keys";
import { Empty, Problem } from "../widgets/notice";
import { ServiceTag } from "../widgets/service_tag";
import { Spark } from "../widgets/spark";

type Column = "name" | "spans" | "errors" | "p50_ms" | "p95_ms" | "last_seen_ns";

const columns: readonly { column: Column; title: string; isNumber: boolean }[] = [
  { column: "name", title: "Service", isNumber: false },
  { column: "spans", title: "Spans", isNumber: true },
  { column: "errors", title: "Errors", isNumber: true },
  { column: "p50_ms", title: "Median", isNumber: true },
  { column: "p95_ms", title: "95th percentile", isNumber: true },
  { column: "last_seen_ns", title: "Last seen", isNumber: true },
];

export function ServicesView() {
  const { params } = place.value;
  const range = rangeOf(params);
  const tick = useLive("traces", range.to === "now");
  const { answer, failure } = useAnswer<Services>(apiUrl("services", { from: range.from, to: range.to }), tick);
  const { answer: activity } = useQuestion({ query: "COUNT GROUP BY service.name LIMIT 200", ...range, series: true }, tick);
  const [search, setSearch] = useState("");
  const order = (params.sort as Column | undefined) ?? "spans";
  const shown = (answer?.services ?? []).filter((service) => (service.name ?? "").toLowerCase().includes(search.toLowerCase())).sort(comparison(order));
  const hrefFor = (service: ServiceSummary): string => hrefOf("/traces", { service: service.name ?? undefined, from: params.from, to: params.to });
  const current = useListKeys("Services", shown.length, (index) => go(hrefFor(shown[index]!)));
  const seconds = answer ? asSeconds(between(moment(answer.range.from_ns), moment(answer.range.to_ns))) : 1;
  return (
    <div class="view-page">
      <div class="view-head">
        <h1>Services</h1>
        {answer && (
          <span class="soft" role="status">
            {formatCount(answer.services.length)} {describeRange(range)}
          </span>
        )}
        <span class="grow" />
        <input data-search type="search" placeholder="Find a service" aria-label="Find a service" value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
      </div>
      {failure && <Problem failure={failure} />}
      {answer && answer.services.length === 0 && <NoServices />}
      {shown.length > 0 && (
        <div class="table" role="table" aria-label="Services">
          <div class="table-head service-columns" role="row">
            {columns.map(({ column, title, isNumber }) => (
              <span key={column} role="columnheader" aria-sort={order === column ? "descending" : "none"} class={isNumber ? "number" : undefined}>
                <button onClick={() => change({ sort: column === "spans" ? undefined : column })}>
                  {title}
                  {order === column && " ↓"}
                </button>
              </span>
            ))}
            <span role="columnheader">Spans over time</span>
          </div>
          {shown.map((service, index) => (
            <ServiceRow key={service.name} service={service} href={hrefFor(service)} seconds={seconds} values={seriesOf(activity, service.name)} isCurrent={index === current} />
          ))}
        </div>
      )}
      {answer && answer.services.length > 0 && shown.length === 0 && <Empty title={`No service is called “${search}”`} />}
    </div>
  );
}

interface ServiceRowProps {
  service: ServiceSummary;
  href: string;
  seconds: number;
  values: readonly (number | null)[];
  isCurrent: boolean;
}

function ServiceRow({ service, href, seconds, values, isCurrent }: ServiceRowProps) {
  const lastSeen = moment(service.last_seen_ns);
  const latency = (value: number | null): string => (value === null ? "–" : formatDuration(milliseconds(value)));
  return (
    <div class={`table-row service-columns is-link${isCurrent ? " is-current" : ""}`} role="row">
      <span role="cell" class="clip">
        <a class="whole-row" href={href}>
          <ServiceTag name={service.name} />
        </a>
      </span>
      <span role="cell" class="number" title={`${formatCount(service.spans)} spans`}>
        {formatRate(service.spans / seconds)}
      </span>
      <span role="cell" class="number" title={`${formatCount(service.errors)} failed spans`}>
        {service.errors > 0 ? (
          <span class="error-mark">
            <Icon name="error" size={13} />
            {formatShare(service.errors, service.spans)}
          </span>
        ) : (
          <span class="faint">0 %</span>
        )}
      </span>
      <span role="cell" class="number">{latency(service.p50_ms)}</span>
      <span role="cell" class="number">{latency(service.p95_ms)}</span>
      <span role="cell" class="number soft" title={describeMoment(lastSeen)}>
        {formatAgo(lastSeen, now())}
      </span>
      <span role="cell">
        <Spark values={values} width={180} />
      </span>
    </div>
  );
}

export function comparison(column: Column): (left: ServiceSummary, right: ServiceSummary) => number {
  const byName = (left: ServiceSummary, right: ServiceSummary): number => (left.name ?? "").localeCompare(right.name ?? "");
  if (column === "name") return byName;
  if (column === "last_seen_ns") return (left, right) => Number(BigInt(right.last_seen_ns) - BigInt(left.last_seen_ns)) || byName(left, right);
  if (column === "errors") return (left, right) => right.errors / right.spans - left.errors / left.spans || byName(left, right);
  return (left, right) => (right[column] ?? -1) - (left[column] ?? -1) || byName(left, right);
}

function seriesOf(activity: Answer | undefined, service: string | null): readonly (number | null)[] {
  if (!activity?.series) return [];
  const row = activity.rows.findIndex((candidate) => candidate[0] === service);
  const line = activity.series.lines.find((candidate) => candidate.row === row && row >= 0);
  return line ? line.values.map((value) => Number(value ?? 0)) : [];
}

function NoServices() {
  const range = rangeOf(place.value.params);
  const wider = widerThan(range);
  return (
    <Empty title={`No service sent spans ${describeRange(range)}`}>
      <div class="actions">
        {wider && (
          <button class="primary" onClick={() => change({ from: wider.from })}>
            Look {describeRange(wider)}
          </button>
        )}
        <a href="/">How to send spans</a>
        <a href="/arrivals">What arrives</a>
      </div>
    </Empty>
  );
}
