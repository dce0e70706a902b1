import assert from "node:assert/strict";
import { test } from "node:test";
import type { BubbleUpColumn } from "../api/bubble_up";
import { barsOf, isFinding, spansOf } from "./difference";

const column: BubbleUpColumn = {
  column: "http.route",
  type: "dimension",
  score: 0.8,
  confidence: 1,
  selects: false,
  values: [
    { value: "/pay", selected: 45, rest: 10, part: 0.8 },
    { value: null, selected: 5, rest: 990, part: -0.8 },
  ],
  values_in_all: 2,
  beside: { selected: 0, rest: 0 },
};
const sides = { selected: 50, rest: 1000 };

test("values in shares of their own side", () => {
  assert.deepEqual(barsOf(column, sides, 5), [
    { value: "/pay", text: "/pay", selectedShare: 0.9, restShare: 0.01 },
    { value: null, text: "(none)", selectedShare: 0.1, restShare: 0.99 },
  ]);
  assert.equal(barsOf(column, sides, 1).length, 1);
  assert.equal(barsOf(column, { selected: 0, rest: 0 }, 1)[0]!.selectedShare, 0);
});

test("bars of a measure fill the axis, as high as they are dense", () => {
  const measure: BubbleUpColumn = { ...column, type: "measure", histogram: { bounds: [1, 10, 1000], selected: [0, 50], rest: [900, 100] }, values: [] };
  const spans = spansOf(measure, sides);
  assert.deepEqual(spans.map(({ left, right }) => [left, right].map((edge) => Number(edge.toFixed(3)))), [[0, 0.333], [0.333, 1]]);
  assert.ok(Math.abs(spans[0]!.restDensity - 2.7) < 1e-9 && spans[0]!.selectedDensity === 0);
  assert.deepEqual(spansOf({ ...measure, histogram: { bounds: [7, 7], selected: [50], rest: [1] } }, sides).map(({ left, right }) => [left, right]), [[0, 1]]);
  assert.deepEqual(spansOf(column, sides), []);
});

test("what makes the selection is no finding, nor what chance explains", () => {
  assert.equal(isFinding(column), true);
  assert.equal(isFinding({ ...column, selects: true }), false);
  assert.equal(isFinding({ ...column, score: 0 }), false);
});
