// Spans as OTLP in JSON: what a trace that came as a file is taken away as. The counterpart of otlp_file.ts.

import type { Attribute, Span, SpanEvent, SpanLink } from "../../api/answers";
import { spanKinds } from "../outline";

export interface OtlpDocument {
  resourceSpans: unknown[];
}

const statusCodes = ["unset", "ok", "error"];

function plainToValue(value: unknown): object {
  if (Array.isArray(value)) return { arrayValue: { values: value.map(plainToValue) } };
  if (typeof value === "object" && value !== null) return { kvlistValue: { values: Object.entries(value).map(([key, each]) => ({ key, value: plainToValue(each) })) } };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return value === null ? {} : { stringValue: String(value) };
}

function valueOf({ type, value }: Attribute): object {
  switch (type) {
    case "int64":
      return { intValue: String(value) };
    case "float64":
      return { doubleValue: value };
    case "boolean":
      return { boolValue: value };
    case "bytes":
      return { bytesValue: value };
    case "json":
      return jsonValue(String(value));
    default:
      return { stringValue: String(value ?? "") };
  }
}

/** Arrays and maps rest as their text. */
function jsonValue(text: string): object {
  try {
    return plainToValue(JSON.parse(text));
  } catch {
    return { stringValue: text };
  }
}

const attributesOf = (attributes: readonly Attribute[]) => attributes.map((attribute) => ({ key: attribute.key, value: valueOf(attribute) }));

const eventOf = (event: SpanEvent) => ({
  timeUnixNano: event.time_ns,
  name: event.name ?? "",
  attributes: attributesOf(event.attributes),
  droppedAttributesCount: event.dropped_attributes,
});

const linkOf = (link: SpanLink) => ({
  traceId: link.trace_id ?? "",
  spanId: link.span_id ?? "",
  ...(link.trace_state ? { traceState: link.trace_state } : {}),
  attributes: attributesOf(link.attributes),
  droppedAttributesCount: link.dropped_attributes,
});

const spanOf = (span: Span) => ({
  traceId: span.trace_id,
  spanId: span.span_id,
  ...(span.parent_id ? { parentSpanId: span.parent_id } : {}),
  ...(span.trace_state ? { traceState: span.trace_state } : {}),
  flags: span.flags,
  name: span.name ?? "",
  kind: Math.max(0, (spanKinds as readonly string[]).indexOf(span.kind)),
  startTimeUnixNano: span.start_ns,
  endTimeUnixNano: span.end_ns,
  attributes: attributesOf(span.attributes),
  droppedAttributesCount: span.dropped.attributes,
  events: span.events.map(eventOf),
  droppedEventsCount: span.dropped.events,
  links: span.links.map(linkOf),
  droppedLinksCount: span.dropped.links,
  status: { code: statusCodes.indexOf(span.status.code), ...(span.status.message ? { message: span.status.message } : {}) },
});

/** Spans of one resource stand together, and among them those of one scope. */
export function writeOtlp(spans: readonly Span[]): OtlpDocument {
  const resources = new Map<string, { first: Span; scopes: Map<string, Span[]> }>();
  for (const span of spans) {
    const key = JSON.stringify(span.resource);
    const resource = resources.get(key) ?? { first: span, scopes: new Map<string, Span[]>() };
    resources.set(key, resource);
    const scope = JSON.stringify(span.instrumentation_scope);
    const scoped = resource.scopes.get(scope);
    if (scoped) scoped.push(span);
    else resource.scopes.set(scope, [span]);
  }
  return {
    resourceSpans: [...resources.values()].map(({ first, scopes }) => ({
      resource: { attributes: attributesOf(first.resource.attributes) },
      scopeSpans: [...scopes.values()].map((scoped) => {
        const { name, version, attributes } = scoped[0]!.instrumentation_scope;
        return { scope: { ...(name ? { name } : {}), ...(version ? { version } : {}), attributes: attributesOf(attributes) }, spans: scoped.map(spanOf) };
      }),
    })),
  };
}
