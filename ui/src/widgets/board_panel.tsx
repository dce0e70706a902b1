// One panel of a board: the answer to a question as a small chart or table, or a text.

import type { BoardPanel } from "../api/boards";
import { textBlocks, textPieces } from "../board/text_blocks";
import { askedFor } from "../query/asked_for";
import { isEmptyAnswer } from "../query/result";
import { isLogarithmic, shapeOfStyle } from "../query/shape";
import { go, hrefOf } from "../state/location";
import { useQuestion } from "../state/question";
import { describeRange, type TimeRange } from "../state/time_range";
import { AnswerDrawing } from "./answer_drawing";
import { Problem } from "./notice";
import { ResultTable } from "./result_table";

export interface BoardPanelProps {
  panel: BoardPanel;
  range: TimeRange;
  tick: number;
}

export function BoardPanelContent({ panel, range, tick }: BoardPanelProps) {
  if (panel.type === "text") return <TextPanel text={panel.text_panel?.content ?? ""} />;
  const query = panel.query_panel?.query;
  if (panel.type === "query" && query) return <QuestionPanel query={query} style={panel.query_panel?.query_style} range={range} tick={tick} />;
  if (panel.slo_panel) return <p class="panel-note"><a href={hrefOf("/alerts/slos", { edit: panel.slo_panel.slo_id })}>The SLO and what is left of its budget</a></p>;
  return <p class="soft panel-note">This panel shows a query that was saved through Honeycomb's API ({panel.query_panel?.query_id}). Take it away and ask the question here.</p>;
}

export function TextPanel({ text }: { text: string }) {
  return (
    <div class="text-panel" tabIndex={0} role="group" aria-label="Text">
      {textBlocks(text).map((block, index) => {
        if (block.kind === "heading") return <h2 key={index}><Pieces of={block.text} /></h2>;
        if (block.kind === "paragraph") return <p key={index}><Pieces of={block.text} /></p>;
        return (
          <ul key={index}>
            {block.items.map((item, at) => (
              <li key={at}>
                <Pieces of={item} />
              </li>
            ))}
          </ul>
        );
      })}
    </div>
  );
}

function Pieces({ of }: { of: string }) {
  return (
    <>
      {textPieces(of).map(({ kind, text }, index) => {
        if (kind === "words") return text;
        if (kind === "code") return <code key={index}>{text}</code>;
        return (
          <a key={index} href={text} target="_blank" rel="noreferrer noopener">
            {text}
          </a>
        );
      })}
    </>
  );
}

const nothing = (): void => {};

function QuestionPanel({ query, style, range, tick }: { query: string; style: string | undefined; range: TimeRange; tick: number }) {
  const params = { q: query, shape: shapeOfStyle(style) };
  const asked = useQuestion(askedFor(params, range), tick);
  const { answer, failure } = asked;
  const open = (): void => go(hrefOf("/q", { ...params, shape: params.shape === "lines" ? undefined : params.shape, from: range.from, to: range.to }));
  if (failure && failure.kind !== "cancelled") return <Problem failure={failure} />;
  if (!answer) return <div class="panel-waits" />;
  if (isEmptyAnswer(answer)) return <p class="soft panel-note">No row matches {describeRange(range)}.</p>;
  const isTable = params.shape === "table" || params.shape === "rows" || !answer.series;
  return (
    <div class={`question-panel${asked.isRunning ? " is-old" : ""}`}>
      <AnswerDrawing answer={answer} shape={params.shape} isLogarithmic={isLogarithmic(params)} pointed={undefined} onPoint={nothing} onChoosePoint={open} onChooseRow={open} isSmall />
      {isTable && <ResultTable answer={answer} pointed={undefined} onPoint={nothing} onCell={open} onGroup={open} />}
      {answer.partial && <p class="panel-note"><span class="chip warning">partial: {answer.partial_reason ?? "a limit was reached"}</span></p>}
    </div>
  );
}
