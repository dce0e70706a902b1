// A trace without its attributes: one row per span, a column per field, the rows in order of start. Everything that
// is drawn, searched and folded is worked out from these columns; attributes are fetched when a span is opened.

import type { Moment } from "../base/time";

/** Values of the `parent` column that are not rows. */
export const noParent = -1;

export const spanKinds = ["unspecified", "internal", "server", "client", "producer", "consumer"] as const;
export type SpanKind = (typeof spanKinds)[number];

export const enum SpanFlag {
  error = 1,
  /** Not a span that was received: it stands for the parents that others name. */
  provisional = 2,
  /** It names a parent that was not received. */
  orphan = 4,
}

export interface TraceOutline {
  traceId: string;
  /** The earliest start; the `start` column counts from here. */
  origin: Moment;
  rows: number;
  spanId: BigUint64Array;
  /** Row of the parent, or `noParent`. */
  parent: Int32Array;
  /** Nanoseconds after the origin. */
  start: Float64Array;
  /** Nanoseconds. */
  duration: Float64Array;
  /** Index into `services`. */
  service: Uint32Array;
  /** Index into `names`. */
  name: Uint32Array;
  /** Index into `spanKinds`. */
  kind: Uint8Array;
  flags: Uint8Array;
  services: string[];
  names: string[];
  eventCount: Uint16Array;
  linkCount: Uint16Array;
  logCount: Uint16Array;
  events: EventColumns;
  logs: MarkColumns;
}

/** What stands on a bar: the marks of a row together, each row's in order of time. */
export interface MarkColumns {
  row: Uint32Array;
  /** Nanoseconds after the trace's origin. */
  at: Float64Array;
}

export interface EventColumns extends MarkColumns {
  exception: Uint8Array;
}

export const endOf = (outline: TraceOutline, row: number): number => outline.start[row] + outline.duration[row];
export const isError = (outline: TraceOutline, row: number): boolean => (outline.flags[row] & SpanFlag.error) !== 0;
export const isProvisional = (outline: TraceOutline, row: number): boolean =>
  (outline.flags[row] & SpanFlag.provisional) !== 0;

export const spanIdText = (id: bigint): string => id.toString(16).padStart(16, "0");

/** The row of a span, by its 16 hex digits. */
export function rowOfSpan(outline: TraceOutline, hex: string): number | undefined {
  if (!/^[0-9a-f]{16}$/i.test(hex)) return undefined;
  const row = outline.spanId.indexOf(BigInt(`0x${hex}`));
  return row < 0 ? undefined : row;
}

/** The buffers to hand over, rather than copy, when columns go from a worker to the page; several may share one. */
export function buffersOf(...tables: object[]): ArrayBuffer[] {
  const columns = tables.flatMap((table) => Object.values(table) as unknown[]);
  return [...new Set(columns.flatMap((column) => (ArrayBuffer.isView(column) ? [column.buffer as ArrayBuffer] : [])))];
}
