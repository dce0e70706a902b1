// Values of attributes as text.

import type { Attribute, Value, ValueType } from "./answers";
import { describeMoment, formatDuration, moment, nanoseconds } from "../base/time";

export function textOfValue(value: Value, type: ValueType): string {
  if (value === null) return "";
  if (type === "duration") return formatDuration(nanoseconds(Number(value)));
  if (type === "time") return describeMoment(moment(String(value)));
  return String(value);
}

/** JSON with line breaks where it helps; anything else as it is. */
export function textForReading(value: Value, type: ValueType): string {
  const text = textOfValue(value, type);
  if (type !== "json" && !/^[[{]/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Every word occurs in the key or in the value. */
export function attributeMatches(attribute: Attribute, search: string): boolean {
  const text = `${attribute.key} ${textOfValue(attribute.value, attribute.type)}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
