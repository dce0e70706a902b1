// An answer: its charts, what it cost, its table, and beside it the comparison of what is selected on a heat map.

import { useState } from "preact/hooks";
import type { Answer } from "../../api/answers";
import { formatBytes, formatCount } from "../../base/numbers";
import { formatDuration, milliseconds } from "../../base/time";
import { isEmptyAnswer, nameOfGroup } from "../../query/result";
import { selectionOf, textOfSelection } from "../../query/selection";
import { comparisonOf, isLogarithmic, shapeOf } from "../../query/shape";
import { change, place } from "../../state/location";
import { describeRange, rangeOf, widerThan } from "../../state/time_range";
import { AnswerDrawing } from "../../widgets/answer_drawing";
import { openMenu } from "../../widgets/menu";
import { Empty } from "../../widgets/notice";
import { ResultTable } from "../../widgets/result_table";
import { BubbleUpPanel } from "./bubble_up_panel";
import { actionsOfCell, actionsOfGroup, actionsOfPoint, tracesBehind } from "./question_actions";

export interface ResultProps {
  answer: Answer;
  before: Answer | undefined;
  /** A newer one is on its way. */
  isOld: boolean;
}

export function Result({ answer, before, isOld }: ResultProps) {
  const [pointed, setPointed] = useState<number | undefined>();
  const { params } = place.value;
  if (isEmptyAnswer(answer)) return <NothingMatched answer={answer} />;
  const shape = shapeOf(params);
  const comparison = comparisonOf(params);
  const nameOfRow = (row: number): string => nameOfGroup(answer, row);
  const selection = shape === "rows" || !answer.columns.some(({ type }) => type === "heatmap") ? undefined : selectionOf(params.sel);
  return (
    <div class="result-and-panel">
    <div class={`result${isOld ? " is-old" : ""}`}>
      <AnswerDrawing
        answer={answer}
        before={before}
        shape={shape}
        isLogarithmic={isLogarithmic(params)}
        selection={selection}
        onSelect={(chosen) => change({ sel: chosen && textOfSelection(chosen) })}
        pointed={pointed}
        onPoint={setPointed}
        onChoosePoint={(point, event) => openMenu(event, point.row >= 0 ? nameOfRow(point.row) : answer.columns[point.column]!.name, actionsOfPoint(answer, point))}
        onChooseRow={(row, event) => openMenu(event, nameOfRow(row), actionsOfGroup(answer, row))}
      />
      {answer.notes?.map((note) => (
        <p class="note" key={note}>
          {note}
        </p>
      ))}
      <Facts answer={answer} />
      <ResultTable
        answer={answer}
        before={before && comparison ? { answer: before, title: comparison.title } : undefined}
        pointed={pointed}
        onPoint={setPointed}
        onCell={(row, position, event) => openMenu(event, answer.columns[position]!.name, actionsOfCell(answer, row, position))}
        tracesOf={tracesBehind(answer)}
        onGroup={(row, event) => openMenu(event, nameOfRow(row), actionsOfGroup(answer, row))}
      />
    </div>
    {selection && <BubbleUpPanel selection={selection} />}
    </div>
  );
}

function Facts({ answer }: { answer: Answer }) {
  const shown = answer.rows.length;
  // A heat map of everything has no table.
  const hasTable = answer.columns.some(({ type }) => type !== "heatmap");
  return (
    <p class="result-facts">
      {!hasTable ? "all together" : answer.total_rows > shown ? `first ${formatCount(shown)} of ${formatCount(answer.total_rows)} rows` : `${formatCount(shown)} ${shown === 1 ? "row" : "rows"}`}
      <span class="faint">
        {" · "}
        {formatCount(answer.cost.rows_scanned)} looked at, {formatCount(answer.cost.rows_matched)} matched, {formatBytes(answer.cost.bytes_read)} read, {formatDuration(milliseconds(answer.cost.elapsed_ms))}
      </span>
      {answer.partial && <span class="chip warning">partial: {answer.partial_reason ?? "a limit was reached"}</span>}
    </p>
  );
}

function NothingMatched({ answer }: { answer: Answer }) {
  const range = rangeOf(place.value.params);
  const wider = widerThan(range);
  return (
    <Empty title={`No row matches ${describeRange(range)}`}>
      {answer.notes?.map((note) => <p key={note}>{note}</p>)}
      <p>{formatCount(answer.cost.rows_scanned)} rows were looked at.</p>
      <div class="actions">{wider && <button class="primary" onClick={() => change({ from: wider.from })}>Look {describeRange(wider)}</button>}</div>
    </Empty>
  );
}
