// Questions in the short form, answered as lines over time and as a table, or as raw rows.

import { useState } from "preact/hooks";
import type { Answer } from "../api/answers";
import { formatBytes, formatCount } from "../base/numbers";
import { formatDuration, milliseconds, moment } from "../base/time";
import { isEmptyAnswer } from "../query/result";
import { forgetQuestions, rememberQuestion, rememberedQuestions } from "../state/history";
import { change, place } from "../state/location";
import { useQuestion, type AskedQuestion } from "../state/question";
import { describeRange, rangeOf, widerThan } from "../state/time_range";
import { useLive } from "../state/use_live";
import { LineChart } from "../widgets/line_chart";
import { Empty, Problem } from "../widgets/notice";
import { QueryInput } from "../widgets/query_input";
import { ResultTable } from "../widgets/result_table";

const examples: readonly { text: string; asks: string }[] = [
  { text: "COUNT GROUP BY service.name", asks: "How busy is each service?" },
  { text: "P50(duration_ms), P95(duration_ms), P99(duration_ms)", asks: "How slow are spans?" },
  { text: "COUNT WHERE error = true GROUP BY service.name, name", asks: "What fails?" },
  { text: "P95(duration_ms), COUNT GROUP BY name ORDER BY P95(duration_ms) DESC LIMIT 20", asks: "Which operations are slowest?" },
  { text: "ROWS time, service.name, name, duration_ms, trace.trace_id WHERE error = true LIMIT 100", asks: "Which spans failed, one by one?" },
  { text: "COUNT FROM logs GROUP BY severity", asks: "How many log lines of each severity?" },
];

export function QueryView() {
  const { params } = place.value;
  const range = rangeOf(params);
  const text = params.q ?? "";
  const tick = useLive("traces", range.to === "now" && params.live === "1");
  const asked = useQuestion(text ? { query: text, ...range, series: true } : undefined, tick);
  const run = (question: string): void => {
    if (question) rememberQuestion(question);
    change({ q: question });
  };
  return (
    <div class="view-page">
      <div class="view-head">
        <h1>Query</h1>
        <span class="soft">{text && describeRange(range)}</span>
        <span class="grow" />
        <button class="small" aria-pressed={params.live === "1"} title="Ask again when data arrives" onClick={() => change({ live: params.live === "1" ? undefined : "1" })}>
          Follow
        </button>
        <History onChoose={run} />
      </div>
      <div class="filter-bar">
        <QueryInput
          form="question"
          signal={/\bFROM\s+logs\b/i.test(text) ? "logs" : /\bFROM\s+metrics\b/i.test(text) ? "metrics" : "traces"}
          value={text}
          label="Question"
          placeholder="COUNT, P99(duration_ms) WHERE service.name = checkout GROUP BY http.route"
          isFaulty={asked.failure?.kind === "bad_input"}
          onSubmit={run}
        />
        {asked.isRunning && <Running asked={asked} />}
      </div>
      {asked.failure && asked.failure.kind !== "cancelled" && <Problem failure={asked.failure} />}
      {!text && <Examples onChoose={run} />}
      {text && asked.answer && <Result answer={asked.answer} isOld={asked.isRunning} />}
    </div>
  );
}

function Running({ asked }: { asked: AskedQuestion }) {
  const { progress } = asked;
  const share = progress && progress.rows_total > 0 ? progress.rows_scanned / progress.rows_total : undefined;
  return (
    <span class="running" role="status">
      <progress value={share} max={1} />
      {progress && `${formatCount(progress.rows_scanned)} rows, ${formatDuration(milliseconds(progress.elapsed_ms))}`}
      <button class="small" onClick={asked.cancel}>
        Cancel
      </button>
    </span>
  );
}

function Result({ answer, isOld }: { answer: Answer; isOld: boolean }) {
  const [pointed, setPointed] = useState<number | undefined>();
  const range = rangeOf(place.value.params);
  const wider = widerThan(range);
  if (isEmptyAnswer(answer)) {
    return (
      <Empty title={`No row matches ${describeRange(range)}`}>
        {answer.notes?.map((note) => <p key={note}>{note}</p>)}
        <p>{formatCount(answer.cost.rows_scanned)} rows were looked at.</p>
        <div class="actions">{wider && <button class="primary" onClick={() => change({ from: wider.from })}>Look {describeRange(wider)}</button>}</div>
      </Empty>
    );
  }
  return (
    <div class={`result${isOld ? " is-old" : ""}`}>
      {answer.series && <LineChart answer={answer} pointed={pointed} onPoint={setPointed} />}
      {answer.notes?.map((note) => (
        <p class="note" key={note}>
          {note}
        </p>
      ))}
      <p class="result-facts">
        {answer.total_rows > answer.rows.length ? `first ${formatCount(answer.rows.length)} of ${formatCount(answer.total_rows)} rows` : `${formatCount(answer.rows.length)} ${answer.rows.length === 1 ? "row" : "rows"}`}
        <span class="faint">
          {" · "}
          {formatCount(answer.cost.rows_scanned)} looked at, {formatCount(answer.cost.rows_matched)} matched, {formatBytes(answer.cost.bytes_read)} read, {formatDuration(milliseconds(answer.cost.elapsed_ms))}
        </span>
        {answer.partial && <span class="chip warning">partial: {answer.partial_reason ?? "a limit was reached"}</span>}
      </p>
      <ResultTable answer={answer} pointed={pointed} onPoint={setPointed} to={moment(answer.range.to_ns)} />
    </div>
  );
}

function Examples({ onChoose }: { onChoose: (text: string) => void }) {
  return (
    <div class="examples">
      <h2>Ask anything of your data</h2>
      <p class="soft">Functions first, then WHERE, GROUP BY, ORDER BY, HAVING, LIMIT. Names and values are completed as you type.</p>
      <ul>
        {examples.map(({ text, asks }) => (
          <li key={text}>
            <button onClick={() => onChoose(text)}>
              <span>{asks}</span>
              <code>{text}</code>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function History({ onChoose }: { onChoose: (text: string) => void }) {
  const [isOpen, setOpen] = useState(false);
  const questions = rememberedQuestions();
  if (questions.length === 0) return null;
  const close = (): void => setOpen(false);
  return (
    <div class="range-picker" onKeyDown={(event) => event.key === "Escape" && close()}>
      <button class="small" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        History
      </button>
      {isOpen && (
        <div class="popover history">
          {questions.map((question) => (
            <button class="choice mono" key={question} onClick={() => { close(); onChoose(question); }}>
              {question}
            </button>
          ))}
          <button class="small plain" onClick={() => { forgetQuestions(); close(); }}>
            Forget all
          </button>
        </div>
      )}
    </div>
  );
}
