import assert from "node:assert/strict";
import { test } from "node:test";
import { clockTicks, linearScale, logScale, scaleFromZero } from "./scale";

test("axes from zero end on a round number", () => {
  for (const [high, ticks] of [
    [97, [0, 25, 50, 75, 100]],
    [4, [0, 1, 2, 3, 4]],
    [0, undefined],
  ] as const) {
    const scale = scaleFromZero(high, 4);
    if (ticks) assert.deepEqual(scale.ticks, ticks);
    assert.equal(scale.place(0), 0);
    assert.ok(Number.isFinite(scale.place(1)));
  }
});

test("a flat range still has a scale", () => {
  assert.ok(Number.isFinite(linearScale(5, 5, 4).place(5)));
});

test("logarithmic places", () => {
  const scale = logScale(1, 1000);
  assert.equal(scale.place(1), 0);
  assert.equal(scale.place(1000), 1);
  assert.ok(Math.abs(scale.place(10) - 1 / 3) < 1e-12);
  assert.equal(scale.place(0), 0);
});

test("time ticks fall on the clock of the reader", () => {
  const origin = Date.UTC(2026, 2, 1, 12, 0, 30);
  const { step, at } = clockTicks(origin, 3600e9, 8, -60);
  assert.equal(step, 600e9);
  for (const tick of at) assert.equal((origin + tick / 1e6) % 600_000, 0);
});
