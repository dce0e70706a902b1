// Exemplars of data points: single measurements that name the trace they were made in. They come in the protobuf that the
// store keeps of a point.

import type { Value } from "../api/answers";
import { bytesOfBase64, fieldsOf, hexOf } from "./protobuf";

export interface Exemplar {
  time: bigint;
  value: number;
  traceId: string;
  spanId: string | undefined;
}

/** Field of the exemplars in a point of each kind. */
const exemplarsField: Readonly<Record<string, number>> = { gauge: 5, sum: 5, histogram: 8, exponential_histogram: 11 };
const field = { time: 2, asDouble: 3, spanId: 4, traceId: 5, asInt: 6 } as const;

/** Those that name a trace; a point that cannot be read has none. */
export function exemplarsOf(point: Value, kind: string | null): Exemplar[] {
  const wanted = exemplarsField[kind ?? ""];
  if (typeof point !== "string" || wanted === undefined) return [];
  try {
    return [...fieldsOf(bytesOfBase64(point))].flatMap(({ number, bytes }) => (number === wanted && bytes ? (exemplarIn(bytes) ?? []) : []));
  } catch {
    return [];
  }
}

function exemplarIn(bytes: Uint8Array): Exemplar | undefined {
  let time = 0n;
  let value = 0;
  let traceId: string | undefined;
  let spanId: string | undefined;
  for (const { number, fixed, bytes: inside } of fieldsOf(bytes)) {
    if (number === field.time && fixed) time = fixed.getBigUint64(0, true);
    else if (number === field.asDouble && fixed) value = fixed.getFloat64(0, true);
    else if (number === field.asInt && fixed) value = Number(fixed.getBigInt64(0, true));
    else if (number === field.traceId && inside?.length === 16) traceId = hexOf(inside);
    else if (number === field.spanId && inside?.length === 8) spanId = hexOf(inside);
  }
  return traceId === undefined || /^0+$/.test(traceId) ? undefined : { time, value, traceId, spanId };
}
