// What is shown of a column in which a selection differs from the rest: shares instead of counts, and where the bars of a
// histogram stand.

import type { BubbleUp, BubbleUpColumn, BubbleUpValue } from "../api/bubble_up";
import { textOfValue } from "../api/values";
import type { Value, ValueType } from "../api/answers";

export interface DifferenceBar {
  value: Value;
  text: string;
  selectedShare: number;
  restShare: number;
}

const share = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);

/** The values that differ most, then what is left of them together. */
export function barsOf(column: BubbleUpColumn, answer: Pick<BubbleUp, "selected" | "rest">, most: number): DifferenceBar[] {
  return column.values.slice(0, most).map((value) => ({
    value: value.value,
    text: value.value === null ? "(none)" : textOfValue(value.value, typeOfValue(value)) || '""',
    selectedShare: share(value.selected, answer.selected),
    restShare: share(value.rest, answer.rest),
  }));
}

export function typeOfValue({ value }: Pick<BubbleUpValue, "value">): ValueType {
  return typeof value === "number" ? "float64" : typeof value === "boolean" ? "boolean" : "string";
}

export interface DifferenceSpan {
  low: number;
  high: number;
  selectedShare: number;
  restShare: number;
  /** Where it stands between the ends of the axis, from 0 to 1. */
  left: number;
  right: number;
  /** Shares for each unit of the axis, so that areas compare. */
  selectedDensity: number;
  restDensity: number;
}

/**
 * The bars of a measure. They hold about as many rows each, so that their widths differ: heights are densities, on an axis
 * of orders of magnitude where values span several.
 */
export function spansOf(column: BubbleUpColumn, answer: Pick<BubbleUp, "selected" | "rest">): DifferenceSpan[] {
  const { histogram } = column;
  if (!histogram || histogram.bounds.length < 2) return [];
  const bounds = histogram.bounds.map(Number);
  const low = bounds[0]!;
  const high = bounds.at(-1)!;
  const isLogarithmic = low > 0 && high / low > 100;
  const place = (value: number): number => {
    if (!(high > low)) return 0;
    return isLogarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  };
  return histogram.selected.map((selected, index) => {
    const left = place(bounds[index]!);
    const right = index === histogram.selected.length - 1 ? 1 : place(bounds[index + 1]!);
    const width = Math.max(right - left, 0.004);
    const selectedShare = share(selected, answer.selected);
    const restShare = share(histogram.rest[index]!, answer.rest);
    return { low: bounds[index]!, high: bounds[index + 1]!, selectedShare, restShare, left, right: left + width, selectedDensity: selectedShare / width, restDensity: restShare / width };
  });
}

/** Whether there is anything to see: what makes the selection differs anyway, and chance alone is no finding. */
export const isFinding = (column: BubbleUpColumn): boolean => !column.selects && column.score > 0;
