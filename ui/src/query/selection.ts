// What was selected on a heat map: a range of time and a range of values, as the address writes it and as a condition.

import type { CellBox, HeatmapCells } from "../chart/heatmap_cells";
import { after, moment, nanoseconds, type Moment } from "../base/time";
import { nameText } from "./short_form_text";

export interface Selection {
  from: Moment;
  to: Moment;
  /** Nothing: without a bound, since the lowest and the highest bucket hold what lies beyond, too. */
  low?: number;
  high?: number;
  /** Only of the rows of this condition: the group whose heat map it is on. */
  group?: string;
}

export function textOfSelection({ from, to, low, high, group }: Selection): string {
  return `${from}..${to},${low ?? ""}..${high ?? ""}${group ? `,${group}` : ""}`;
}

export function selectionOf(text: string | undefined): Selection | undefined {
  const match = /^(\d{1,19})\.\.(\d{1,19}),([-+\deE.]*?)\.\.([-+\deE.]*)(?:,(.+))?$/s.exec(text ?? "");
  if (!match) return undefined;
  const from = moment(match[1]!);
  const to = moment(match[2]!);
  const low = match[3] === "" ? undefined : Number(match[3]);
  const high = match[4] === "" ? undefined : Number(match[4]);
  if (to <= from || Number.isNaN(low ?? 0) || Number.isNaN(high ?? 0)) return undefined;
  return { from, to, ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }), ...(match[5] ? { group: match[5] } : {}) };
}

/** Bounds are rounded so that they read well; cells are far wider apart than that. */
const rounded = (value: number): number => Number(value.toPrecision(6));

export function selectionOfBox(cells: HeatmapCells, box: CellBox, start: Moment, stepNs: number): Selection {
  return {
    from: after(start, nanoseconds(box.firstStep * stepNs)),
    to: after(start, nanoseconds(box.endStep * stepNs)),
    ...(box.firstBucket > 0 ? { low: rounded(cells.bounds[box.firstBucket]!) } : {}),
    ...(box.endBucket < cells.buckets ? { high: rounded(cells.bounds[box.endBucket]!) } : {}),
  };
}

/** The cells of a selection, as far as they are in sight: after the range moved on they may not be. */
export function boxOfSelection(cells: HeatmapCells, selection: Selection, start: Moment, stepNs: number): CellBox | undefined {
  const stepAt = (at: Moment): number => Math.round(Number(at - start) / stepNs);
  const bucketAt = (value: number): number => {
    let nearest = 0;
    cells.bounds.forEach((bound, index) => {
      if (Math.abs(bound - value) < Math.abs(cells.bounds[nearest]! - value)) nearest = index;
    });
    return nearest;
  };
  const box = {
    firstStep: Math.max(0, stepAt(selection.from)),
    endStep: Math.min(cells.steps, stepAt(selection.to)),
    firstBucket: selection.low === undefined ? 0 : bucketAt(selection.low),
    endBucket: selection.high === undefined ? cells.buckets : bucketAt(selection.high),
  };
  return box.firstStep < box.endStep && box.firstBucket < box.endBucket ? box : undefined;
}

/** The range of values, and the group, as a condition; empty when there are no bounds. */
export function conditionOfSelection(column: string, { low, high, group }: Selection): string {
  const name = nameText(column);
  return [group ?? "", low === undefined ? "" : `${name} >= ${low}`, high === undefined ? "" : `${name} < ${high}`].filter(Boolean).join(" AND ");
}
