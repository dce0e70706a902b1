// Log lines over time, those of each severity upon the others.

import type { Answer } from "../api/answers";

/** From the bottom up; whatever else a sender calls it stands with the unnamed at the bottom. */
export const severityOrder = ["other", "trace", "debug", "info", "warn", "error", "fatal"] as const;
export type SeverityBand = (typeof severityOrder)[number];

export interface LogHistogram {
  start: bigint;
  step: bigint;
  /** Per step: lines of each band, in the order above. */
  steps: number[][];
  highest: number;
}

export function histogramOf(answer: Answer): LogHistogram | undefined {
  const { series, rows } = answer;
  if (!series) return undefined;
  const steps = Array.from({ length: series.steps }, () => severityOrder.map(() => 0));
  for (const line of series.lines) {
    if (line.row < 0) continue;
    const band = Math.max(0, (severityOrder as readonly unknown[]).indexOf(rows[line.row]?.[0]));
    line.values.forEach((value, step) => {
      if (value !== null && steps[step]) steps[step]![band]! += Number(value);
    });
  }
  const highest = Math.max(0, ...steps.map((bands) => bands.reduce((sum, count) => sum + count, 0)));
  return { start: BigInt(series.start_ns), step: BigInt(Math.round(series.step_ns)), steps, highest };
}

/** The range of the steps between two places of 0 … 1, whichever way they were dragged. */
export function rangeOfDrag({ start, step, steps }: LogHistogram, from: number, to: number): { from: string; to: string } {
  const place = (share: number): number => Math.max(0, Math.min(steps.length - 1, Math.floor(share * steps.length)));
  const [first, last] = [place(Math.min(from, to)), place(Math.max(from, to))];
  return { from: String(start + BigInt(first) * step), to: String(start + BigInt(last + 1) * step) };
}
