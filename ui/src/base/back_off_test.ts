import assert from "node:assert/strict";
import { test } from "node:test";
import { pauseAfter } from "./back_off";

test("each pause is twice the one before, up to a bound", () => {
  assert.deepEqual([1, 2, 3, 4, 5, 6, 7, 2000].map((failures) => pauseAfter(failures, 0)), [500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
});

test("chance makes it shorter, by a fifth at most", () => {
  assert.deepEqual([0, 0.5, 1].map((chance) => pauseAfter(2, chance)), [1000, 900, 800]);
});
