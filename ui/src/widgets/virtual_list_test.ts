import assert from "node:assert/strict";
import { test } from "node:test";
import { visibleSlice } from "./virtual_list";

test("only what is in sight exists", () => {
  const slice = visibleSlice(100_000, 20, 10_000, 400);
  assert.ok(slice.first <= 500 && slice.first > 480);
  assert.ok(slice.last >= 520 && slice.last < 540);
  assert.equal(slice.top, slice.first * 20);
});

test("short lists are whole", () => {
  assert.deepEqual(visibleSlice(3, 20, 0, 400), { first: 0, last: 3, top: 0, contentHeight: 60 });
  assert.equal(visibleSlice(0, 20, 0, 400).last, 0);
});

test("lists taller than browsers can scroll reach their last row", () => {
  const count = 5_000_000;
  const { contentHeight } = visibleSlice(count, 20, 0, 400);
  assert.equal(visibleSlice(count, 20, contentHeight - 400, 400).last, count);
  assert.equal(visibleSlice(count, 20, 0, 400).first, 0);
});
