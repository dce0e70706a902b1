// What may come next while a question or a condition is being typed: names, functions, operators, words of the language.

/** What is being typed: a whole question, a condition (of traces or the like), or one clause of a question. */
export type Form = "question" | "condition" | "calculation" | "column" | "order" | "having";

const clauseOfForm: Readonly<Record<Form, string>> = { question: "SELECT", condition: "WHERE", calculation: "SELECT", column: "GROUP", order: "ORDER", having: "HAVING" };

export interface Expectation {
  /** The part of the text that a completion replaces. */
  from: number;
  to: number;
  /** What has been typed of it. */
  typed: string;
  kind: "calculation" | "column" | "operator" | "value" | "continuation";
  /** For values: whose. */
  column?: string;
}

export const calculations = ["COUNT", "ROWS", "P50", "P90", "P95", "P99", "AVG", "SUM", "MIN", "MAX", "COUNT_DISTINCT", "HEATMAP", "CONCURRENCY"] as const;
export const operators = ["=", "!=", ">", ">=", "<", "<=", "contains", "starts-with", "ends-with", "matches", "exists", "in", "does-not-contain", "does-not-exist", "not-in"] as const;
const withoutValue = new Set(["exists", "does-not-exist"]);
const clauses = ["WHERE", "GROUP BY", "ORDER BY", "HAVING", "LIMIT", "EVERY", "FROM"] as const;
const clauseWords = ["WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "EVERY", "FROM", "SINCE", "UNTIL", "WITH"];

interface Token {
  text: string;
  from: number;
  to: number;
}

/** Quoted texts, operators, punctuation and words; an unclosed quote reaches to the end. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(/"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?|`(?:\\.|[^`\\])*`?|[!<>]=?|=|[(),]|[^\s"'`!<>=(),]+/g)) {
    tokens.push({ text: match[0], from: match.index, to: match.index + match[0].length });
  }
  return tokens;
}

export function expectationAt(text: string, cursor: number, form: Form): Expectation {
  const tokens = tokensOf(text.slice(0, cursor));
  const last = tokens.at(-1);
  const isTouching = last !== undefined && last.to === cursor && !/^[(),=]$|^[!<>]=?$/.test(last.text);
  const before = isTouching ? tokens.slice(0, -1) : tokens;
  const range = { from: isTouching ? last.from : cursor, to: cursor, typed: isTouching ? last.text : "" };
  return { ...range, ...expectedAfter(before.map((token) => token.text), form) };
}

function expectedAfter(words: readonly string[], form: Form): { kind: Expectation["kind"]; column?: string } {
  let clause = clauseOfForm[form];
  let state: "start" | "column" | "operator" | "value" | "done" = "start";
  let column = "";
  let isInParentheses = false;
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    const upper = word.toUpperCase();
    if (form === "question" && clauseWords.includes(upper)) {
      clause = upper;
      state = "start";
      if (words[index + 1]?.toUpperCase() === "BY") index++;
    } else if (clause === "WHERE" || clause === "HAVING") {
      if (upper === "AND" || upper === "OR" || upper === "NOT" || (word === "(" && state === "start")) state = "start";
      else if (state === "start") {
        column = unquoted(word);
        state = "column";
      } else if (state === "column") state = withoutValue.has(word.toLowerCase()) ? "done" : "operator";
      else if (word === "(" && state === "operator") isInParentheses = true;
      else if (word === ")") {
        isInParentheses = false;
        state = "done";
      } else if (word === "," && isInParentheses) state = "operator";
      else state = isInParentheses ? "value" : "done";
    } else if (clause === "SELECT" && upper === "ROWS" && index === 0) clause = "ROWS";
    else if (word === "(") isInParentheses = true;
    else if (word === ")") {
      isInParentheses = false;
      state = "done";
    } else state = word === "," ? "start" : "done";
  }
  if (clause === "WHERE" || clause === "HAVING") {
    if (state === "start") return { kind: clause === "HAVING" ? "calculation" : "column" };
    if (state === "column") return { kind: "operator", column };
    if (state === "operator") return { kind: "value", column };
    return { kind: "continuation" };
  }
  if (isInParentheses) return { kind: "column" };
  if (state === "done") return { kind: "continuation" };
  return { kind: clause === "SELECT" ? "calculation" : "column" };
}

/** Words that may follow what is complete. */
export function continuations(text: string, form: Form): string[] {
  const upper = ` ${text.toUpperCase()} `;
  if (form === "condition") return ["AND", "OR"];
  if (form === "having") return ["AND"];
  if (form === "order") return ["DESC", "ASC"];
  if (form !== "question") return [];
  const used = (clause: string): boolean => upper.includes(` ${clause} `);
  return [...(used("WHERE") && !used("GROUP BY") && !used("ORDER BY") ? ["AND", "OR"] : []), ...clauses.filter((clause) => !used(clause))];
}

/** Those that contain what was typed, the ones that begin with it first. */
export function ranked(candidates: readonly string[], typed: string, most: number): string[] {
  const wanted = unquoted(typed).toLowerCase();
  const place = (candidate: string): number => unquoted(candidate).toLowerCase().indexOf(wanted);
  return candidates
    .map((candidate, order) => ({ candidate, order, at: place(candidate) }))
    .filter(({ at }) => at >= 0)
    .sort((left, right) => Math.min(left.at, 1) - Math.min(right.at, 1) || left.order - right.order)
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

const unquoted = (text: string): string => text.replace(/^["'`]|["'`]$/g, "");

export interface Completed {
  text: string;
  cursor: number;
}

/** The text with the completion put in, and the cursor where typing goes on. */
export function complete(text: string, expected: Expectation, chosen: string): Completed {
  const rest = text.slice(expected.to);
  const isFunction = expected.kind === "calculation" && chosen !== "COUNT" && chosen !== "ROWS";
  const ending = isFunction ? "(" : rest.startsWith(" ") || rest.startsWith(")") ? "" : " ";
  const before = text.slice(0, expected.from) + chosen + ending;
  return { text: before + rest, cursor: before.length };
}
