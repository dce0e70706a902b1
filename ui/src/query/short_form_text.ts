// Writing pieces of the short form: names and values as the query language takes them.

import type { Value, ValueType } from "../api/answers";

/** Names that need no quotes. */
const plainName = /^[A-Za-z_][A-Za-z0-9_.\-/]*$/;

export const nameText = (name: string): string => (plainName.test(name) ? name : quoted(name));

export function valueText(value: Value, type: ValueType): string {
  if (value === null) return '""';
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return String(value);
  return type === "int64" || type === "float64" ? value : quoted(value);
}

const quoted = (text: string): string => `"${text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n")}"`;

export const isEqual = (name: string, value: Value, type: ValueType): string => `${nameText(name)} = ${valueText(value, type)}`;
export const isNotEqual = (name: string, value: Value, type: ValueType): string => `${nameText(name)} != ${valueText(value, type)}`;

/** Both conditions; either may be empty. */
export function both(left: string | undefined, right: string | undefined): string {
  const parts = [left?.trim(), right?.trim()].filter((part): part is string => !!part);
  return parts.map((part) => (parts.length > 1 && /\bOR\b/i.test(part) ? `(${part})` : part)).join(" AND ");
}
