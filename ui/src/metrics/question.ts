// Which question lists the points of a metric.

import { isEqual, nameText } from "../query/short_form_text";

const mostPoints = 200;

export function pointsQuestion({ name, kind }: { name: string; kind: string | null }, by: string | undefined): string {
  const values = kind === "gauge" || kind === "sum" ? ["metric.value"] : ["metric.count", "metric.sum"];
  const columns = ["time", ...values, ...(by ? [nameText(by)] : []), "service.name"];
  return `ROWS ${columns.join(", ")} WHERE ${isEqual("metric.name", name, "string")} LIMIT ${mostPoints}`;
}
