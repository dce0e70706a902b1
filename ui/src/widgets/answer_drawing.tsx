// How an answer is drawn, in the question's own view and on a board alike: heat maps first, then lines, groups one upon the
// other, or bars. A table and raw rows are for the widget of tables.

import type { Answer } from "../api/answers";
import type { Point } from "../query/point";
import type { Selection } from "../query/selection";
import type { Shape } from "../query/shape";
import { BarChart } from "./bar_chart";
import { LineChart } from "./line_chart";
import { LineLegend } from "./line_legend";
import { ResultHeatmaps } from "./result_heatmaps";

export interface AnswerDrawingProps {
  answer: Answer;
  shape: Shape;
  isLogarithmic: boolean;
  before?: Answer | undefined;
  /** The row of the table that is pointed at. */
  pointed: number | undefined;
  onPoint: (row: number | undefined) => void;
  onChoosePoint: (point: Point, event: PointerEvent) => void;
  onChooseRow: (row: number, event: MouseEvent) => void;
  selection?: Selection | undefined;
  onSelect?: (selection: Selection | undefined) => void;
  /** There is little room: one heat map for all groups. */
  isSmall?: boolean;
}

export function AnswerDrawing(props: AnswerDrawingProps) {
  const { answer, shape, isLogarithmic, before, pointed, onPoint, selection, isSmall } = props;
  if (shape === "table" || shape === "rows") return null;
  return (
    <>
      <ResultHeatmaps answer={answer} isLogarithmic={isLogarithmic} selection={selection} onSelect={props.onSelect ?? (() => {})} isSingle={isSmall ?? false} />
      {shape === "bars" && <BarChart answer={answer} pointed={pointed} onPoint={onPoint} onChoose={props.onChooseRow} />}
      {shape !== "bars" && answer.series && <LineChart answer={answer} before={before} isStacked={shape === "stacked"} pointed={pointed} onPoint={onPoint} onChoose={props.onChoosePoint} />}
      {shape !== "bars" && isSmall && <LineLegend answer={answer} />}
    </>
  );
}
