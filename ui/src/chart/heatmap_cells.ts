// A heat map as a grid of counts, steps of time by buckets of values, and where values and moments stand in it.

import type { AnswerHeatmap } from "../api/answers";
import { shadeOf, type DensityRamp } from "./density_ramp";

export interface HeatmapCells {
  steps: number;
  buckets: number;
  /** Step by step, lowest bucket first. */
  counts: Float64Array;
  /** One more than buckets, ascending. */
  bounds: readonly number[];
  isLogarithmic: boolean;
  /** Of any one cell. */
  most: number;
}

/** A box of cells; the ends are left out. */
export interface CellBox {
  firstStep: number;
  endStep: number;
  firstBucket: number;
  endBucket: number;
}

/** Between which buckets anything is. */
function usedBuckets({ counts, bounds }: AnswerHeatmap): { low: number; high: number } {
  let low = Math.max(0, bounds.length - 1);
  let high = 0;
  for (const step of counts) {
    step.forEach((count, bucket) => {
      if (count > 0) {
        low = Math.min(low, bucket);
        high = Math.max(high, bucket + 1);
      }
    });
  }
  return { low, high };
}

/**
 * Buckets that nothing is in, above and below all others, are left out. Beside `whole`, of which it is a part, it keeps
 * the same ones, so that what stands at one height is the same value in both.
 */
export function cellsOf(heatmap: AnswerHeatmap, isLogarithmic: boolean, whole?: AnswerHeatmap): HeatmapCells {
  const { counts, bounds } = heatmap;
  const isAlike = whole !== undefined && whole.bounds.length === bounds.length && whole.bounds.every((bound, index) => bound === bounds[index]);
  const { low, high } = usedBuckets(isAlike ? whole : heatmap);
  if (low >= high) return { steps: counts.length, buckets: 0, counts: new Float64Array(), bounds: [], isLogarithmic, most: 0 };
  const buckets = high - low;
  const cells = new Float64Array(counts.length * buckets);
  let most = 0;
  counts.forEach((step, index) => {
    for (let bucket = 0; bucket < buckets; bucket++) {
      const count = step[low + bucket] ?? 0;
      cells[index * buckets + bucket] = count;
      most = Math.max(most, count);
    }
  });
  return { steps: counts.length, buckets, counts: cells, bounds: bounds.slice(low, high + 1), isLogarithmic, most };
}

export const countAt = (cells: HeatmapCells, step: number, bucket: number): number => cells.counts[step * cells.buckets + bucket] ?? 0;

/** 0 at the lowest bound, 1 at the highest. */
export function placeOfValue({ bounds, isLogarithmic }: HeatmapCells, value: number): number {
  const low = bounds[0]!;
  const high = bounds.at(-1)!;
  if (!(high > low)) return 0;
  if (isLogarithmic) return Math.log(value / low) / Math.log(high / low);
  return (value - low) / (high - low);
}

/** The box between two cells, whichever of them is first. */
export function boxBetween(cells: HeatmapCells, one: { step: number; bucket: number }, other: { step: number; bucket: number }): CellBox {
  const bounded = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));
  const [fromStep, toStep] = [bounded(one.step, cells.steps), bounded(other.step, cells.steps)].sort((left, right) => left - right) as [number, number];
  const [fromBucket, toBucket] = [bounded(one.bucket, cells.buckets), bounded(other.bucket, cells.buckets)].sort((left, right) => left - right) as [number, number];
  return { firstStep: fromStep, endStep: toStep + 1, firstBucket: fromBucket, endBucket: toBucket + 1 };
}

export function countIn(cells: HeatmapCells, box: CellBox): number {
  let sum = 0;
  for (let step = box.firstStep; step < box.endStep; step++) {
    for (let bucket = box.firstBucket; bucket < box.endBucket; bucket++) sum += countAt(cells, step, bucket);
  }
  return sum;
}

/** RGBA bytes of a picture of the cells, on a transparent ground; where there is room, cells stand apart by a pixel. */
export function rasterHeatmap(cells: HeatmapCells, width: number, height: number, ramp: DensityRamp, selected?: CellBox): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(width * height * 4);
  // Whole pixels at once; every browser's machine has the lowest byte first.
  const words = new Uint32Array(pixels.buffer);
  const { steps, buckets, most } = cells;
  const gapX = width / steps >= 4 ? 1 : 0;
  const gapY = height / buckets >= 4 ? 1 : 0;
  const isIn = (step: number, bucket: number): boolean =>
    selected !== undefined && step >= selected.firstStep && step < selected.endStep && bucket >= selected.firstBucket && bucket < selected.endBucket;
  // All lines of a bucket are alike: one is drawn, the others are its copies.
  for (let bucket = 0; bucket < buckets; bucket++) {
    const bottom = height - Math.floor((bucket * height) / buckets);
    const top = Math.max(0, Math.min(bottom - 1, height - Math.floor(((bucket + 1) * height) / buckets) + gapY));
    const line = top * width;
    for (let step = 0; step < steps; step++) {
      const count = countAt(cells, step, bucket);
      if (!(count > 0)) continue;
      const left = Math.floor((step * width) / steps);
      const right = Math.min(width, Math.max(left + 1, Math.floor(((step + 1) * width) / steps) - gapX));
      const { red, green, blue } = (isIn(step, bucket) ? ramp.selected : ramp.colours)[shadeOf(count, most)]!;
      words.fill(((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0, line + left, line + right);
    }
    for (let y = top + 1; y < bottom; y++) words.copyWithin(y * width, line, line + width);
  }
  return pixels;
}

export interface StepFigures {
  count: number;
  lowest: number;
  /** The upper edges of the buckets that hold them. */
  median: number;
  p95: number;
  highest: number;
}

/** What a step holds, for those who cannot see the picture; nothing where it is empty. */
export function figuresOfStep(cells: HeatmapCells, step: number): StepFigures | undefined {
  let count = 0;
  for (let bucket = 0; bucket < cells.buckets; bucket++) count += countAt(cells, step, bucket);
  if (count === 0) return undefined;
  const edgeAt = (share: number): number => {
    let sum = 0;
    for (let bucket = 0; bucket < cells.buckets; bucket++) {
      sum += countAt(cells, step, bucket);
      if (sum >= share * count) return cells.bounds[bucket + 1]!;
    }
    return cells.bounds.at(-1)!;
  };
  let first = 0;
  while (countAt(cells, step, first) === 0) first += 1;
  return { count, lowest: cells.bounds[first]!, median: edgeAt(0.5), p95: edgeAt(0.95), highest: edgeAt(1) };
}
