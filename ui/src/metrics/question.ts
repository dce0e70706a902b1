// What is asked about a metric, and in which unit the answer is.

import type { Answer, AnswerColumn } from "../api/answers";
import { isEqual, nameText } from "../query/short_form_text";

const mostPoints = 200;

export function pointsQuestion({ name, kind }: { name: string; kind: string | null }, by: string | undefined): string {
  const values = kind === "gauge" || kind === "sum" ? ["metric.value"] : ["metric.count", "metric.sum"];
  const columns = ["time", ...values, ...(by ? [nameText(by)] : []), "service.name"];
  return `ROWS ${columns.join(", ")} WHERE ${isEqual("metric.name", name, "string")} LIMIT ${mostPoints}`;
}

/** As senders write units (UCUM), and as answers do. */
const units: Readonly<Record<string, NonNullable<AnswerColumn["unit"]>>> = { s: "s", ms: "ms", ns: "ns", By: "bytes" };

/** What is measured has the metric's unit; how often it was measured has none. */
export function inUnit(answer: Answer, ofMetric: string | null): Answer {
  const unit = units[ofMetric ?? ""];
  if (!unit) return answer;
  return { ...answer, columns: answer.columns.map((column) => (column.role === "calculation" && column.name !== "count" ? { ...column, unit } : column)) };
}
