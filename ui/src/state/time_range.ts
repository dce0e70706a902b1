// The range of time that a list or a question is about, as it stands in the address: words stay words.

import { place } from "./location";

export interface TimeRange {
  from: string;
  to: string;
}

export const defaultFrom = "now-1h";

export const ranges: readonly { from: string; label: string }[] = [
  { from: "now-5m", label: "5 minutes" },
  { from: "now-15m", label: "15 minutes" },
  { from: "now-1h", label: "hour" },
  { from: "now-6h", label: "6 hours" },
  { from: "now-24h", label: "day" },
  { from: "now-7d", label: "7 days" },
  { from: "now-30d", label: "30 days" },
];

export function rangeOf(params: Readonly<Record<string, string>>): TimeRange {
  return { from: params.from ?? defaultFrom, to: params.to ?? "now" };
}

export const currentRange = (): TimeRange => rangeOf(place.value.params);

/** "in the last hour", "between … and …". */
export function describeRange(range: TimeRange): string {
  const known = ranges.find((candidate) => candidate.from === range.from);
  if (range.to !== "now") return `from ${range.from} to ${range.to}`;
  if (known) return `in the last ${known.label}`;
  const relative = /^now-(\d+)([smhdw])$/.exec(range.from);
  if (!relative) return `since ${range.from}`;
  const unit = { s: "second", m: "minute", h: "hour", d: "day", w: "week" }[relative[2] as "s" | "m" | "h" | "d" | "w"];
  return `in the last ${relative[1]} ${unit}${relative[1] === "1" ? "" : "s"}`;
}

/** The range that starts as long ago as words or a date say, or nothing when they cannot be understood. */
export function isTimeText(text: string): boolean {
  return /^(now|(now)?-\d+[smhdw]|\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?|\d{9,19})$/.test(text.trim());
}

/** The next wider of the ranges offered, for lists that came back empty. */
export function widerThan(range: TimeRange): TimeRange | undefined {
  const index = ranges.findIndex((candidate) => candidate.from === range.from);
  if (range.to !== "now" || index < 0 || index === ranges.length - 1) return undefined;
  return { from: ranges[Math.min(ranges.length - 1, index + 2)]!.from, to: "now" };
}

