// OTLP in JSON: what exporters of files write, what clew gives for download. Ids may be hex or base64, numbers may be
// numbers or text, field names in either spelling.

import type { Attribute, LogRecord, Span, SpanEvent, SpanLink } from "../../api/answers";
import { traceId } from "../../base/ids";
import { spanKinds } from "../outline";
import { emptySpan } from "./file_trace";

type Json = Record<string, unknown>;

const field = (object: Json, name: string): unknown => object[name] ?? object[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
const list = (object: Json, name: string): Json[] => {
  const value = field(object, name);
  return Array.isArray(value) ? (value as Json[]) : [];
};
const text = (object: Json, name: string): string | null => {
  const value = field(object, name);
  return typeof value === "string" && value !== "" ? value : null;
};
const count = (object: Json, name: string): number => Number(field(object, name) ?? 0) || 0;

function nanosecondsOf(object: Json, name: string): bigint {
  const value = field(object, name);
  if (typeof value === "number") return BigInt(Math.round(value));
  return typeof value === "string" && /^-?\d+$/.test(value) ? BigInt(value) : 0n;
}

/** 16 or 32 hex digits; base64 of as many bytes is understood too. */
function idOf(object: Json, name: string, digits: number): string | null {
  const value = text(object, name);
  if (value === null || /^0*$/.test(value)) return null;
  if (new RegExp(`^[0-9a-f]{${digits}}$`, "i").test(value)) return value.toLowerCase();
  try {
    const bytes = atob(value);
    const hex = Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, "0")).join("");
    return hex.length === digits ? hex : null;
  } catch {
    return null;
  }
}

const deepest = 32;

function plainValue(value: Json | undefined, depth = 0): unknown {
  if (!value || depth > deepest) return null;
  const array = field(value, "arrayValue") as Json | undefined;
  const map = field(value, "kvlistValue") as Json | undefined;
  if (array) return list(array, "values").map((element) => plainValue(element, depth + 1));
  if (map) return Object.fromEntries(list(map, "values").map((entry) => [String(entry.key), plainValue(entry.value as Json, depth + 1)]));
  return typedValue(value).value;
}

function typedValue(value: Json | undefined): Pick<Attribute, "type" | "value"> {
  if (!value) return { type: "string", value: "" };
  const integer = field(value, "intValue");
  const real = field(value, "doubleValue");
  const bytes = field(value, "bytesValue");
  const truth = field(value, "boolValue");
  if (integer !== undefined) return { type: "int64", value: Number.isSafeInteger(Number(integer)) ? Number(integer) : String(integer) };
  if (real !== undefined) return { type: "float64", value: real as number };
  if (truth !== undefined) return { type: "boolean", value: truth === true || truth === "true" };
  if (bytes !== undefined) return { type: "bytes", value: String(bytes) };
  if (field(value, "arrayValue") || field(value, "kvlistValue")) return { type: "json", value: JSON.stringify(plainValue(value)) };
  return { type: "string", value: String(field(value, "stringValue") ?? "") };
}

const attributesOf = (object: Json | undefined): Attribute[] =>
  object ? list(object, "attributes").map((entry) => ({ key: String(entry.key), ...typedValue(entry.value as Json) })) : [];

const serviceOf = (resource: Attribute[]): string | null => {
  const value = resource.find((attribute) => attribute.key === "service.name")?.value;
  return value === undefined || value === null ? null : String(value);
};

/** Kinds and codes come as numbers or by their names in the protocol. */
function numbered(value: unknown, names: readonly string[], prefix: string): number {
  if (typeof value === "string" && value.startsWith(prefix)) return Math.max(0, names.indexOf(value.slice(prefix.length).toLowerCase()));
  const number = Number(value ?? 0);
  return number >= 0 && number < names.length ? number : 0;
}
const statuses = ["unset", "ok", "error"] as const;

