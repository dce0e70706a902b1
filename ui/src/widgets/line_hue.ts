// The hues of the lines of a chart: those of services look the same as everywhere else, others are spread.

import type { Answer } from "../api/answers";
import { assignHues } from "../base/colour";
import { panelsOf } from "../query/result";
import { serviceHue } from "../state/service_hues";

/** By row of the answer. */
export function lineHues(answer: Answer): Map<number, number> {
  const groups = answer.columns.filter((column) => column.role === "group");
  const lines = panelsOf(answer)[0]?.lines ?? [];
  if (groups.length === 1 && groups[0]!.name === "service.name") return new Map(lines.map((line) => [line.row, serviceHue(line.name)]));
  const hues = assignHues(lines.map((line) => line.name));
  return new Map(lines.map((line) => [line.row, hues.get(line.name)!]));
}
