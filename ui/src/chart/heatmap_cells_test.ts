import assert from "node:assert/strict";
import { test } from "node:test";
import { densityRamp } from "./density_ramp";
import { boxBetween, cellsOf, countAt, countIn, figuresOfStep, placeOfValue, rasterHeatmap } from "./heatmap_cells";

const heatmap = { row: -1, column: 0, bounds: [0.1, 1, 10, 100, 1000, 10000], counts: [[0, 3, 0, 1, 0], [], [0, 0, 8, 0, 0]] };

test("empty buckets at either end are left out", () => {
  const cells = cellsOf(heatmap, true);
  assert.deepEqual([cells.steps, cells.buckets, cells.most], [3, 3, 8]);
  assert.deepEqual(cells.bounds, [1, 10, 100, 1000]);
  assert.deepEqual([countAt(cells, 0, 0), countAt(cells, 0, 2), countAt(cells, 1, 0), countAt(cells, 2, 1)], [3, 1, 0, 8]);
  assert.deepEqual(cellsOf({ ...heatmap, counts: [[], []] }, true).buckets, 0);
});

test("values stand where their logarithm is, or where they are", () => {
  const cells = cellsOf(heatmap, true);
  assert.ok(Math.abs(placeOfValue(cells, 10) - 1 / 3) < 1e-9);
  assert.equal(placeOfValue({ ...cells, isLogarithmic: false, bounds: [0, 50, 100] }, 25), 0.25);
});

test("a box reaches from one cell to the other, and stays inside", () => {
  const cells = cellsOf(heatmap, true);
  assert.deepEqual(boxBetween(cells, { step: 2, bucket: 0 }, { step: -4, bucket: 9 }), { firstStep: 0, endStep: 3, firstBucket: 0, endBucket: 3 });
  assert.equal(countIn(cells, boxBetween(cells, { step: 0, bucket: 1 }, { step: 2, bucket: 2 })), 9);
});

test("cells are drawn where they are, low values at the bottom, selected ones in the other ramp", () => {
  const cells = cellsOf(heatmap, true);
  const ramp = densityRamp(false);
  const pixels = rasterHeatmap(cells, 3, 3, ramp, { firstStep: 2, endStep: 3, firstBucket: 1, endBucket: 2 });
  const at = (x: number, y: number): number[] => [...pixels.subarray((y * 3 + x) * 4, (y * 3 + x) * 4 + 4)];
  assert.equal(at(0, 2)[3], 255, "the three of the first step, at the bottom");
  assert.equal(at(0, 0)[3], 255, "the one above");
  assert.deepEqual(at(1, 1), [0, 0, 0, 0]);
  const { red, green, blue } = ramp.selected.at(-1)!;
  assert.deepEqual(at(2, 1), [red, green, blue, 255]);
});

test("a step in figures", () => {
  const cells = cellsOf(heatmap, true);
  assert.deepEqual(figuresOfStep(cells, 0), { count: 4, lowest: 1, median: 10, p95: 1000, highest: 1000 });
  assert.equal(figuresOfStep(cells, 1), undefined);
});

test("a part beside the whole keeps its buckets", () => {
  const bounds = [0, 1, 2, 3, 4];
  const whole = { row: -1, column: 0, bounds, counts: [[0, 3, 0, 2]] };
  const part = { row: 0, column: 0, bounds, counts: [[0, 0, 0, 2]] };
  assert.deepEqual([cellsOf(part, false).bounds, cellsOf(part, false, whole).bounds], [[3, 4], [1, 2, 3, 4]]);
  assert.deepEqual(cellsOf({ ...part, bounds: [0, 2, 4, 6, 8] }, false, whole).bounds, [6, 8], "unless it was divided otherwise");
});
