// A trace as a table: spans put together by name or by service, with how often, how long, and how much by themselves.

import { noParent, SpanFlag, type TraceOutline } from "./outline";
import type { TraceLayout } from "./layout";
import type { CriticalPath } from "./critical_path";

export type GroupBy = "name" | "service";

export interface SpanGroup {
  service: number;
  /** Index of the name; -1 when grouped by service. */
  name: number;
  count: number;
  errors: number;
  /** Nanoseconds, all of these. */
  total: number;
  self: number;
  onPath: number;
  median: number;
  p95: number;
  longest: number;
  longestRow: number;
}

export function groupSpans(outline: TraceOutline, layout: TraceLayout, path: CriticalPath, by: GroupBy): SpanGroup[] {
  const rowsOf = new Map<number, number[]>();
  const names = outline.names.length;
  for (let row = 0; row < outline.rows; row++) {
    if (outline.flags[row] & SpanFlag.provisional) continue;
    const key = by === "service" ? outline.service[row] : outline.service[row] * names + outline.name[row];
    const rows = rowsOf.get(key);
    if (rows) rows.push(row);
    else rowsOf.set(key, [row]);
  }
  return Array.from(rowsOf.values(), (rows) => groupOf(rows, outline, layout, path, by));
}

function groupOf(rows: number[], outline: TraceOutline, layout: TraceLayout, path: CriticalPath, by: GroupBy): SpanGroup {
  const first = rows[0]!;
  const group: SpanGroup = { service: outline.service[first], name: by === "name" ? outline.name[first] : -1, count: rows.length, errors: 0, total: 0, self: 0, onPath: 0, median: 0, p95: 0, longest: -1, longestRow: first };
  const durations = new Float64Array(rows.length);
  rows.forEach((row, index) => {
    durations[index] = outline.duration[row];
    // Of spans of one service within each other only the outermost counts, or the same time would be added twice.
    const isWithin = by === "service" && outline.parent[row] !== noParent && outline.service[outline.parent[row]] === outline.service[row];
    if (!isWithin) group.total += outline.duration[row];
    group.self += layout.selfTime[row];
    group.errors += outline.flags[row] & SpanFlag.error;
    for (let stretch = path.firstOfRow[row]; stretch < path.firstOfRow[row + 1]; stretch++) group.onPath += path.to[stretch] - path.from[stretch];
    if (outline.duration[row] > group.longest) {
      group.longest = outline.duration[row];
      group.longestRow = row;
    }
  });
  durations.sort();
  group.median = durations[(durations.length - 1) >> 1]!;
  group.p95 = durations[Math.ceil(durations.length * 0.95) - 1]!;
  return group;
}
