// An answer made ready to be drawn: which lines there are, what they are called, how cells are written.

import type { Answer, AnswerColumn, Value } from "../api/answers";
import { textOfValue } from "../api/values";
import { unreadSteps } from "./first_look";
import { formatBytes, formatCount, significant } from "../base/numbers";
import { formatDuration, formatMoment, milliseconds, moment, nanoseconds, seconds } from "../base/time";

export interface Line {
  /** Position in the answer's rows; −1 for the totals. */
  row: number;
  name: string;
  values: readonly (number | null)[];
}

export interface Panel {
  column: number;
  title: string;
  unit: AnswerColumn["unit"];
  lines: Line[];
  /** More than there are lines: the last ones are not drawn. */
  groups: number;
}

/** A chart for each calculation; more lines than this are not told apart. */
const mostLines = 20;

export function panelsOf(answer: Answer): Panel[] {
  const { series, columns } = answer;
  if (!series) return [];
  const unread = unreadSteps(answer);
  return columns.flatMap((column, position) => {
    if (column.role !== "calculation" || column.type === "heatmap") return [];
    const own = series.lines.filter((line) => line.column === position);
    // The totals are one line too many when there are groups, and the only one when there are none.
    const groups = own.filter((line) => line.row >= 0);
    const all = columns.some(({ role }) => role === "group") ? answer.rows.length : 1;
    const lines = (groups.length > 0 ? groups : own).slice(0, mostLines).map((line) => ({
      row: line.row,
      name: lineName(answer, line.row, column.name),
      // No rows in a step: a count of them is nothing, any other figure is unknown.
      values: line.values.map((value, step) => (step < unread ? null : (numberOf(value) ?? (/^COUNT\b/.test(column.name) ? 0 : null)))),
    }));
    return [{ column: position, title: column.name, unit: column.unit, lines, groups: all }];
  });
}

/** Whether values of groups may be added up: counts and sums may, percentiles may not. */
export const isAdditive = (title: string): boolean => /^(COUNT|SUM)\b/i.test(title);

/** Each line upon the ones before it. */
export function stackedTops(lines: readonly (readonly (number | null)[])[]): number[][] {
  const tops: number[][] = [];
  for (const values of lines) {
    const below = tops.at(-1);
    tops.push(values.map((value, index) => (below?.[index] ?? 0) + Math.max(0, value ?? 0)));
  }
  return tops;
}

/** The row of another answer that has the same groups. */
export function sameRow(answer: Answer, row: readonly Value[], other: Answer): readonly Value[] | undefined {
  const groups = answer.columns.flatMap((column, position) => (column.role === "group" ? [position] : []));
  return other.rows.find((candidate) => groups.every((position) => candidate[position] === row[position]));
}

/** "+12 %", "−3.5 %", "×4.2"; nothing where there was nothing before. */
export function changeText(now: Value, before: Value | undefined): string {
  const [to, from] = [Number(now), Number(before)];
  if (now === null || before === null || before === undefined || !Number.isFinite(to) || !Number.isFinite(from) || from === 0) return "";
  const ratio = to / from;
  if (ratio >= 3) return `×${significant(ratio)}`;
  const percent = (ratio - 1) * 100;
  if (Math.abs(percent) < 0.05) return "±0 %";
  return `${percent > 0 ? "+" : "−"}${Math.abs(percent) >= 9.95 ? Math.round(Math.abs(percent)) : Math.abs(percent).toFixed(1)} %`;
}

function lineName(answer: Answer, row: number, otherwise: string): string {
  const groups = answer.columns.flatMap((column, position) => (column.role === "group" ? [position] : []));
  if (row < 0 || groups.length === 0) return otherwise;
  return groups.map((position) => cellText(answer.rows[row]![position]!, answer.columns[position]!) || "(none)").join(" · ");
}

const numberOf = (value: number | string | null): number | null => {
  const number = value === null ? NaN : Number(value);
  return Number.isFinite(number) ? number : null;
};

export function cellText(value: Value, column: AnswerColumn): string {
  if (value === null) return "";
  if (column.type === "time") return formatMoment(moment(String(value)));
  if (column.unit) return measureText(Number(value), column.unit);
  if (column.type === "duration") return formatDuration(nanoseconds(Number(value)));
  if (typeof value === "number" && column.role === "calculation") return Number.isInteger(value) ? formatCount(value) : significant(value);
  return textOfValue(value, column.type);
}

export function measureText(value: number, unit: AnswerColumn["unit"]): string {
  if (value === 0) return "0";
  switch (unit) {
    case "ms":
      return formatDuration(milliseconds(value));
    case "ns":
      return formatDuration(nanoseconds(value));
    case "s":
      return formatDuration(seconds(value));
    case "bytes":
      return formatBytes(value);
    case undefined:
      return Math.abs(value) >= 1000 && Number.isInteger(value) ? formatCount(value) : significant(value);
  }
}

export const isNumeric = (column: AnswerColumn): boolean =>
  column.role === "calculation" || ["int64", "float64", "duration"].includes(column.type);

/** Nothing matched: no rows, or the single row that speaks of no rows at all. */
export const isEmptyAnswer = (answer: Answer): boolean => answer.rows.length === 0 || answer.cost.rows_matched === 0;

/** Comma-separated values, quoted where needed. */
export function asCsv(answer: Answer): string {
  const field = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
  const lines = [answer.columns.map((column) => column.name), ...answer.rows.map((row) => row.map((value) => (value === null ? "" : String(value))))];
  return lines.map((line) => line.map(field).join(",")).join("\n");
}

/** "checkout · GET /cart": the values that make a row a group. */
export const nameOfGroup = (answer: Answer, row: number): string =>
  answer.columns.flatMap((column, position) => (column.role === "group" ? [cellText(answer.rows[row]![position]!, column) || "(none)"] : [])).join(" · ");
