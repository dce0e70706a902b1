// Metrics: pick one, see it, break it down, and go to the traces that its exemplars name.

import { useEffect, useState } from "preact/hooks";
import type { Answer, Columns, MetricList, MetricSummary } from "../../api/answers";
import { apiUrl } from "../../api/client";
import { formatCount, significant } from "../../base/numbers";
import { describeMoment, formatAgo, formatClock, moment, now } from "../../base/time";
import { exemplarsOf, type Exemplar } from "../../metrics/exemplars";
import { inUnit, pointsQuestion } from "../../metrics/question";
import { isEqual } from "../../query/short_form_text";
import { useAnswer } from "../../state/answer";
import { change, hrefOf, place } from "../../state/location";
import { useQuestion } from "../../state/question";
import { describeRange, rangeOf, widerThan } from "../../state/time_range";
import { useLive } from "../../state/use_live";
import { Icon } from "../../widgets/icon";
import { LineChart } from "../../widgets/line_chart";
import { useListKeys } from "../../widgets/list_keys";
import { Empty, Problem } from "../../widgets/notice";
import { VirtualList } from "../../widgets/virtual_list";

const rowHeight = 40;
const mostMetrics = 10_000;

export function MetricsView() {
  const { params } = place.value;
  const range = rangeOf(params);
  const tick = useLive("metrics", range.to === "now");
  const { answer, failure } = useAnswer<MetricList>(apiUrl("metrics", { from: range.from, to: range.to, limit: mostMetrics }), tick);
  const words = (params.find ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const all = answer?.metrics ?? [];
  const shown = all.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
  const choose = (index: number): void => change({ metric: shown[index]!.name, by: undefined });
  const current = useListKeys("Metrics", shown.length, choose);
  const chosen = all.find(({ name }) => name === params.metric);
  return (
    <div class="view-page">
      <div class="view-head">
        <h1>Metrics</h1>
        <span class="soft" role="status">
          {answer && `${words.length > 0 ? `${formatCount(shown.length)} of ` : ""}${formatCount(all.length)}${all.length === mostMetrics ? " or more" : ""} with points ${describeRange(range)}`}
        </span>
      </div>
      {failure && <Problem failure={failure} />}
      {answer && all.length === 0 && <NoMetrics />}
      {all.length > 0 && (
        <div class="metrics">
          <div class="metric-list">
            <div class="pane-search">
              <Icon name="search" size={13} />
              <input data-search type="search" placeholder="Find a metric" aria-label="Find a metric" value={params.find ?? ""} onInput={(event) => change({ find: event.currentTarget.value || undefined }, "trail")} />
            </div>
            <VirtualList
              label="Metrics"
              count={shown.length}
              rowHeight={rowHeight}
              current={current}
              row={(index) => {
                const metric = shown[index]!;
                return (
                  <div key={metric.name} role="listitem" class={`metric-row${index === current || metric === chosen ? " is-current" : ""}`}>
                    <button class="plain" onClick={() => choose(index)}>
                      <span class="clip">{metric.name}</span>
                      <span class="faint clip">
                        {[metric.kind?.replace("_", " "), metric.unit, `${formatCount(metric.points)} points`].filter(Boolean).join(", ")}
                      </span>
                    </button>
                  </div>
                );
              }}
            />
          </div>
          {chosen ? <MetricDetails key={chosen.name} metric={chosen} tick={tick} /> : <p class="metric-hint faint">Choose a metric to see it over time.</p>}
        </div>
      )}
    </div>
  );
}

function MetricDetails({ metric, tick }: { metric: MetricSummary; tick: number }) {
  const { params } = place.value;
  const range = rangeOf(params);
  const [pointed, setPointed] = useState<number | undefined>();
  const { answer, failure } = useAnswer<Answer>(apiUrl("metrics/trend", { metric: metric.name, by: params.by, from: range.from, to: range.to }), tick);
  const { answer: columns } = useAnswer<Columns>(apiUrl("columns", { signal: "metrics", from: range.from, to: range.to }));
  const names = (columns?.columns ?? []).map(({ name }) => name).filter((name) => !name.startsWith("metric.") && !name.startsWith("meta."));
  useEffect(() => {
    document.title = `${metric.name} – clew`;
  }, [metric.name]);
  return (
    <div class="metric-details">
      <div class="metric-head">
        <h2 class="clip">{metric.name}</h2>
        <span class="faint">{[metric.kind?.replace("_", " "), metric.unit].filter(Boolean).join(", ")}</span>
        <span class="grow" />
        <label>
          <span class="faint">by</span>{" "}
          <select value={params.by ?? ""} aria-label="Break down by" onChange={(event) => change({ by: event.currentTarget.value || undefined })}>
            <option value="">nothing</option>
            {names.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <a class="button" href={hrefOf("/q", { q: `${pointsQuestion(metric, params.by)} FROM metrics`, from: params.from, to: params.to })}>
          Its points
        </a>
      </div>
      {failure && <Problem failure={failure} />}
      {answer && <LineChart answer={inUnit(answer, metric.unit)} pointed={pointed} onPoint={setPointed} />}
      {answer && params.by && <Legend names={answer.rows.map((row) => String(row[0] ?? "(none)"))} total={answer.total_rows} />}
      <Exemplars metric={metric} from={range.from} to={range.to} />
    </div>
  );
}

function Legend({ names, total }: { names: readonly string[]; total: number }) {
  return (
    <p class="soft metric-legend">
      {names.join(", ")} {total > names.length && <span class="faint">and {formatCount(total - names.length)} more</span>}
    </p>
  );
}

const pointsLookedAt = 500;
const mostExemplars = 50;

function Exemplars({ metric, from, to }: { metric: MetricSummary; from: string; to: string }) {
  const { answer } = useQuestion({ query: `ROWS time, metric.point WHERE ${isEqual("metric.name", metric.name, "string")} AND metric.point exists LIMIT ${pointsLookedAt}`, signal: "metrics", from, to }, 0);
  if (!answer) return null;
  const seen = new Map<string, Exemplar>();
  for (const [, point] of answer.rows) for (const exemplar of exemplarsOf(point ?? null, metric.kind)) seen.set(`${exemplar.traceId} ${exemplar.spanId} ${exemplar.time}`, exemplar);
  const exemplars = [...seen.values()].sort((left, right) => right.value - left.value).slice(0, mostExemplars);
  return (
    <section class="exemplars" aria-label="Exemplars">
      <h3>
        Exemplars <span class="faint">{exemplars.length > 0 ? "the largest first" : "none here: the sender attaches them to measurements made within a sampled span"}</span>
      </h3>
      {exemplars.length > 0 && (
        <table class="plain-table">
          <thead>
            <tr>
              <th class="number">Value</th>
              <th>Time</th>
              <th>Trace</th>
            </tr>
          </thead>
          <tbody>
            {exemplars.map((exemplar) => (
              <tr key={`${exemplar.traceId} ${exemplar.spanId} ${exemplar.time}`}>
                <td class="number">
                  {significant(exemplar.value)} <span class="faint">{metric.unit}</span>
                </td>
                <td title={describeMoment(moment(exemplar.time))}>
                  {formatClock(moment(exemplar.time))} <span class="faint">{formatAgo(moment(exemplar.time), now())}</span>
                </td>
                <td>
                  <a class="mono" href={hrefOf(`/t/${exemplar.traceId}`, { span: exemplar.spanId })}>
                    {exemplar.traceId}
                  </a>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function NoMetrics() {
  const range = rangeOf(place.value.params);
  const wider = widerThan(range);
  return (
    <Empty title={`No metric has points ${describeRange(range)}`}>
      <p>OpenTelemetry's metric exporters send every minute unless told otherwise, to the same address as traces.</p>
      <div class="actions">
        {wider && <button onClick={() => change({ from: wider.from })}>Look {describeRange(wider)}</button>}
        <a href="/arrivals">What arrives</a>
      </div>
    </Empty>
  );
}
