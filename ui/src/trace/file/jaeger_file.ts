// Jaeger's JSON, as its page saves a trace and its API answers: read, and written for those who have its tools.

import type { Attribute, Span, SpanEvent } from "../../api/answers";
import { spanId, traceId } from "../../base/ids";
import { spanKinds } from "../outline";
import { emptySpan } from "./file_trace";

interface Tag {
  key: string;
  type?: string;
  value: unknown;
}
interface JaegerReference {
  refType: string;
  traceID: string;
  spanID: string;
}
interface JaegerSpan {
  traceID: string;
  spanID: string;
  operationName: string;
  references?: JaegerReference[] | null;
  parentSpanID?: string;
  flags?: number;
  /** Microseconds. */
  startTime: number;
  duration: number;
  tags?: Tag[] | null;
  logs?: { timestamp: number; fields?: Tag[] | null }[] | null;
  processID: string;
}
interface JaegerTrace {
  traceID: string;
  spans: JaegerSpan[];
  processes: Record<string, { serviceName: string; tags?: Tag[] | null }>;
}
export interface JaegerDocument {
  data: JaegerTrace[];
}

export const isJaeger = (document: unknown): document is JaegerDocument => {
  const data = (document as JaegerDocument | null)?.data;
  return Array.isArray(data) && data.every((trace) => Array.isArray(trace?.spans));
};

/** Times of today have more nanoseconds than a number can tell apart. */
function nanoseconds(microseconds: number): bigint {
  const whole = Math.floor(microseconds || 0);
  return BigInt(whole) * 1000n + BigInt(Math.round(((microseconds || 0) - whole) * 1000));
}

function attributeOf({ key, type, value }: Tag): Attribute {
  if (type === "bool" || typeof value === "boolean") return { key, type: "boolean", value: value === true || value === "true" };
  if (type === "int64") return { key, type: "int64", value: value as number };
  if (typeof value === "number") return { key, type: Number.isInteger(value) && type !== "float64" ? "int64" : "float64", value };
  if (type === "binary") return { key, type: "bytes", value: String(value) };
  return { key, type: "string", value: String(value ?? "") };
}

const attributesOf = (tags: readonly Tag[] | null | undefined): Attribute[] => (tags ?? []).map(attributeOf);

/** Tags that have a place of their own in a span. */
const ownTags = new Set(["span.kind", "otel.status_code", "otel.status_description", "otel.scope.name", "otel.scope.version", "otel.library.name", "otel.library.version", "w3c.tracestate"]);

function spanOf(from: JaegerSpan, processes: JaegerTrace["processes"]): Span {
  const tags = new Map((from.tags ?? []).map((tag) => [tag.key, tag.value]));
  const word = (key: string): string | null => (tags.has(key) ? String(tags.get(key)) : null);
  const process = processes[from.processID];
  const start = nanoseconds(from.startTime);
  const references = from.references ?? [];
  const parent = references.find((reference) => reference.refType === "CHILD_OF" && reference.traceID === from.traceID) ?? references.find((reference) => reference.traceID === from.traceID);
  const parentId = parent?.spanID ?? (from.parentSpanID || undefined);
  const isError = tags.get("error") === true || tags.get("error") === "true" || word("otel.status_code") === "ERROR";
  const kind = word("span.kind") ?? "unspecified";
  return {
    ...emptySpan(traceId(from.traceID), from.spanID, start, nanoseconds(from.duration)),
    parent_id: parentId ? spanId(parentId) : null,
    name: from.operationName,
    service: process?.serviceName ?? null,
    kind: (spanKinds as readonly string[]).includes(kind) ? kind : "unspecified",
    status: { code: isError ? "error" : word("otel.status_code") === "OK" ? "ok" : "unset", message: word("otel.status_description") },
    error: isError,
    trace_state: word("w3c.tracestate"),
    flags: from.flags ?? 0,
    attributes: attributesOf((from.tags ?? []).filter((tag) => !ownTags.has(tag.key) && !(tag.key === "error" && isError))),
    instrumentation_scope: { name: word("otel.scope.name") ?? word("otel.library.name"), version: word("otel.scope.version") ?? word("otel.library.version"), schema_url: null, attributes: [] },
    resource: { schema_url: null, attributes: [...(process ? [{ key: "service.name", type: "string" as const, value: process.serviceName }] : []), ...attributesOf(process?.tags)] },
    events: (from.logs ?? []).map((log) => eventOf(log, start)),
    links: references.filter((reference) => reference !== parent).map((reference) => ({ trace_id: traceId(reference.traceID), span_id: spanId(reference.spanID), trace_state: null, attributes: [], dropped_attributes: 0 })),
  };
}

