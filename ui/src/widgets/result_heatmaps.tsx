// The heat maps of an answer: of all rows together, or of the group that is chosen, with what is selected on them.

import { useMemo } from "preact/hooks";
import type { Answer, AnswerHeatmap } from "../api/answers";
import { moment } from "../base/time";
import { cellsOf } from "../chart/heatmap_cells";
import { boxOfSelection, selectionOfBox, type Selection } from "../query/selection";
import { Heatmap } from "./heatmap";
import { HeatmapTable } from "./heatmap_table";

export interface ResultHeatmapsProps {
  answer: Answer;
  isLogarithmic: boolean;
  selection: Selection | undefined;
  onSelect: (selection: Selection | undefined) => void;
}

export function ResultHeatmaps(props: ResultHeatmapsProps) {
  const { series, columns } = props.answer;
  if (!series) return null;
  const positions = columns.flatMap((column, position) => (column.role === "calculation" && column.type === "heatmap" ? [position] : []));
  return (
    <>
      {positions.map((position) => {
        const own = series.heatmaps.filter((heatmap) => heatmap.column === position);
        const heatmap = own.find(({ row }) => row < 0) ?? own[0];
        return heatmap && <OneHeatmap key={position} {...props} heatmap={heatmap} />;
      })}
    </>
  );
}

function OneHeatmap({ answer, heatmap, isLogarithmic, selection, onSelect }: ResultHeatmapsProps & { heatmap: AnswerHeatmap }) {
  const cells = useMemo(() => cellsOf(heatmap, isLogarithmic), [heatmap, isLogarithmic]);
  const { start_ns, step_ns } = answer.series!;
  const column = answer.columns[heatmap.column]!;
  if (cells.buckets === 0) return null;
  const start = moment(start_ns);
  const shared = { title: column.name.replace(/^HEATMAP\((.*)\)$/i, "$1"), cells, start, stepNs: step_ns, unit: column.unit };
  return (
    <div>
      <Heatmap {...shared} selected={selection && boxOfSelection(cells, selection, start, step_ns)} onSelect={(box) => onSelect(box && selectionOfBox(cells, box, start, step_ns))} />
      <HeatmapTable {...shared} />
    </div>
  );
}
