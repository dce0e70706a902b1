// The heat maps of an answer: of all rows together and, where it is grouped, one for each group beside the others, with what
// is selected on one of them.

import { useMemo } from "preact/hooks";
import type { Answer, AnswerHeatmap } from "../api/answers";
import { formatCount } from "../base/numbers";
import { moment } from "../base/time";
import { cellsOf } from "../chart/heatmap_cells";
import { conditionOfGroup } from "../query/point";
import { nameOfGroup } from "../query/result";
import { boxOfSelection, selectionOfBox, type Selection } from "../query/selection";
import { Heatmap } from "./heatmap";
import { HeatmapTable } from "./heatmap_table";

export interface ResultHeatmapsProps {
  answer: Answer;
  isLogarithmic: boolean;
  selection: Selection | undefined;
  onSelect: (selection: Selection | undefined) => void;
  /** Where there is room for one alone. */
  isSingle?: boolean;
}

const mostGroups = 12;

export function ResultHeatmaps(props: ResultHeatmapsProps) {
  const { series, columns, rows } = props.answer;
  if (!series) return null;
  const positions = columns.flatMap((column, position) => (column.role === "calculation" && column.type === "heatmap" ? [position] : []));
  return (
    <>
      {positions.map((position) => {
        const own = series.heatmaps.filter((heatmap) => heatmap.column === position);
        const whole = own.find(({ row }) => row < 0);
        const groups = own.filter(({ row }) => row >= 0 && conditionOfGroup(props.answer, row) !== "");
        const shown = props.isSingle ? [] : groups.slice(0, mostGroups);
        return (
          <div key={position}>
            {(whole ?? own[0]) && <OneHeatmap {...props} heatmap={(whole ?? own[0])!} />}
            {shown.length > 0 && (
              <div class="heatmap-groups" role="group" aria-label={`${columns[position]!.name} of each group`}>
                {shown.map((heatmap) => (
                  <OneHeatmap key={heatmap.row} {...props} heatmap={heatmap} whole={whole} />
                ))}
              </div>
            )}
            {shown.length < groups.length && !props.isSingle && <p class="note">The first {mostGroups} of {formatCount(rows.length)} groups have a heat map of their own. Filter, or order by another calculation, for others.</p>}
          </div>
        );
      })}
    </>
  );
}

function OneHeatmap({ answer, heatmap, whole, isLogarithmic, selection, onSelect }: ResultHeatmapsProps & { heatmap: AnswerHeatmap; whole?: AnswerHeatmap | undefined }) {
  const cells = useMemo(() => cellsOf(heatmap, isLogarithmic, whole), [heatmap, isLogarithmic, whole]);
  const { start_ns, step_ns } = answer.series!;
  const column = answer.columns[heatmap.column]!;
  if (cells.buckets === 0) return null;
  const start = moment(start_ns);
  const group = conditionOfGroup(answer, heatmap.row) || undefined;
  const measured = column.name.replace(/^HEATMAP\((.*)\)$/i, "$1");
  const shared = { title: whole ? nameOfGroup(answer, heatmap.row) : measured, cells, start, stepNs: step_ns, unit: column.unit };
  const isMine = selection !== undefined && selection.group === group;
  return (
    <div>
      <Heatmap
        {...shared}
        selected={isMine ? boxOfSelection(cells, selection, start, step_ns) : undefined}
        onSelect={(box) => onSelect(box && { ...selectionOfBox(cells, box, start, step_ns), ...(group ? { group } : {}) })}
      />
      <HeatmapTable {...shared} />
    </div>
  );
}