function eventOf({ timestamp, fields }: { timestamp: number; fields?: Tag[] | null }, start: bigint): SpanEvent {
  const time = nanoseconds(timestamp);
  const name = fields?.find((tag) => tag.key === "event")?.value ?? fields?.find((tag) => tag.key === "message")?.value;
  return { time_ns: String(time), offset_ns: Number(time - start), name: name === undefined ? null : String(name), attributes: attributesOf((fields ?? []).filter((tag) => tag.key !== "event")), dropped_attributes: 0 };
}

export const readJaeger = (document: JaegerDocument): Span[] => document.data.flatMap((trace) => trace.spans.map((span) => spanOf(span, trace.processes ?? {})));

const tagTypes: Partial<Record<Attribute["type"], string>> = { boolean: "bool", int64: "int64", float64: "float64", bytes: "binary" };
const tagOf = ({ key, type, value }: Attribute): Tag => ({ key, type: tagTypes[type] ?? "string", value });
const ownTag = (key: string, value: string | null): Tag[] => (value ? [{ key, type: "string", value }] : []);

/** Spans of one trace as Jaeger writes them: processes are told apart by their resources. */
export function writeJaeger(spans: readonly Span[]): JaegerDocument {
  const processes: JaegerTrace["processes"] = {};
  const processIds = new Map<string, string>();
  const processOf = (span: Span): string => {
    const key = JSON.stringify([span.service, span.resource.attributes]);
    let id = processIds.get(key);
    if (id === undefined) {
      id = `p${processIds.size + 1}`;
      processIds.set(key, id);
      processes[id] = { serviceName: span.service ?? "", tags: span.resource.attributes.filter((attribute) => attribute.key !== "service.name").map(tagOf) };
    }
    return id;
  };
  const microseconds = (time: string): number => Number(BigInt(time)) / 1000;
  const written = spans.map((span): JaegerSpan => ({
    traceID: span.trace_id,
    spanID: span.span_id,
    operationName: span.name ?? "",
    references: [
      ...(span.parent_id ? [{ refType: "CHILD_OF", traceID: span.trace_id, spanID: span.parent_id }] : []),
      ...span.links.flatMap((link) => (link.trace_id && link.span_id ? [{ refType: "FOLLOWS_FROM", traceID: link.trace_id, spanID: link.span_id }] : [])),
    ],
    flags: span.flags,
    startTime: Math.round(microseconds(span.start_ns)),
    duration: Math.round(span.duration_ns / 1000),
    tags: [
      ...span.attributes.map(tagOf),
      ...ownTag("span.kind", span.kind === "unspecified" ? null : span.kind),
      ...ownTag("otel.scope.name", span.instrumentation_scope.name),
      ...ownTag("otel.scope.version", span.instrumentation_scope.version),
      ...ownTag("otel.status_code", span.status.code === "unset" ? null : span.status.code.toUpperCase()),
      ...ownTag("otel.status_description", span.status.message),
      ...ownTag("w3c.tracestate", span.trace_state),
      ...(span.error ? [{ key: "error", type: "bool", value: true }] : []),
    ],
    logs: span.events.map((event) => ({ timestamp: Math.round(microseconds(event.time_ns)), fields: [...ownTag("event", event.name), ...event.attributes.map(tagOf)] })),
    processID: processOf(span),
  }));
  return { data: spans.length === 0 ? [] : [{ traceID: spans[0]!.trace_id, spans: written, processes }] };
}
