// Makes an outline from the server's columns without reading them one by one: each becomes a typed array that lies
// upon the bytes of the answer. docs/api/outline.md describes them.

import { moment } from "../base/time";
import { namelessService, namelessSpan, soundOutline } from "./decode";
import type { TraceOutline } from "./outline";

/** What comes before the columns. */
export interface OutlineHeader {
  trace_id: string;
  start_ns: string;
  spans: number;
  errors: number;
  logs: number;
  partial?: boolean;
  partial_reason?: string;
  services: string[];
  names: string[];
  columns: { name: string; type: keyof typeof arrayTypes; offset: number; rows: number }[];
}

const arrayTypes = {
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  i32: Int32Array,
  u64: BigUint64Array,
  f64: Float64Array,
} as const;

type ColumnOf<T extends keyof typeof arrayTypes> = InstanceType<(typeof arrayTypes)[T]>;

const magic = "CLWO";
const version = 1;
const fixedPart = 12;

export function decodeBinaryOutline(bytes: ArrayBuffer): { header: OutlineHeader; outline: TraceOutline } {
  const view = new DataView(bytes);
  const text = new TextDecoder();
  if (bytes.byteLength < fixedPart || text.decode(new Uint8Array(bytes, 0, 4)) !== magic) throw new Error("The answer is not an outline");
  if (view.getUint32(4, true) !== version) throw new Error(`The outline has version ${view.getUint32(4, true)}; this page reads ${version}: load it again`);
  const begin = fixedPart + view.getUint32(8, true);
  const header = JSON.parse(text.decode(new Uint8Array(bytes, fixedPart, begin - fixedPart))) as OutlineHeader;
  const column = <T extends keyof typeof arrayTypes>(name: string, type: T): ColumnOf<T> => {
    const place = header.columns.find((candidate) => candidate.name === name && candidate.type === type);
    if (!place) throw new Error(`The outline has no column ${name} of type ${type}`);
    return new arrayTypes[type](bytes, begin + place.offset, place.rows) as ColumnOf<T>;
  };
  const outline = soundOutline({
    traceId: header.trace_id,
    origin: moment(header.start_ns),
    rows: header.spans,
    spanId: column("span_id", "u64"),
    parent: column("parent", "i32"),
    start: column("start_offset_ns", "f64"),
    duration: column("duration_ns", "f64"),
    service: column("service", "u32"),
    name: column("name", "u32"),
    kind: column("kind", "u8"),
    flags: column("flags", "u8"),
    services: header.services.map((service) => service || namelessService),
    names: header.names.map((name) => name || namelessSpan),
    eventCount: column("event_count", "u16"),
    linkCount: column("link_count", "u16"),
    logCount: column("log_count", "u16"),
    events: { row: column("events.span", "u32"), at: column("events.offset_ns", "f64"), exception: column("events.exception", "u8") },
    logs: { row: column("logs.span", "u32"), at: column("logs.offset_ns", "f64") },
  });
  return { header, outline };
}
