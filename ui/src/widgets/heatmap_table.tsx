// The numbers of a heat map as a table, one row a step of time, for those who cannot see it or want to copy them.

import type { AnswerColumn } from "../api/answers";
import { formatCount } from "../base/numbers";
import { after, formatMoment, nanoseconds, type Moment } from "../base/time";
import { figuresOfStep, type HeatmapCells } from "../chart/heatmap_cells";
import { measureText } from "../query/result";

export interface HeatmapTableProps {
  title: string;
  cells: HeatmapCells;
  start: Moment;
  stepNs: number;
  unit: AnswerColumn["unit"];
}

export function HeatmapTable({ title, cells, start, stepNs, unit }: HeatmapTableProps) {
  const steps = Array.from({ length: cells.steps }, (_, step) => ({ step, figures: figuresOfStep(cells, step) })).filter(({ figures }) => figures);
  return (
    <details class="heatmap-table">
      <summary>The same as a table</summary>
      <div class="result-table" tabIndex={0} role="region" aria-label={`${title} as a table`}>
        <table>
          <thead>
            <tr>
              <th>Time</th>
              <th class="number">Count</th>
              <th class="number">Lowest</th>
              <th class="number">Half are below</th>
              <th class="number">95 % are below</th>
              <th class="number">All are below</th>
            </tr>
          </thead>
          <tbody>
            {steps.map(({ step, figures }) => (
              <tr key={step}>
                <td>{formatMoment(after(start, nanoseconds(step * stepNs))).slice(0, 19)}</td>
                <td class="number">{formatCount(Math.round(figures!.count))}</td>
                {[figures!.lowest, figures!.median, figures!.p95, figures!.highest].map((value, index) => (
                  <td class="number" key={index}>{measureText(value, unit)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
