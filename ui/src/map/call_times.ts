// How long the calls took, from the answer to a question for a heat map: over all of the time, without what is empty at
// either end.

import type { Answer } from "../api/answers";
import { milliseconds } from "../base/time";
import type { ResponseTimes } from "../chart/response_times";

/** Some room at both sides, so that a single bar too is something to point at. */
const margin = 2;

export function callTimes(answer: Answer): ResponseTimes {
  const heatmap = answer.series?.heatmaps[0];
  if (!heatmap) return { edges: [], counts: [] };
  const counts = heatmap.bounds.slice(1).map((_, bucket) => heatmap.counts.reduce((sum, step) => sum + (step[bucket] ?? 0), 0));
  const first = counts.findIndex((count) => count > 0);
  if (first < 0) return { edges: [], counts: [] };
  const from = Math.max(0, first - margin);
  const to = Math.min(counts.length, counts.findLastIndex((count) => count > 0) + 1 + margin);
  return { edges: heatmap.bounds.slice(from, to + 1).map(milliseconds), counts: counts.slice(from, to) };
}