function spanOf(from: Json, resource: Attribute[], scope: Json): Span | undefined {
  const trace = idOf(from, "traceId", 32);
  const id = idOf(from, "spanId", 16);
  if (!trace || !id) return undefined;
  const start = nanosecondsOf(from, "startTimeUnixNano");
  const status = (field(from, "status") ?? {}) as Json;
  const code = statuses[numbered(status.code, statuses, "STATUS_CODE_")]!;
  return {
    ...emptySpan(traceId(trace), id, start, nanosecondsOf(from, "endTimeUnixNano") - start),
    parent_id: idOf(from, "parentSpanId", 16),
    name: text(from, "name"),
    service: serviceOf(resource),
    kind: spanKinds[numbered(from.kind, spanKinds, "SPAN_KIND_")]!,
    status: { code, message: text(status, "message") },
    error: code === "error",
    trace_state: text(from, "traceState"),
    flags: count(from, "flags"),
    attributes: attributesOf(from),
    instrumentation_scope: { name: text(scope, "name"), version: text(scope, "version"), schema_url: null, attributes: attributesOf(scope) },
    resource: { schema_url: null, attributes: resource },
    events: list(from, "events").map((event) => eventOf(event, start)),
    links: list(from, "links").map(linkOf),
    dropped: { attributes: count(from, "droppedAttributesCount"), events: count(from, "droppedEventsCount"), links: count(from, "droppedLinksCount") },
  };
}

function eventOf(event: Json, start: bigint): SpanEvent {
  const time = nanosecondsOf(event, "timeUnixNano");
  return { time_ns: String(time), offset_ns: Number(time - start), name: text(event, "name"), attributes: attributesOf(event), dropped_attributes: count(event, "droppedAttributesCount") };
}

const linkOf = (link: Json): SpanLink => ({
  trace_id: idOf(link, "traceId", 32),
  span_id: idOf(link, "spanId", 16),
  trace_state: text(link, "traceState"),
  attributes: attributesOf(link),
  dropped_attributes: count(link, "droppedAttributesCount"),
});

const severities = ["", "trace", "debug", "info", "warn", "error", "fatal"] as const;

function logOf(record: Json, resource: Attribute[]): LogRecord {
  const time = nanosecondsOf(record, "timeUnixNano") || nanosecondsOf(record, "observedTimeUnixNano");
  const severityText = text(record, "severityText");
  const body = field(record, "body") as Json | undefined;
  return {
    time_ns: String(time),
    severity: severities[Math.ceil(Math.min(24, count(record, "severityNumber")) / 4)] || null,
    ...(severityText ? { severity_text: severityText } : {}),
    body: body ? typedValue(body) : null,
    service: serviceOf(resource),
    trace_id: idOf(record, "traceId", 32),
    span_id: idOf(record, "spanId", 16),
    attributes: attributesOf(record),
    resource,
  };
}

export const isOtlp = (document: unknown): document is Json => typeof document === "object" && document !== null && ["resourceSpans", "resource_spans", "resourceLogs", "resource_logs"].some((name) => name in document);

/** One document: TracesData, LogsData, or both in one. */
export function readOtlp(document: Json): { spans: Span[]; logs: LogRecord[] } {
  const spans: Span[] = [];
  const logs: LogRecord[] = [];
  for (const group of list(document, "resourceSpans")) {
    const resource = attributesOf(group.resource as Json | undefined);
    for (const scoped of list(group, "scopeSpans")) {
      for (const each of list(scoped, "spans")) {
        const span = spanOf(each, resource, (scoped.scope ?? {}) as Json);
        if (span) spans.push(span);
      }
    }
  }
  for (const group of list(document, "resourceLogs")) {
    const resource = attributesOf(group.resource as Json | undefined);
    for (const scoped of list(group, "scopeLogs")) logs.push(...list(scoped, "logRecords").map((record) => logOf(record, resource)));
  }
  return { spans, logs };
}
