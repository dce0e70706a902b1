// Services, what they depend on, and how the calls between them fare.

import type { ServiceMap } from "../../api/answers";
import { apiUrl } from "../../api/client";
import { formatCount } from "../../base/numbers";
import { asSeconds, between, moment } from "../../base/time";
import { callOf } from "../../map/call_address";
import { around, busiestPart, type MapPart } from "../../map/choose";
import { useAnswer } from "../../state/answer";
import { change, place } from "../../state/location";
import { describeRange, rangeOf, widerThan, type TimeRange } from "../../state/time_range";
import { useLive } from "../../state/use_live";
import { Empty, Problem } from "../../widgets/notice";
import { QueryInput } from "../../widgets/query_input";
import { CallPanel } from "./call_panel";
import { MapPicture } from "./map_picture";
import { MapTables } from "./map_tables";

const mostDrawn = 120;

export function MapView() {
  const { params } = place.value;
  const range = rangeOf(params);
  const tick = useLive("traces", range.to === "now");
  const { answer, failure } = useAnswer<ServiceMap>(apiUrl("map", { from: range.from, to: range.to, q: params.q }), tick);
  const found = answer && around(answer, params.find ?? "");
  const drawn = found && busiestPart(found, mostDrawn);
  const seconds = answer ? asSeconds(between(moment(answer.range.from_ns), moment(answer.range.to_ns))) : 1;
  const call = drawn && callOf(drawn, params);
  const question = { from: params.from, to: params.to, q: params.q };
  return (
    <div class="view-page">
      <div class="view-head">
        <h1>Map</h1>
        <span class="soft" role="status">
          {answer && drawn && drawnText(answer, drawn, range)}
        </span>
        <span class="grow" />
        <input
          type="search"
          placeholder="Find a node"
          aria-label="Find a node"
          value={params.find ?? ""}
          onInput={(event) => change({ find: event.currentTarget.value || undefined }, "trail")}
        />
      </div>
      <div class="filter-bar">
        <QueryInput
          form="condition"
          signal="traces"
          value={params.q ?? ""}
          label="Count only spans with"
          placeholder='Count only some spans: http.route = "/pay"'
          isFaulty={failure?.kind === "bad_input"}
          onSubmit={(q) => change({ q })}
        />
      </div>
      {failure && <Problem failure={failure} />}
      {drawn && drawn.nodes.length === 0 && <NoNodes params={params} range={range} />}
      {drawn && drawn.nodes.length > 0 && (
        <>
          <div class="split map-split">
            <div class="split-main">
              <MapPicture part={drawn} seconds={seconds} question={question} params={params} />
            </div>
            {call && (
              <CallPanel key={`${call.from} ${call.to}`} edge={call} caller={drawn.nodes[call.from]!} called={drawn.nodes[call.to]!} seconds={seconds} question={question} params={params} range={range} tick={tick} />
            )}
          </div>
          <MapTables part={drawn} seconds={seconds} question={question} params={params} />
        </>
      )}
    </div>
  );
}

/** "5 services and 3 others in the last hour"; says when not all are drawn. */
function drawnText(answer: ServiceMap, drawn: MapPart, range: TimeRange): string {
  const services = drawn.nodes.filter(({ kind }) => kind === "service").length;
  const others = drawn.nodes.filter(({ kind }) => kind !== "service" && kind !== "client").length;
  const count = (number: number, one: string, many: string): string => `${formatCount(number)} ${number === 1 ? one : many}`;
  const text = `${count(services, "service", "services")}${others > 0 ? ` and ${count(others, "dependency", "dependencies")}` : ""} ${describeRange(range)}`;
  const left = answer.nodes.length + answer.nodes_put_together - drawn.nodes.length;
  return left > 0 ? `${text}; ${formatCount(left)} more nodes are not drawn` : text;
}

function NoNodes({ params, range }: { params: Readonly<Record<string, string>>; range: TimeRange }) {
  const wider = widerThan(range);
  const isFiltered = params.q !== undefined || params.find !== undefined;
  return (
    <Empty title={isFiltered ? `Nothing that matches took part ${describeRange(range)}` : `No requests ${describeRange(range)}`}>
      <div class="actions">
        {isFiltered && (
          <button class="primary" onClick={() => change({ q: undefined, find: undefined })}>
            Remove the filter
          </button>
        )}
        {wider && <button onClick={() => change({ from: wider.from })}>Look {describeRange(wider)}</button>}
        <a href="/">How to send spans</a>
      </div>
    </Empty>
  );
}
