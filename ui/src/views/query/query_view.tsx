// Questions: as a line of text and as a form, answered as charts and a table.

import { useState } from "preact/hooks";
import type { Question } from "../../api/client";
import { clausesOf, rowsBehind, signalOf } from "../../query/clauses";
import { comparisonOf, isLogarithmic, shapeOf } from "../../query/shape";
import { useEarlierAnswer } from "../../state/earlier_answer";
import { forgetQuestions, rememberQuestion, rememberedQuestions } from "../../state/history";
import { change, place } from "../../state/location";
import { useQuestion } from "../../state/question";
import { describeRange, rangeOf } from "../../state/time_range";
import { useLive } from "../../state/use_live";
import { Problem } from "../../widgets/notice";
import { QueryInput } from "../../widgets/query_input";
import { Examples } from "./examples";
import { QueryBuilder } from "./query_builder";
import { askAnew } from "./question_actions";
import { Result } from "./result";
import { ResultTools } from "./result_tools";
import { Running } from "./running";

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
  const question = questionOf(params);
  const tick = useLive(signalOf(clausesOf(text)), range.to === "now" && params.live === "1");
  const asked = useQuestion(question, tick);
  const before = useEarlierAnswer(question, asked.answer, shapeOf(params) === "rows" ? undefined : comparisonOf(params)?.shift);
  const run = (asks: string): void => {
    if (asks) rememberQuestion(asks);
    askAnew(asks);
  };
  return (
    <div class="view-page">
      <div class="view-head">
        <h1>Query</h1>
        <span class="soft">{text && describeRange(range)}</span>
        <span class="grow" />
        <button class="small" aria-pressed={params.build !== "0"} title="The question as a form" onClick={() => change({ build: params.build === "0" ? undefined : "0" })}>
          Form
        </button>
        <button class="small" aria-pressed={params.live === "1"} title="Ask again when data arrives" onClick={() => change({ live: params.live === "1" ? undefined : "1" })}>
          Follow
        </button>
        <History onChoose={run} />
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
        />
        {asked.isRunning && <Running asked={asked} />}
      </div>
      {params.build !== "0" && text && <QueryBuilder text={text} onChange={run} />}
      {text && <ResultTools />}
      {asked.failure && asked.failure.kind !== "cancelled" && <Problem failure={asked.failure} />}
      {!text && <Examples onChoose={run} />}
      {text && asked.answer && <Result answer={asked.answer} before={before} isOld={asked.isRunning} />}
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
