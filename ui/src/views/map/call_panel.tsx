// One call of the map: its figures and how long it took; what is selected of that leads to the traces behind.

import { useMemo } from "preact/hooks";
import type { MapEdge, MapNode } from "../../api/answers";
import { formatCount } from "../../base/numbers";
import { callTimes } from "../../map/call_times";
import { noCall } from "../../map/call_address";
import { nameOf } from "../../map/choose";
import { figuresSentence } from "../../map/figures_text";
import { conditionOfCall, tookBetween, tracesOfCall, type MapQuestion } from "../../map/ways";
import { both } from "../../query/short_form_text";
import { change } from "../../state/location";
import { useQuestion } from "../../state/question";
import type { TimeRange } from "../../state/time_range";
import { Icon } from "../../widgets/icon";
import { Problem } from "../../widgets/notice";
import { TimeHistogram } from "../../widgets/time_histogram";
import { useKeys } from "../../widgets/use_keys";
import { selectionOf } from "../../chart/response_times";

export interface CallPanelProps {
  edge: MapEdge;
  caller: MapNode;
  called: MapNode;
  seconds: number;
  question: MapQuestion;
  params: Readonly<Record<string, string>>;
  range: TimeRange;
  tick: number;
}

const close = (): void => change(noCall);

export function CallPanel({ edge, caller, called, seconds, ...asked }: CallPanelProps) {
  useKeys(() => ({ title: "Call", actions: [{ keys: ["Escape"], shown: "esc", does: "close the call", act: close }] }), []);
  const title = `${nameOf(caller)} to ${nameOf(called)}`;
  const figures = figuresSentence(edge, seconds);
  return (
    <aside class="side-pane call-panel" aria-label="Call">
      <header class="pane-head">
        <h2 title={title}>{title}</h2>
        <button class="small plain" aria-label="Close the call" title="Close (esc)" onClick={close}>
          <Icon name="close" size={14} />
        </button>
      </header>
      <p class="pane-note">{figures}</p>
      <CallTimes caller={caller} called={called} {...asked} />
    </aside>
  );
}

function CallTimes({ caller, called, question, params, range: { from, to }, tick }: Omit<CallPanelProps, "edge" | "seconds">) {
  const condition = conditionOfCall(caller, called);
  const selection = selectionOf(params);
  const took = tookBetween(selection);
  const where = both(question.q, condition);
  const { answer, failure } = useQuestion(condition === undefined ? undefined : { query: `HEATMAP(duration_ms) WHERE ${where}`, series: true, heatmap_steps: "logarithmic", from, to }, tick);
  const { answer: selected } = useQuestion(condition === undefined ? undefined : { query: `COUNT WHERE ${both(where, took)}`, from, to }, tick);
  const times = useMemo(() => (answer ? callTimes(answer) : undefined), [answer]);
  const href = tracesOfCall(caller, called, question, selection);
  if (href === undefined) return <p class="pane-note">What was put together here has no traces of its own.</p>;
  const count = selected?.rows[0]?.[0];
  return (
    <>
      {failure && <Problem failure={failure} />}
      {times && times.counts.length > 0 && <TimeHistogram times={times} selection={selection} params={params} what="calls" />}
      {times && times.counts.length === 0 && <p class="pane-note">No span of its own tells how long these calls took.</p>}
      <p class="pane-note call-ways">
        <a class="button primary" href={href}>
          {took === "" ? "Their traces" : "The traces of these"}
        </a>
        {count !== undefined && (
          <span class="soft" role="status">
            {formatCount(Number(count))} {Number(count) === 1 ? "call" : "calls"}
            {took === "" ? "" : " selected"}
          </span>
        )}
      </p>
    </>
  );
}
