// A trace that came as a file: its spans as the API would tell of them, and the outline made from them.

import type { LogRecord, Span } from "../../api/answers";
import { spanId } from "../../base/ids";
import { decodeOutline, type OutlineAnswer } from "../decode";
import { spanKinds, type TraceOutline } from "../outline";

export interface FileTrace {
  traceId: string;
  spans: Span[];
  logs: LogRecord[];
}

/** Spans and logs of a file, by trace; logs of no trace that is there are left out. */
export function tracesOf(spans: readonly Span[], logs: readonly LogRecord[]): FileTrace[] {
  const traces = new Map<string, FileTrace>();
  for (const span of spans) {
    const trace = traces.get(span.trace_id);
    if (trace) trace.spans.push(span);
    else traces.set(span.trace_id, { traceId: span.trace_id, spans: [span], logs: [] });
  }
  for (const log of logs) traces.get(log.trace_id ?? "")?.logs.push(log);
  for (const trace of traces.values()) attachLogs(trace);
  return [...traces.values()];
}

function attachLogs({ spans, logs }: FileTrace): void {
  const byId = new Map(spans.map((span) => [span.span_id, span]));
  for (const log of logs) {
    const span = byId.get(log.span_id ?? "");
    if (span && !span.logs.includes(log)) span.logs.push(log);
  }
}

const compareTimes = (left: bigint, right: bigint): number => (left < right ? -1 : left > right ? 1 : 0);

export function outlineOfFile({ traceId, spans }: FileTrace): TraceOutline {
  const starts = new Map(spans.map((span) => [span, BigInt(span.start_ns)]));
  const ordered = [...spans].sort((left, right) => compareTimes(starts.get(left)!, starts.get(right)!) || (right.parent_id === null ? 1 : 0) - (left.parent_id === null ? 1 : 0));
  const origin = starts.get(ordered[0]!)!;
  const rowOf = new Map<string, number>();
  ordered.forEach((span, row) => rowOf.has(span.span_id) || rowOf.set(span.span_id, row));
  const parentRow = (span: Span, row: number): number => {
    const parent = span.parent_id === null ? undefined : rowOf.get(span.parent_id);
    return parent === undefined || parent === row ? -1 : parent;
  };
  const services = numbering();
  const names = numbering();
  const events = ordered.flatMap((span, row) => span.events.map((event) => ({ row, at: Number(BigInt(event.time_ns) - origin), exception: event.name === "exception" ? 1 : 0 })));
  const answer: OutlineAnswer = {
    trace_id: traceId,
    start_ns: String(origin),
    duration_ns: Math.max(...ordered.map((span) => Number(starts.get(span)! - origin) + span.duration_ns)),
    spans: ordered.length,
    errors: ordered.filter((span) => span.error).length,
    logs: 0,
    columns: {
      span_id: ordered.map((span) => span.span_id),
      parent: ordered.map(parentRow),
      orphan: ordered.map((span) => (span.parent_id !== null && !rowOf.has(span.parent_id) ? 1 : 0)),
      start_offset_ns: ordered.map((span) => Number(starts.get(span)! - origin)),
      duration_ns: ordered.map((span) => span.duration_ns),
      service: ordered.map((span) => services.of(span.service ?? "")),
      name: ordered.map((span) => names.of(span.name ?? "")),
      kind: ordered.map((span) => Math.max(0, (spanKinds as readonly string[]).indexOf(span.kind))),
      status: ordered.map((span) => ["unset", "ok", "error"].indexOf(span.status.code)),
      error: ordered.map((span) => (span.error ? 1 : 0)),
      event_count: ordered.map((span) => span.events.length),
      link_count: ordered.map((span) => span.links.length),
    },
    events: { span: events.map(({ row }) => row), offset_ns: events.map(({ at }) => at), exception: events.map(({ exception }) => exception) },
    services: services.texts,
    names: names.texts,
  };
  return decodeOutline(answer);
}

function numbering(): { of(text: string): number; texts: string[] } {
  const numbers = new Map<string, number>();
  const texts: string[] = [];
  return {
    of(text) {
      let number = numbers.get(text);
      if (number === undefined) {
        number = texts.push(text) - 1;
        numbers.set(text, number);
      }
      return number;
    },
    texts,
  };
}

/** A span with nothing in it but what every one has. */
export function emptySpan(traceId: string, id: string, start: bigint, duration: bigint): Span {
  const kept = duration > 0n ? duration : 0n;
  return {
    trace_id: traceId,
    span_id: spanId(id),
    parent_id: null,
    name: null,
    service: null,
    kind: "unspecified",
    start_ns: String(start),
    end_ns: String(start + kept),
    duration_ns: Number(kept),
    status: { code: "unset", message: null },
    error: false,
    trace_state: null,
    flags: 0,
    sample_rate: 1,
    attributes: [],
    instrumentation_scope: { name: null, version: null, schema_url: null, attributes: [] },
    resource: { schema_url: null, attributes: [] },
    events: [],
    links: [],
    logs: [],
    dropped: { attributes: 0, events: 0, links: 0 },
  };
}
