// Which question shows a metric of a kind, and what is drawn of the answer.

import type { Answer } from "../api/answers";
import { isEqual, nameText } from "../query/short_form_text";

export interface MetricKind {
  name: string;
  kind: string | null;
  /** "cumulative": points count from the start of their process on. */
  isCumulative: boolean;
}

/** Lines, most of them first, when it is broken down. */
const mostLines = 12;

export function metricQuestion({ name, kind, isCumulative }: MetricKind, by: string | undefined): string {
  const whole = isCumulative ? "MAX" : "SUM";
  const calculations =
    kind === "histogram" || kind === "exponential_histogram" || kind === "summary"
      ? [`${whole}(metric.count)`, `${whole}(metric.sum)`]
      : kind === "sum"
        ? [`${whole}(metric.value)`]
        : ["AVG(metric.value)", "MAX(metric.value)"];
  return `${calculations.join(", ")} WHERE ${isEqual("metric.name", name, "string")}${by ? ` GROUP BY ${nameText(by)}` : ""} LIMIT ${mostLines}`;
}

/** What each step grew by; a smaller value after a larger one is a process that started anew. */
export function growth(values: readonly (number | null)[]): (number | null)[] {
  let last: number | null = null;
  return values.map((value) => {
    if (value === null) return null;
    const grown = last === null ? null : value >= last ? value - last : value;
    last = value;
    return grown;
  });
}

const numberOf = (value: number | string | null): number | null => (typeof value === "number" ? value : value === null ? null : Number.isFinite(Number(value)) ? Number(value) : null);

/** The answer as it is drawn: cumulative values as growth, a histogram's sum as the mean of its measurements. */
export function drawnAnswer(answer: Answer, { kind, isCumulative }: MetricKind): Answer {
  const { series } = answer;
  if (!series || kind === "gauge" || kind === null) return answer;
  const lines = series.lines.map((line) => ({ ...line, values: isCumulative ? growth(line.values.map(numberOf)) : line.values }));
  const named = (position: number, name: string): Answer["columns"] => answer.columns.map((column, index) => (index === position ? { ...column, name } : column));
  const calculations = answer.columns.flatMap((column, position) => (column.role === "calculation" ? [position] : []));
  const first = calculations[0]!;
  if (kind === "sum") return { ...answer, columns: named(first, isCumulative ? "growth" : "sum"), series: { ...series, lines } };
  const [counts, sums] = calculations as [number, number];
  const countOf = new Map(lines.filter((line) => line.column === counts).map((line) => [line.row, line.values]));
  const drawn = lines.map((line) => {
    if (line.column !== sums) return line;
    return { ...line, values: line.values.map((value, step) => meanOf(value, countOf.get(line.row)?.[step] ?? null)) };
  });
  const columns = named(counts, "measurements").map((column, index) => (index === sums ? { ...column, name: "mean" } : column));
  return { ...answer, columns, series: { ...series, lines: drawn } };
}

const meanOf = (sum: number | string | null, count: number | string | null): number | null => (sum === null || !count ? null : Number(sum) / Number(count));
