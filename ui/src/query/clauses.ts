// A question in the short form taken apart into its clauses and put together again, so that a form and a line of text
// are two views of one question. What a clause says is not read here: that is the server's part.

import { both, nameText } from "./short_form_text";
import { tokensOf } from "./completion";

export interface Clauses {
  select: string;
  where: string;
  group: string;
  having: string;
  order: string;
  limit: string;
  every: string;
  from: string;
  /** SINCE, UNTIL, WITH and UNWEIGHTED, as they were written. */
  rest: string;
}

export type ClauseName = Exclude<keyof Clauses, "rest">;

const none: Clauses = { select: "", where: "", group: "", having: "", order: "", limit: "", every: "", from: "", rest: "" };
const written: readonly [ClauseName, string][] = [
  ["select", ""],
  ["where", "WHERE"],
  ["group", "GROUP BY"],
  ["having", "HAVING"],
  ["order", "ORDER BY"],
  ["limit", "LIMIT"],
  ["every", "EVERY"],
  ["from", "FROM"],
];
const firstWords: Readonly<Record<string, keyof Clauses>> = {
  WHERE: "where",
  GROUP: "group",
  HAVING: "having",
  ORDER: "order",
  LIMIT: "limit",
  EVERY: "every",
  FROM: "from",
  SINCE: "rest",
  UNTIL: "rest",
  WITH: "rest",
  UNWEIGHTED: "rest",
};

export function clausesOf(text: string): Clauses {
  const clauses: Clauses = { ...none };
  let clause: keyof Clauses = "select";
  let begins = 0;
  let depth = 0;
  const close = (end: number): void => {
    const piece = text.slice(begins, end).trim();
    if (piece) clauses[clause] = [clauses[clause], piece].filter(Boolean).join(clause === "where" || clause === "having" ? " AND " : " ");
  };
  const tokens = tokensOf(text);
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]!;
    if (token.text === "(") depth += 1;
    if (token.text === ")") depth -= 1;
    const next = depth === 0 ? firstWords[token.text.toUpperCase()] : undefined;
    // After an operator the same word is a value.
    if (!next || /^([!<>]=?|=)$/.test(tokens[index - 1]?.text ?? "")) continue;
    const follows = tokens[index + 1];
    const hasBy = next === "group" || next === "order";
    if (hasBy && follows?.text.toUpperCase() !== "BY") continue;
    close(token.from);
    clause = next;
    begins = next === "rest" ? token.from : hasBy ? follows!.to : token.to;
    if (hasBy) index += 1;
  }
  close(text.length);
  return clauses;
}

export function textOfClauses(clauses: Clauses): string {
  const parts = written.flatMap(([name, word]) => {
    const piece = clauses[name].trim() || (name === "select" && written.some(([other]) => clauses[other].trim()) ? "COUNT" : "");
    return piece ? [word ? `${word} ${piece}` : piece] : [];
  });
  return [...parts, clauses.rest.trim()].filter(Boolean).join(" ");
}

/** The parts of a list, which commas outside of parentheses and quotes separate. */
export function itemsOf(list: string): string[] {
  const items: string[] = [];
  let depth = 0;
  let begins = 0;
  const close = (end: number): void => {
    const item = list.slice(begins, end).trim();
    if (item) items.push(item);
  };
  for (const token of tokensOf(list)) {
    if (token.text === "(") depth += 1;
    if (token.text === ")") depth -= 1;
    if (token.text !== "," || depth > 0) continue;
    close(token.from);
    begins = token.to;
  }
  close(list.length);
  return items;
}

/** The conditions that all have to hold; a single one when they are joined otherwise. */
export function conditionsOf(where: string): string[] {
  const tokens = tokensOf(where);
  const cuts: number[] = [];
  let depth = 0;
  for (const token of tokens) {
    if (token.text === "(") depth += 1;
    if (token.text === ")") depth -= 1;
    if (depth > 0) continue;
    if (token.text.toUpperCase() === "OR") return where.trim() ? [where.trim()] : [];
    if (token.text.toUpperCase() === "AND") cuts.push(token.from, token.to);
  }
  const edges = [0, ...cuts, where.length];
  const conditions: string[] = [];
  for (let index = 0; index < edges.length; index += 2) {
    const condition = where.slice(edges[index], edges[index + 1]).trim();
    if (condition) conditions.push(condition);
  }
  return conditions;
}

export function withCondition(text: string, condition: string): string {
  const clauses = clausesOf(text);
  if (conditionsOf(clauses.where).includes(condition)) return text;
  return textOfClauses({ ...clauses, where: both(clauses.where, condition) });
}

/** Rows cannot be grouped: they become a count. */
export function withGroup(text: string, column: string): string {
  const clauses = clausesOf(text);
  const name = nameText(column);
  const groups = itemsOf(clauses.group);
  if (groups.includes(name)) return text;
  const isRows = asksForRows(clauses);
  return textOfClauses({ ...clauses, select: isRows ? "COUNT" : clauses.select, order: isRows ? "" : clauses.order, group: [...groups, name].join(", ") });
}

export const asksForRows = (clauses: Clauses): boolean => /^ROWS\b/i.test(clauses.select);

const rowColumns = {
  traces: ["time", "service.name", "name", "duration_ms", "error", "trace.trace_id"],
  logs: ["time", "severity", "service.name", "body", "trace.trace_id"],
  metrics: ["time", "service.name", "name", "value"],
} as const;

/** The rows that a question speaks of, one by one. */
export function rowsBehind(text: string, most: number): string {
  const clauses = clausesOf(text);
  const signal = signalOf(clauses);
  const columns = [...new Set([...rowColumns[signal], ...itemsOf(clauses.group)])];
  return textOfClauses({ ...none, select: `ROWS ${columns.join(", ")}`, where: clauses.where, limit: String(most), from: clauses.from, rest: clauses.rest.replace(/\b(WITH\s+\S+(\s*,\s*\S+)*|UNWEIGHTED)\b/gi, "").trim() });
}

export function signalOf(clauses: Clauses): "traces" | "logs" | "metrics" {
  const word = clauses.from.toLowerCase();
  return word === "logs" || word === "metrics" ? word : "traces";
}

/** The column of the first heat map that is asked for. */
export function heatmapColumn(clauses: Clauses): string | undefined {
  const match = /^HEATMAP\s*\(\s*(.*?)\s*\)$/is.exec(itemsOf(clauses.select).find((item) => /^HEATMAP\b/i.test(item)) ?? "");
  return match?.[1]?.replace(/^`(.*)`$/, "$1");
}
