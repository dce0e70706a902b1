// A point of a chart as a person means it when clicking: a step of time, a group, a value; and the question that finds
// the trace to show for it.

import type { Answer, Value } from "../api/answers";
import { after, moment, nanoseconds, type Moment } from "../base/time";
import { clausesOf, signalOf, textOfClauses, withCondition } from "./clauses";
import { all, isEqual, nameText } from "./short_form_text";

export interface Point {
  from: Moment;
  to: Moment;
  /** Row of the answer; −1 for all together. */
  row: number;
  /** Column of the answer that was clicked, and its value there. */
  column: number;
  value: number | null;
}

export function pointAt(answer: Answer, row: number, column: number, step: number, value: number | null): Point {
  const { start_ns, step_ns } = answer.series!;
  const start = moment(start_ns);
  return { from: after(start, nanoseconds(step * step_ns)), to: after(start, nanoseconds((step + 1) * step_ns)), row, column, value };
}

/** That rows belong to the group, as a condition; empty when they are all together. */
export function conditionOfGroup(answer: Answer, row: number): string {
  const values: readonly Value[] | undefined = answer.rows[row];
  if (!values) return "";
  return answer.columns
    .flatMap((column, position) => {
      if (column.role !== "group") return [];
      const value = values[position]!;
      return [value === null ? `${nameText(column.name)} does-not-exist` : isEqual(column.name, value, column.type)];
    })
    .join(" AND ");
}

/** The column whose value was drawn: of "P95(duration_ms)" it is duration_ms; a count has none. */
export function measuredColumn(calculation: string): string | undefined {
  const match = /^(?:P\d+(?:\.\d+)?|AVG|MIN|MAX|SUM|HEATMAP)\((.*)\)$/i.exec(calculation);
  return match?.[1];
}

export interface TraceRule {
  question: string;
  /** Said to the reader: which trace this picks. */
  rule: string;
}

/**
 * The trace that stands for a point: where a value was drawn, the one with the highest value that does not exceed it, so
 * that a click on the 90th percentile and one on the 10th lead to different ones; the slowest otherwise.
 */
export function traceRule(question: string, answer: Answer, point: Point): TraceRule | undefined {
  const clauses = clausesOf(question);
  if (signalOf(clauses) !== "traces") return undefined;
  const calculation = answer.columns[point.column]?.name ?? "";
  const column = /^SUM\b/i.test(calculation) ? undefined : measuredColumn(calculation);
  const of = column ?? "duration_ms";
  const bound = column !== undefined && point.value !== null ? `${of} <= ${point.value}` : `${of} exists`;
  const where = all([clauses.where, conditionOfGroup(answer, point.row), bound]);
  const rest = clausesOf("");
  return {
    question: textOfClauses({ ...rest, select: `MAX(${of})`, where, group: "trace.trace_id, trace.span_id", order: `MAX(${of}) DESC`, limit: "1" }),
    rule: column === undefined || point.value === null ? "the slowest span of these" : "the highest value that does not exceed this point",
  };
}

export const questionOfPoint = (question: string, answer: Answer, point: Point): string => {
  const condition = conditionOfGroup(answer, point.row);
  return condition ? withCondition(question, condition) : question;
};
