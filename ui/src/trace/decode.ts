// Makes an outline from columns of plain numbers, as the API writes them in JSON and as files are read: typed columns instead of arrays, rings of parents cut open, and a
// provisional span in the place of the parents that were named but never came.

import { moment } from "../base/time";
import { noParent, SpanFlag, type EventColumns, type TraceOutline } from "./outline";

/** The answer of /clew/v1/traces/{trace_id}. */
export interface OutlineAnswer {
  trace_id: string;
  start_ns: string;
  duration_ns: number;
  spans: number;
  errors: number;
  logs: number;
  partial?: boolean;
  partial_reason?: string;
  services: string[];
  names: string[];
  columns: {
    span_id: string[];
    parent: number[];
    orphan: number[];
    start_offset_ns: number[];
    duration_ns: number[];
    service: number[];
    name: number[];
    kind: number[];
    status: number[];
    error: number[];
    event_count: number[];
    link_count: number[];
  };
  events: { span: number[]; offset_ns: number[]; exception: number[] };
}

export const provisionalName = "parent not received";
export const namelessService = "no service.name";

export const namelessSpan = "(no name)";

export function decodeOutline(answer: OutlineAnswer): TraceOutline {
  const { columns } = answer;
  const rows = columns.span_id.length;
  const spanId = new BigUint64Array(rows);
  const flags = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    spanId[row] = BigInt(`0x${columns.span_id[row]}`);
    flags[row] = (columns.error[row] ? SpanFlag.error : 0) | (columns.orphan[row] ? SpanFlag.orphan : 0);
  }
  return soundOutline({
    traceId: answer.trace_id,
    origin: moment(answer.start_ns),
    rows,
    spanId,
    parent: Int32Array.from(columns.parent, (row) => (row >= 0 && row < rows ? row : noParent)),
    start: Float64Array.from(columns.start_offset_ns),
    duration: Float64Array.from(columns.duration_ns),
    service: Uint32Array.from(columns.service),
    name: Uint32Array.from(columns.name),
    kind: Uint8Array.from(columns.kind),
    flags,
    services: answer.services.map((service) => service || namelessService),
    names: answer.names.map((name) => name || namelessSpan),
    eventCount: Uint16Array.from(columns.event_count),
    linkCount: Uint16Array.from(columns.link_count),
    logCount: new Uint16Array(rows),
    events: eventsByRow(answer.events),
    logs: { row: new Uint32Array(0), at: new Float64Array(0) },
  });
}

/** Cuts rings of parents open and gives orphans a provisional parent. */
export function soundOutline(outline: TraceOutline): TraceOutline {
  cutCycles(outline.parent);
  return outline.flags.some((flags) => flags & SpanFlag.orphan) ? withProvisionalParent(outline) : outline;
}

/** The answer has them by time; drawing wants those of a row together. */
function eventsByRow({ span, offset_ns, exception }: OutlineAnswer["events"]): EventColumns {
  const order = Array.from(span.keys()).sort((left, right) => span[left]! - span[right]! || left - right);
  return {
    row: Uint32Array.from(order, (at) => span[at]!),
    at: Float64Array.from(order, (at) => offset_ns[at]!),
    exception: Uint8Array.from(order, (at) => exception[at]!),
  };
}

/** Spans that are each other's parents hang on nothing: the earliest of each ring becomes a root. */
function cutCycles(parent: Int32Array): void {
  const seenFrom = new Int32Array(parent.length).fill(-1);
  for (let row = 0; row < parent.length; row++) {
    let at = row;
    while (at !== noParent && seenFrom[at] < 0) {
      seenFrom[at] = row;
      at = parent[at];
    }
    if (at !== noParent && seenFrom[at] === row) {
      let earliest = at;
      for (let next = parent[at]; next !== at; next = parent[next]) earliest = Math.min(earliest, next);
      parent[earliest] = noParent;
    }
  }
}

/** One row more, just before the first orphan, as long as all orphans together. */
function withProvisionalParent(outline: TraceOutline): TraceOutline {
  const isOrphan = (flag: number): boolean => (flag & SpanFlag.orphan) !== 0;
  const at = outline.flags.findIndex(isOrphan);
  let end = outline.start[at];
  for (let row = at; row < outline.rows; row++) {
    if (isOrphan(outline.flags[row])) end = Math.max(end, outline.start[row] + outline.duration[row]);
  }
  const result: TraceOutline = {
    ...outline,
    rows: outline.rows + 1,
    spanId: inserted(outline.spanId, at, 0n),
    parent: inserted(outline.parent, at, noParent).map((parent) => (parent >= at ? parent + 1 : parent)),
    start: inserted(outline.start, at, outline.start[at]),
    duration: inserted(outline.duration, at, end - outline.start[at]),
    service: inserted(outline.service, at, outline.service[at]),
    name: inserted(outline.name, at, outline.names.length),
    kind: inserted(outline.kind, at, 0),
    flags: inserted(outline.flags, at, SpanFlag.provisional),
    eventCount: inserted(outline.eventCount, at, 0),
    linkCount: inserted(outline.linkCount, at, 0),
    logCount: inserted(outline.logCount, at, 0),
    names: [...outline.names, provisionalName],
    events: { ...outline.events, row: outline.events.row.map((row) => (row >= at ? row + 1 : row)) },
    logs: { ...outline.logs, row: outline.logs.row.map((row) => (row >= at ? row + 1 : row)) },
  };
  for (let row = at + 1; row < result.rows; row++) if (isOrphan(result.flags[row])) result.parent[row] = at;
  return result;
}

type Column = BigUint64Array | Int32Array | Float64Array | Uint16Array | Uint32Array | Uint8Array;

function inserted<T extends Column>(column: T, at: number, value: number | bigint): T {
  const longer = new (column.constructor as new (length: number) => T)(column.length + 1);
  longer.set(column.subarray(0, at) as never);
  longer.set(column.subarray(at) as never, at + 1);
  (longer as { [index: number]: number | bigint })[at] = value;
  return longer;
}
