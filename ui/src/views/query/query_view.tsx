// Questions: as a line of text and as a form, answered as charts and a table.

import { useState } from "preact/hooks";
import type { Answer } from "../../api/answers";
import { askedFor } from "../../query/asked_for";
import { clausesOf, signalOf } from "../../query/clauses";
import { comparisonOf, shapeOf } from "../../query/shape";
import { useAnsweredQuestion, type AnsweredQuestion } from "../../state/answered_question";
import { useEarlierAnswer } from "../../state/earlier_answer";
import { rememberQuestion } from "../../state/history";
import { change, hrefOf, place } from "../../state/location";
import { describeRange, rangeOf } from "../../state/time_range";
import { describeMoment, formatAgo, formatMoment, now } from "../../base/time";
import { useLive } from "../../state/use_live";
import { openMenu } from "../../widgets/menu";
import { Problem } from "../../widgets/notice";
import { QueryInput } from "../../widgets/query_input";
import { copyText } from "../../widgets/toast";
import { CostAhead } from "./cost_ahead";
import { Examples } from "./examples";
import { QueryBuilder } from "./query_builder";
import { askAnew } from "./question_actions";
import { Result } from "./result";
import { ResultTools } from "./result_tools";
import { Running } from "./running";
import { SaveToBoard } from "./save_to_board";

export function QueryView() {
  const { params } = place.value;
  const range = rangeOf(params);
  const text = params.q ?? "";
  const [typed, setTyped] = useState(text);
  const [runs, setRuns] = useState(0);
  const question = askedFor(params, range);
  const isFollowing = params.live === "1";
  const tick = useLive(signalOf(clausesOf(text)), range.to === "now" && isFollowing);
  // What follows the data would fill the history with itself.
  const isKept = !isFollowing && shapeOf(params) !== "rows";
  const asked = useAnsweredQuestion(question, { name: isFollowing ? undefined : params.answer, isKept, again: `${tick} ${runs}` });
  const { answer } = asked;
  const shown = asked.firstLook ?? answer;
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
        <button class="small" aria-pressed={isFollowing} title="Ask again when data arrives" onClick={() => change({ live: isFollowing ? undefined : "1", answer: undefined })}>
          Follow
        </button>
        {answer && <CopyLink answer={answer} isFollowing={isFollowing} />}
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
        <CostAhead question={askedFor({ ...params, q: typed }, range)} onRun={() => run(typed)} />
        {asked.isRunning && <Running asked={asked} />}
      </div>
      {params.build !== "0" && <QueryBuilder text={text} onChange={run} />}
      {text && <ResultTools />}
      {asked.failure && asked.failure.kind !== "cancelled" && <Problem failure={asked.failure} />}
      {text && <AsItWas of={asked} onAskAnew={() => run(text)} />}
      {!text && <Examples onChoose={run} />}
      {text && shown && <Result answer={shown} before={before} isOld={asked.isRunning && !asked.firstLook} />}
    </div>
  );
}

/** Says of an answer that it is not of now, and offers one that is. */
function AsItWas({ of: { given, isInstead }, onAskAnew }: { of: AnsweredQuestion; onAskAnew: () => void }) {
  if (isInstead) return <p class="kept-answer" role="status">The answer that the link names is not kept any more. This is a new one.</p>;
  if (!given) return null;
  return (
    <p class="kept-answer" role="status" title={describeMoment(given.at)}>
      As it was at {formatMoment(given.at).slice(0, 19)}, {formatAgo(given.at, now())}
      {given.person && `, when ${given.person} asked`}.
      <button class="small" onClick={onAskAnew}>
        Ask anew
      </button>
    </p>
  );
}

/** Either the numbers that stand here, or the question about the same range or about the latest. */
function CopyLink({ answer, isFollowing }: { answer: Answer; isFollowing: boolean }) {
  const { params } = place.value;
  const range = rangeOf(params);
  const link = (more: Record<string, string | undefined>, what: string): void => void copyText(location.origin + hrefOf("/q", { ...params, live: undefined, ...more }), what);
  const frozen = { answer: undefined, from: answer.range.from_ns, to: answer.range.to_ns };
  const open = (event: MouseEvent): void =>
    openMenu(event, "Copy a link to", [
      ...(params.answer && !isFollowing ? [{ title: "This answer", note: "the same numbers whenever it is opened", act: () => link({}, "a link to this answer") }] : []),
      { title: "The question about this very range", note: "asked anew; what arrives late is in it", act: () => link(frozen, "a link to this very range") },
      ...(range.to === "now" ? [{ title: "The question", note: `asked anew: ${describeRange(range)}`, act: () => link({ answer: undefined }, "a link to the question") }] : []),
    ]);
  return (
    <button class="small" aria-haspopup="menu" onClick={open}>
      Copy link
    </button>
  );
}
