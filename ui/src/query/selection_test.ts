import assert from "node:assert/strict";
import { test } from "node:test";
import { moment } from "../base/time";
import { cellsOf } from "../chart/heatmap_cells";
import { boxOfSelection, conditionOfSelection, selectionOf, selectionOfBox, textOfSelection } from "./selection";

const cells = cellsOf({ row: -1, column: 0, bounds: [1, 10, 100, 1000], counts: [[1, 0, 2], [0, 4, 0]] }, true);
const start = moment("1770000000000000000");

test("a selection survives the address", () => {
  for (const text of ["1770000000000000000..1770000060000000000,0.5..1e+21", "1770000000000000000..1770000060000000000,..12", "1770000000000000000..1770000060000000000,-3..", "1770000000000000000..1770000060000000000,-3..7,name = \"a,b\""]) {
    assert.equal(textOfSelection(selectionOf(text)!), text);
  }
  for (const bad of [undefined, "", "1..2", "5..4,..", "1..2,a..b", "1..2,1.2.3..4"]) assert.equal(selectionOf(bad), undefined, String(bad));
});

test("boxes become ranges and ranges boxes; the outermost buckets have no bound", () => {
  const box = { firstStep: 1, endStep: 2, firstBucket: 1, endBucket: 3 };
  const selection = selectionOfBox(cells, box, start, 60e9);
  assert.deepEqual(selection, { from: start + 60_000_000_000n, to: start + 120_000_000_000n, low: 10 });
  assert.deepEqual(boxOfSelection(cells, selection, start, 60e9), box);
  assert.equal(boxOfSelection(cells, selection, moment("1870000000000000000"), 60e9), undefined);
});

test("the values as a condition", () => {
  assert.equal(conditionOfSelection("duration_ms", { from: start, to: start, low: 10, high: 100 }), "duration_ms >= 10 AND duration_ms < 100");
  assert.equal(conditionOfSelection("queue time", { from: start, to: start, high: 2 }), "`queue time` < 2");
  assert.equal(conditionOfSelection("x", { from: start, to: start }), "");
});

test("a selection on the heat map of a group is of that group", () => {
  const selection = { from: start, to: start, low: 3, group: "service.name = cart" };
  assert.equal(conditionOfSelection("duration_ms", selection), "service.name = cart AND duration_ms >= 3");
});
