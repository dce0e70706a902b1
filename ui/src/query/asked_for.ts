// What is asked of the server for a question that is drawn: the same in its own view and on a board.

import type { Question } from "../api/client";
import type { TimeRange } from "../state/time_range";
import { rowsBehind } from "./clauses";
import { isLogarithmic, shapeOf } from "./shape";

const mostRows = 500;

/** `params` as an address has them: q, shape, scale. */
export function askedFor(params: Readonly<Record<string, string>>, range: TimeRange): Question | undefined {
  if (!params.q) return undefined;
  if (shapeOf(params) === "rows") return { query: rowsBehind(params.q, mostRows), ...range };
  return { query: params.q, ...range, series: true, ...(isLogarithmic(params) ? { heatmap_steps: "logarithmic" } : {}) };
}

/** Two questions with the same sameness have the same answer at the same time. */
export const samenessOf = ({ query, from, to, heatmap_steps }: Pick<Question, "query" | "from" | "to" | "heatmap_steps">): string =>
  JSON.stringify([query, from ?? "", to ?? "", heatmap_steps ?? "equal"]);
