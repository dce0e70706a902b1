// A question in the short form as the specification that a trigger keeps, as far as one can say it: one calculation,
// conditions joined all by AND or all by OR, groups.

import type { Specification } from "../api/alerts";
import { clausesOf, itemsOf, signalOf } from "./clauses";
import { tokensOf } from "./completion";
import { nameText, valueText } from "./short_form_text";

type Filter = NonNullable<Specification["filters"]>[number];

const comparisons = new Set(["=", "!=", ">", ">=", "<", "<="]);
const withText = new Set(["contains", "does-not-contain", "starts-with", "does-not-start-with", "ends-with", "does-not-end-with", "matches", "does-not-match"]);
const withNothing = new Set(["exists", "does-not-exist"]);
const lists = new Set(["in", "not-in"]);
const unwatchable = /^(HEATMAP|CONCURRENCY|ROWS)\b/i;
const signalColumn = "meta.signal_type";
const signalNames = { traces: "trace", logs: "log" } as const;

export function specificationOf(question: string): { specification: Specification } | { problem: string } {
  const clauses = clausesOf(question);
  const signal = signalOf(clauses);
  const items = itemsOf(clauses.select || "COUNT");
  if (signal === "metrics") return { problem: "Triggers watch spans and log records, not metrics" };
  if (items.length !== 1) return { problem: `A trigger watches one calculation: choose one of ${items.join(", ")}` };
  if (clauses.having || clauses.rest) return { problem: "A trigger's question has no HAVING, SINCE, UNTIL or WITH: its threshold and frequency say that" };
  const calculation = calculationOf(items[0]!);
  if (!calculation) return { problem: `${items[0]} cannot be watched` };
  const where = filtersOf(clauses.where);
  if (!where) return { problem: "A trigger's conditions are joined all by AND or all by OR, without parentheses" };
  // What is asked of all datasets is asked of spans and log records together.
  if (where.combination === "OR") return { problem: "Conditions joined by OR cannot be held to one signal: make a trigger for each" };
  const filters = [...where.filters, { column: signalColumn, op: "=", value: signalNames[signal] }];
  const breakdowns = itemsOf(clauses.group).map(nameOf);
  return { specification: { calculations: [calculation], filters, ...(breakdowns.length > 0 ? { breakdowns } : {}) } };
}

function calculationOf(item: string): Specification["calculations"][number] | undefined {
  if (unwatchable.test(item)) return undefined;
  const match = /^([A-Za-z_0-9]+)(?:\s*\(\s*(.*?)\s*\))?$/s.exec(item);
  if (!match) return undefined;
  const op = match[1]!.toUpperCase();
  return match[2] ? { op, column: nameOf(match[2]) } : { op };
}

function filtersOf(where: string): { filters: Filter[]; combination: "AND" | "OR" } | undefined {
  const words = tokensOf(where).map(({ text }) => text);
  const filters: Filter[] = [];
  const joints = new Set<string>();
  let at = 0;
  while (at < words.length) {
    if (filters.length > 0) {
      const joint = words[at++]!.toUpperCase();
      if (joint !== "AND" && joint !== "OR") return undefined;
      joints.add(joint);
    }
    const [column, op] = [words[at], words[at + 1]?.toLowerCase()];
    if (column === undefined || op === undefined || column === "(" || column.toUpperCase() === "NOT") return undefined;
    at += 2;
    if (withNothing.has(op)) filters.push({ column: nameOf(column), op });
    else if (lists.has(op)) {
      const end = words.indexOf(")", at);
      if (words[at] !== "(" || end < 0) return undefined;
      filters.push({ column: nameOf(column), op, value: words.slice(at + 1, end).filter((word) => word !== ",").map(valueOf) });
      at = end + 1;
    } else if ((comparisons.has(op) || withText.has(op)) && words[at] !== undefined) filters.push({ column: nameOf(column), op, value: valueOf(words[at++]!) });
    else return undefined;
  }
  return joints.size > 1 ? undefined : { filters, combination: joints.has("OR") ? "OR" : "AND" };
}

const unquoted = (text: string): string => text.slice(1, -1).replace(/\\(.)/gs, (_, character: string) => (character === "n" ? "\n" : character));
const nameOf = (text: string): string => (text.startsWith("`") ? unquoted(text) : text);

function valueOf(word: string): string | number | boolean {
  if (/^["']/.test(word)) return unquoted(word);
  if (/^(true|false)$/i.test(word)) return word.toLowerCase() === "true";
  return /^[-+]?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(word) ? Number(word) : word;
}

/** The other way, for reading: "P99(duration_ms) WHERE …"; what only holds it to a signal becomes FROM. */
export function questionOf(specification: Specification): string {
  const filters = specification.filters ?? [];
  const signal = filters.find(({ column, op }) => column === signalColumn && op === "=")?.value;
  const shown = filters.filter(({ column }) => column !== signalColumn);
  const where = shown.map(({ column, op, value }) => `${nameText(column)} ${op}${value === undefined ? "" : ` ${valueWritten(value)}`}`);
  const select = specification.calculations.map(({ op, column }) => (column ? `${op}(${nameText(column)})` : op)).join(", ");
  return [
    select || "COUNT",
    where.length > 0 ? `WHERE ${where.join(` ${specification.filter_combination ?? "AND"} `)}` : "",
    (specification.breakdowns ?? []).length > 0 ? `GROUP BY ${specification.breakdowns!.map(nameText).join(", ")}` : "",
    signal === "log" ? "FROM logs" : "",
  ]
    .filter(Boolean)
    .join(" ");
}

function valueWritten(value: unknown): string {
  if (Array.isArray(value)) return `(${value.map(valueWritten).join(", ")})`;
  return typeof value === "string" ? valueText(value, "string") : String(value);
}

const writable = new Set(["calculations", "filters", "filter_combination", "breakdowns", "time_range", "granularity", "limit"]);

/** Whether a line of text says all of it: what has formulas or a HAVING was made through the API and is only shown. */
export function isWritable(specification: Specification): boolean {
  const others = Object.entries(specification).filter(([name, value]) => !writable.has(name) && !(Array.isArray(value) && value.length === 0));
  return others.length === 0 && "specification" in specificationOf(questionOf(specification));
}
