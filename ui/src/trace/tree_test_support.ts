// Small traces for tests, written as one line a span.

import { decodeOutline, type OutlineAnswer } from "./decode";
import type { TraceOutline } from "./outline";

/** [name, parent's name or "" for a root or "?" for a parent that never came, start, end]; in order of start. */
export type SpanLine = readonly [name: string, parent: string, start: number, end: number, error?: "error"];

export function answerOf(lines: readonly SpanLine[]): OutlineAnswer {
  const rowOf = (name: string): number => lines.findIndex((line) => line[0] === name);
  return {
    trace_id: "0af7651916cd43dd8448eb211c80319c",
    start_ns: "1770000000000000000",
    duration_ns: Math.max(...lines.map((line) => line[3])),
    spans: lines.length,
    errors: lines.filter((line) => line[4] === "error").length,
    logs: 0,
    services: ["api", "store"],
    names: lines.map((line) => line[0]),
    columns: {
      span_id: lines.map((_, row) => (row + 1).toString(16).padStart(16, "0")),
      parent: lines.map((line) => rowOf(line[1])),
      orphan: lines.map((line) => (line[1] === "?" ? 1 : 0)),
      start_offset_ns: lines.map((line) => line[2]),
      duration_ns: lines.map((line) => line[3] - line[2]),
      service: lines.map((_, row) => row % 2),
      name: lines.map((_, row) => row),
      kind: lines.map(() => 1),
      status: lines.map((line) => (line[4] === "error" ? 2 : 0)),
      error: lines.map((line) => (line[4] === "error" ? 1 : 0)),
      event_count: lines.map(() => 0),
      link_count: lines.map(() => 0),
    },
    events: { span: [], offset_ns: [], exception: [] },
  };
}

export const outlineOf = (lines: readonly SpanLine[]): TraceOutline => decodeOutline(answerOf(lines));

export const nameOf = (outline: TraceOutline, row: number): string => outline.names[outline.name[row]]!;

/** [id, name, id of the parent or "", start, end]; as above, but names may repeat. */
export type NamedSpanLine = readonly [id: string, name: string, parent: string, start: number, end: number, error?: "error"];

/** Spans of one service. */
export function outlineOfPaths(lines: readonly NamedSpanLine[]): TraceOutline {
  const answer = answerOf(lines.map(([id, , parent, start, end, error]): SpanLine => (error ? [id, parent, start, end, error] : [id, parent, start, end])));
  const names = [...new Set(lines.map((line) => line[1]))];
  return decodeOutline({ ...answer, services: ["api"], names, columns: { ...answer.columns, service: lines.map(() => 0), name: lines.map((line) => names.indexOf(line[1])) } });
}
