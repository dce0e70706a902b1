import assert from "node:assert/strict";
import { test } from "node:test";
import { nanoseconds } from "../../base/time";
import { contentHeight, indexAtY, indentOf, rowHeight, rowsInSight, rulerHeight, scrollScale, timeOfX, xOfTime, type WaterfallView } from "./waterfall_geometry";

const view: WaterfallView = { width: 1000, height: 528, nameWidth: 300, top: 240, window: { from: nanoseconds(0), to: nanoseconds(1000) } };

test("time and place are each other's inverse", () => {
  for (const offset of [0, 1, 333.3, 1000]) assert.ok(Math.abs(timeOfX(view, xOfTime(view, offset)) - offset) < 1e-9);
});

test("rows under the pointer", () => {
  assert.equal(indexAtY(view, rulerHeight - 1, 100), undefined);
  assert.equal(indexAtY(view, rulerHeight, 100), 10);
  assert.equal(indexAtY(view, rulerHeight + rowHeight, 100), 11);
  assert.equal(indexAtY(view, rulerHeight + rowHeight, 5), undefined);
  assert.deepEqual(rowsInSight(view, 100), { first: 10, last: 31 });
  assert.deepEqual(rowsInSight(view, 12), { first: 10, last: 12 });
});

test("a million rows can be scrolled to the end", () => {
  const rows = 1_000_000;
  const scale = scrollScale(rows, 528);
  const bottom = (contentHeight(rows) - 528) * scale;
  assert.ok(bottom + 528 >= rulerHeight + rows * rowHeight);
  assert.equal(scrollScale(100, 528), 1);
});

test("deep trees keep room for names", () => {
  assert.equal(indentOf(view, 5), 13);
  assert.ok(indentOf(view, 40) * 40 <= 140);
});
