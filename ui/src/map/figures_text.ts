// The figures of requests as the map writes them.

import type { RequestFigures } from "../api/answers";
import { formatCount, formatRate } from "../base/numbers";
import { formatDuration, milliseconds } from "../base/time";
import { outcomeText } from "./outcomes";

export const latencyText = (ms: number | null): string => (ms === null ? "–" : formatDuration(milliseconds(ms)));

export const rateText = (requests: number, seconds: number): string => formatRate(requests / Math.max(seconds, 1e-9));

/** All that is known, in a sentence: for tooltips and for those who listen. */
export function figuresSentence(figures: RequestFigures, seconds: number): string {
  if (figures.requests === 0) return "no requests of its own";
  const { requests, p50_ms, p95_ms, p99_ms, average_ms } = figures;
  return [
    `${formatCount(requests)} requests (${rateText(requests, seconds)})`,
    `median ${latencyText(p50_ms)}`,
    `95th percentile ${latencyText(p95_ms)}`,
    `99th percentile ${latencyText(p99_ms)}`,
    `mean ${latencyText(average_ms)}`,
    outcomeText(figures) || "no errors",
  ].join(", ");
}
