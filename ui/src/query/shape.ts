// How an answer is drawn, what it is compared with, and how a heat map divides values: as the address says.

import { clausesOf, heatmapColumn } from "./clauses";
import { hours, type Nanoseconds } from "../base/time";

export type Shape = "lines" | "stacked" | "bars" | "table" | "rows";

export const shapes: readonly { name: Shape; title: string; does: string }[] = [
  { name: "lines", title: "Lines", does: "values over time" },
  { name: "stacked", title: "Stacked", does: "groups over time, one upon the other" },
  { name: "bars", title: "Bars", does: "groups side by side" },
  { name: "table", title: "Table", does: "the table alone" },
  { name: "rows", title: "Rows", does: "the rows behind the answer, one by one" },
];

export const shapeOf = (params: Readonly<Record<string, string>>): Shape => shapes.find(({ name }) => name === params.shape)?.name ?? "lines";

/** As a panel of a board has it; Honeycomb's API knows graph, table and combo. */
export const shapeOfStyle = (style: string | undefined): Shape => shapes.find(({ name }) => name === style)?.name ?? "lines";

export const comparisons: readonly { name: string; title: string; shift: Nanoseconds }[] = [
  { name: "1h", title: "an hour before", shift: hours(1) },
  { name: "24h", title: "a day before", shift: hours(24) },
  { name: "7d", title: "a week before", shift: hours(24 * 7) },
];

export const comparisonOf = (params: Readonly<Record<string, string>>) => comparisons.find(({ name }) => name === params.compare);

/** What spans powers of ten is divided by factors, unless the address says otherwise. */
export function isLogarithmic(params: Readonly<Record<string, string>>): boolean {
  if (params.scale === "linear" || params.scale === "log") return params.scale === "log";
  const column = heatmapColumn(clausesOf(params.q ?? "")) ?? "";
  return /duration|latency|elapsed|time|bytes|size|_ms$|_ns$/i.test(column);
}

export const granularities: readonly string[] = ["1s", "10s", "30s", "1m", "5m", "15m", "1h", "1d"];
