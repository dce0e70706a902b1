// Writing pieces of the short form: names and values as the query language takes them.

import type { Value, ValueType } from "../api/answers";
import { tokensOf } from "./completion";

/** Names that need no quotes. */
const plainName = /^[A-Za-z_][A-Za-z0-9_.\-/]*$/;
/** Words that would be taken for the language's own. */
const ownWords = /^(where|group|by|having|order|limit|from|since|until|every|with|unweighted|rows|and|or|not|true|false|as|filter)$/i;

export const nameText = (name: string): string => (plainName.test(name) && !ownWords.test(name) ? name : quoted(name, "`"));

export function valueText(value: Value, type: ValueType): string {
  if (value === null) return '""';
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return String(value);
  return type === "int64" || type === "float64" ? value : quoted(value);
}

function quoted(text: string, mark: '"' | "`" = '"'): string {
  return mark + text.replaceAll("\\", "\\\\").replaceAll(mark, `\\${mark}`).replaceAll("\n", "\\n") + mark;
}

export const isEqual = (name: string, value: Value, type: ValueType): string => `${nameText(name)} = ${valueText(value, type)}`;
export const isNotEqual = (name: string, value: Value, type: ValueType): string => `${nameText(name)} != ${valueText(value, type)}`;
export const isMatch = (name: string, expression: string): string => `${nameText(name)} matches ${valueText(expression, "string")}`;

/** Conditions that all have to hold; any may be empty. */
export function all(conditions: readonly (string | undefined)[]): string {
  const parts = conditions.map((part) => part?.trim()).filter((part): part is string => !!part);
  return parts.map((part) => (parts.length > 1 && isEither(part) ? `(${part})` : part)).join(" AND ");
}

export const both = (left: string | undefined, right: string | undefined): string => all([left, right]);

/** Whether it would fall apart beside an AND. */
function isEither(condition: string): boolean {
  let depth = 0;
  return tokensOf(condition).some(({ text }) => {
    if (text === "(") depth += 1;
    if (text === ")") depth -= 1;
    return depth === 0 && text.toUpperCase() === "OR";
  });
}
