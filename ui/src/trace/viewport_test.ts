import assert from "node:assert/strict";
import { test } from "node:test";
import { nanoseconds } from "../base/time";
import { clampWindow, fittedTo, isWhole, narrowest, panned, parseWindow, ticksIn, wholeWindow, widthOf, windowText, zoomed, type TimeWindow } from "./viewport";

const extent = 1_000_000;
const window = (from: number, to: number): TimeWindow => ({ from: nanoseconds(from), to: nanoseconds(to) });

test("zooming keeps what is under the pointer", () => {
  const before = window(200_000, 600_000);
  const after = zoomed(before, 0.5, 0.25, extent);
  assert.equal(after.from + widthOf(after) * 0.25, before.from + widthOf(before) * 0.25);
  assert.equal(widthOf(after), 200_000);
});

test("windows stay inside the trace and wider than the limit", () => {
  assert.deepEqual(clampWindow(window(-500, 1000), extent), window(0, 1500));
  assert.ok(isWhole(zoomed(wholeWindow(extent), 10, 0.5, extent), extent));
  assert.equal(Math.round(widthOf(zoomed(window(500, 700), 1e-9, 0.5, extent))), narrowest);
  assert.equal(panned(window(0, 1000), -1, extent).from, 0);
  assert.equal(panned(window(0, 1000), 0.5, extent).from, 500);
  assert.equal(panned(window(extent, extent * 1.02), 1, extent).to, extent * 1.02);
});

test("a trace without length still has a window", () => {
  const whole = wholeWindow(0);
  assert.ok(widthOf(whole) > 0);
  assert.ok(widthOf(zoomed(whole, 0.5, 0.5, 0)) > 0);
});

test("a span is fitted with air at both sides", () => {
  const fitted = fittedTo(100_000, 200_000, extent);
  assert.ok(fitted.from < 100_000 && fitted.to > 300_000);
});

test("windows survive the address bar", () => {
  const kept = window(12_345, 67_890);
  assert.deepEqual(parseWindow(windowText(kept), extent), kept);
  for (const damaged of ["", "x", "5-", "9-3", undefined]) assert.deepEqual(parseWindow(damaged, extent), wholeWindow(extent));
});

test("ticks fall on round numbers and are not too many", () => {
  for (const [from, to] of [[0, 1e6], [0, 733], [123_456, 234_567], [0, 4.2e9], [0, 9e12]] as const) {
    const { step, at } = ticksIn(window(from, to), 8);
    assert.ok(at.length <= 9 && at.length >= 3, `${from}-${to}: ${at.length}`);
    for (const tick of at) assert.ok(Math.abs(tick / step - Math.round(tick / step)) < 1e-6);
  }
});
