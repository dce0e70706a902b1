// Groups side by side: a bar for each, as long as its value. A click asks what to do with the group.

import type { Answer } from "../api/answers";
import { cellText } from "../query/result";
import { lineHues } from "./line_hue";

export interface BarChartProps {
  answer: Answer;
  pointed: number | undefined;
  onPoint: (row: number | undefined) => void;
  onChoose: (row: number, event: MouseEvent) => void;
}

const mostBars = 30;

export function BarChart({ answer, pointed, onPoint, onChoose }: BarChartProps) {
  const hues = lineHues(answer);
  const groups = answer.columns.flatMap((column, position) => (column.role === "group" ? [position] : []));
  const calculations = answer.columns.flatMap((column, position) => (column.role === "calculation" && column.type !== "heatmap" ? [position] : []));
  const name = (row: number): string => groups.map((position) => cellText(answer.rows[row]![position]!, answer.columns[position]!) || "(none)").join(" · ") || "all";
  return (
    <div class="bar-charts">
      {calculations.map((position) => {
        const column = answer.columns[position]!;
        const rows = answer.rows.slice(0, mostBars);
        const most = Math.max(0, ...rows.map((row) => Number(row[position] ?? 0)));
        return (
          <figure class="panel bars" key={column.name}>
            <figcaption>
              <strong>{column.name}</strong>
              {answer.rows.length > mostBars && <span class="soft">first {mostBars} of {answer.rows.length} groups</span>}
            </figcaption>
            <ul>
              {rows.map((row, index) => (
                <li key={index}>
                  <button class={`plain bar-row${pointed === index ? " is-pointed" : ""}`} onPointerEnter={() => onPoint(index)} onPointerLeave={() => onPoint(undefined)} onClick={(event) => onChoose(index, event)}>
                    <span class="clip bar-name">{name(index)}</span>
                    <span class="bar-track">
                      <span class="bar-fill" style={{ "--share": String(most > 0 ? Math.max(0, Number(row[position] ?? 0)) / most : 0), "--hue": String(hues.get(index) ?? 250) }} />
                    </span>
                    <span class="number">{cellText(row[position]!, column) || "–"}</span>
                  </button>
                </li>
              ))}
            </ul>
          </figure>
        );
      })}
    </div>
  );
}
