// Questions: as a line of text and as a form, answered as charts and a table.

import { useEffect, useState } from "preact/hooks";
import type { Answer } from "../../api/answers";
import type { Question } from "../../api/client";
import { clausesOf, rowsBehind, signalOf } from "../../query/clauses";
import { comparisonOf, isLogarithmic, shapeOf } from "../../query/shape";
import { useEarlierAnswer } from "../../state/earlier_answer";
import { rememberQuestion } from "../../state/history";
import { change, hrefOf, place } from "../../state/location";
import { useQuestion } from "../../state/question";
import { keepRun, keptRun } from "../../state/runs";
import { describeRange, rangeOf } from "../../state/time_range";
import { formatMoment, momentOfDate } from "../../base/time";
import { useLive } from "../../state/use_live";
import { CopyButton } from "../../widgets/copy_button";
import { Problem } from "../../widgets/notice";
import { QueryInput } from "../../widgets/query_input";
import { CostAhead } from "./cost_ahead";
import { Examples } from "./examples";
import { QueryBuilder } from "./query_builder";
import { askAnew } from "./question_actions";
import { Result } from "./result";
import { ResultTools } from "./result_tools";
import { Running } from "./running";
import { SaveToBoard } from "./save_to_board";

const mostRows = 500;

function questionOf(params: Readonly<Record<string, string>>): Question | undefined {
  if (!params.q) return undefined;
  const range = rangeOf(params);
  if (shapeOf(params) === "rows") return { query: rowsBehind(params.q, mostRows), ...range };
  return { query: params.q, ...range, series: true, ...(isLogarithmic(params) ? { heatmap_steps: "logarithmic" } : {}) };
}

export function QueryView() {
  const { params } = place.value;
  const range = rangeOf(params);
  const text = params.q ?? "";
  const [typed, setTyped] = useState(text);
  const [runs, setRuns] = useState(0);
  const question = questionOf(params);
  const kept = useKeptRun(params.run);
  const tick = useLive(signalOf(clausesOf(text)), range.to === "now" && params.live === "1");
  // What follows the data would fill the history with itself.
  const isKept = params.live !== "1" && shapeOf(params) !== "rows";
  const asked = useQuestion(params.run ? undefined : question && { ...question, ...(isKept ? { remember: true } : {}) }, `${tick} ${runs}`);
  const answer = params.run ? kept?.answer : asked.answer;
  useEffect(() => {
    if (asked.answer && !asked.isRunning && isKept) void keepRun(hrefOf("/q", { ...params, run: undefined }), text, asked.answer);
  }, [asked.answer]);
  const before = useEarlierAnswer(question, answer, shapeOf(params) === "rows" ? undefined : comparisonOf(params)?.shift);
  const run = (asks: string): void => {
    if (asks) rememberQuestion(asks);
    askAnew(asks);
    setRuns(runs + 1); // the same one again is asked again
  };
  return (
    <div class="view-page">
      <div class="view-head">
        <h1>Query</h1>
        <span class="soft">{text && describeRange(range)}</span>
        <span class="grow" />
        <button class="small form-button" aria-pressed={params.build !== "0"} title="The question as a form" onClick={() => change({ build: params.build === "0" ? undefined : "0" })}>
          Form
        </button>
        <button class="small" aria-pressed={params.live === "1"} title="Ask again when data arrives" onClick={() => change({ live: params.live === "1" ? undefined : "1" })}>
          Follow
        </button>
        {answer && <CopyLink answer={answer} />}
        {text && <SaveToBoard question={text} style={shapeOf(params) === "lines" ? undefined : shapeOf(params)} />}
        {text && (
          <a class="button small" href={hrefOf("/alerts", { new: "1", question: text })}>
            Alert on this
          </a>
        )}
        <a class="button small" href="/history">
          History
        </a>
      </div>
      <div class="filter-bar">
        <QueryInput
          form="question"
          signal={signalOf(clausesOf(text))}
          value={text}
          label="Question"
          placeholder="COUNT, P99(duration_ms) WHERE service.name = checkout GROUP BY http.route"
          isFaulty={asked.failure?.kind === "bad_input"}
          onSubmit={run}
          onType={setTyped}
        />
        <CostAhead question={questionOf({ ...params, q: typed })} onRun={() => run(typed)} />
        {asked.isRunning && <Running asked={asked} />}
      </div>
      {params.build !== "0" && <QueryBuilder text={text} onChange={run} />}
      {text && <ResultTools />}
      {asked.failure && asked.failure.kind !== "cancelled" && <Problem failure={asked.failure} />}
      {params.run && <Kept at={kept?.at} />}
      {!text && <Examples onChoose={run} />}
      {text && answer && <Result answer={answer} before={before} isOld={asked.isRunning} />}
    </div>
  );
}

/** What was kept under the number: undefined while it is being read, and when it is not there any more. */
function useKeptRun(run: string | undefined): { answer: Answer; at: number } | undefined {
  const [kept, setKept] = useState<{ run: string; answer: Answer; at: number } | undefined>();
  useEffect(() => {
    if (run) void keptRun(Number(run)).then((found) => setKept(found && { run, answer: found.answer, at: found.at }));
  }, [run]);
  return kept && kept.run === run ? kept : undefined;
}

function Kept({ at }: { at: number | undefined }) {
  return (
    <p class="kept-answer">
      {at === undefined ? "That answer is not kept in this browser." : `This is the answer of ${formatMoment(momentOfDate(new Date(at))).slice(0, 19)}, as it was.`}
      <button class="small" onClick={() => change({ run: undefined })}>
        Ask again
      </button>
    </p>
  );
}

/** With the range as it was answered, so that whoever opens the link sees the same numbers. */
function CopyLink({ answer }: { answer: Answer }) {
  const { params } = place.value;
  const href = hrefOf("/q", { ...params, run: undefined, live: undefined, from: answer.range.from_ns, to: answer.range.to_ns });
  return <CopyButton text={location.origin + href} what="a link to this very range" label="Copy link" />;
}
