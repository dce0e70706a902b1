// How response times are distributed, on a logarithmic axis, and the part of them that is selected.

import { significant } from "../base/numbers";
import { milliseconds, nanoseconds, parseDuration, type Nanoseconds } from "../base/time";

export interface ResponseTimes {
  /** One more than counts; each bucket begins at its edge and ends before the next. */
  edges: Nanoseconds[];
  counts: number[];
}

/** Three significant digits tell edges apart: 20 buckets for a factor of ten. */
const bucketsPerDecade = 20;
const least = 1e3;

const bucketOf = (time: number): number => Math.floor(Math.log10(Math.max(time, least)) * bucketsPerDecade + 1e-9);
const edgeOf = (bucket: number): Nanoseconds => nanoseconds(10 ** (bucket / bucketsPerDecade));

export function responseTimes(times: readonly Nanoseconds[]): ResponseTimes {
  if (times.length === 0) return { edges: [], counts: [] };
  const buckets = times.map(bucketOf);
  // Some room at both sides, so that a single value too is something to point at.
  const first = Math.min(...buckets) - 2;
  const last = Math.max(...buckets) + 2;
  const counts = Array.from({ length: last - first + 1 }, () => 0);
  for (const bucket of buckets) counts[bucket - first]! += 1;
  return { edges: Array.from({ length: counts.length + 1 }, (_, index) => edgeOf(first + index)), counts };
}

export interface Selection {
  /** Included. */
  min?: Nanoseconds | undefined;
  /** Not included. */
  max?: Nanoseconds | undefined;
}

export const isSelected = (time: Nanoseconds, { min, max }: Selection): boolean => (min === undefined || time >= min) && (max === undefined || time < max);

export const selectionOf = (params: Readonly<Record<string, string>>): Selection => ({
  min: params.min ? parseDuration(params.min) : undefined,
  max: params.max ? parseDuration(params.max) : undefined,
});

/** As it stands in the address: "125ms". */
export const edgeText = (edge: Nanoseconds): string => `${significant(edge / milliseconds(1))}ms`;

/** The parameters that select the buckets between two, in either order. */
export function selectBuckets({ edges, counts }: ResponseTimes, one: number, other: number): { min: string | undefined; max: string | undefined } {
  const bounded = (bucket: number): number => Math.max(0, Math.min(counts.length - 1, bucket));
  const first = bounded(Math.min(one, other));
  const last = bounded(Math.max(one, other));
  return { min: edgeText(edges[first]!), max: edgeText(edges[last + 1]!) };
}

/** Where a time stands between the first and the last edge: 0 to 1. */
export function placeOfTime({ edges }: ResponseTimes, time: Nanoseconds): number {
  const [low, high] = [edges[0]!, edges.at(-1)!];
  return Math.max(0, Math.min(1, Math.log(Math.max(time, 1) / low) / Math.log(high / low)));
}

const factorsOf = (decades: number): number[] => (decades > 4 ? [1] : decades > 1 ? [1, 2, 5] : [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8]);

/** Round times to write below: the fewer powers of ten there are, the more of each. */
export function timeTicks({ edges }: ResponseTimes): Nanoseconds[] {
  if (edges.length === 0) return [];
  const [low, high] = [edges[0]!, edges.at(-1)!];
  const decades = Math.log10(high / low);
  const ticks: Nanoseconds[] = [];
  for (let power = 10 ** Math.floor(Math.log10(low)); power <= high; power *= 10) {
    for (const factor of factorsOf(decades)) if (power * factor >= low && power * factor <= high) ticks.push(nanoseconds(power * factor));
  }
  return ticks;
}
