// The ids of traces and spans: 16 and 8 bytes, written by people in many ways.

declare const traceIdBrand: unique symbol;
declare const spanIdBrand: unique symbol;

/** 32 lower-case hex digits. */
export type TraceId = string & { readonly [traceIdBrand]: true };
/** 16 lower-case hex digits. */
export type SpanId = string & { readonly [spanIdBrand]: true };

/** For text that the server sent as an id. */
export const traceId = (hex: string): TraceId => hex.toLowerCase().padStart(32, "0") as TraceId;
export const spanId = (hex: string): SpanId => hex.toLowerCase().padStart(16, "0") as SpanId;

export interface ParsedReference {
  traceId: TraceId;
  spanId?: SpanId;
}

/**
 * Finds a trace id in whatever was pasted: 32 or 16 hex digits in either case, with dashes as in a UUID, X-Ray's
 * 1-5759e988-…, base64 of 16 bytes, a traceparent, the address of a trace page, or a log line with any of these.
 */
export function parseReference(text: string): ParsedReference | undefined {
  const trimmed = text.trim();
  const traceparent = /\b[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}\b/i.exec(trimmed);
  if (traceparent) return usable({ traceId: traceId(traceparent[1]!), spanId: spanId(traceparent[2]!) });
  const xray = /\b1-([0-9a-f]{8})-([0-9a-f]{24})\b/i.exec(trimmed);
  if (xray) return usable({ traceId: traceId(xray[1]! + xray[2]!) });
  const uuid = /\b([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})\b/i.exec(trimmed);
  if (uuid) return usable({ traceId: traceId(uuid.slice(1).join("")) });
  const hex = /(?<![0-9a-z])[0-9a-f]{32}(?![0-9a-z])/i.exec(trimmed);
  if (hex) return usable({ traceId: traceId(hex[0]) });
  const base64 = /^[A-Za-z0-9+/_-]{22}(==)?$/.exec(trimmed);
  if (base64) return usable({ traceId: traceId(hexOfBase64(trimmed)) });
  const short = /(?<![0-9a-z])[0-9a-f]{16}(?![0-9a-z])/i.exec(trimmed);
  if (short) return usable({ traceId: traceId(short[0]) });
  return undefined;
}

const usable = (reference: ParsedReference): ParsedReference | undefined =>
  /^0+$/.test(reference.traceId) ? undefined : reference;

function hexOfBase64(text: string): string {
  const bytes = atob(text.replace(/-/g, "+").replace(/_/g, "/").replace(/=+$/, ""));
  return Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, "0")).join("");
}

/** The same id as X-Ray writes it. */
export const asXrayId = (id: TraceId): string => `1-${id.slice(0, 8)}-${id.slice(8)}`;
