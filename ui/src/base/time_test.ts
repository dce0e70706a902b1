import assert from "node:assert/strict";
import { test } from "node:test";
import { after, between, describeMoment, formatAgo, formatClock, formatDuration, formatMoment, formatTick, moment, nanoseconds, parseDuration, writeInUtc, zoneText } from "./time";

test("durations are written with three digits and a unit", () => {
  for (const [length, text] of [
    [0, "0 ns"],
    [7, "7 ns"],
    [999, "999 ns"],
    [1_000, "1.00 µs"],
    [1_240_000, "1.24 ms"],
    [12_400_000, "12.4 ms"],
    [999_400_000, "999 ms"],
    [999_600_000, "1.00 s"],
    [59_990_000_000, "1.00 min"],
    [90_000_000_000, "1.50 min"],
    [5_400_000_000_000, "1.50 h"],
    [-1_500, "−1.50 µs"],
  ] as const) {
    assert.equal(formatDuration(nanoseconds(length)), text, String(length));
  }
});

test("ticks show as many digits as their distance needs", () => {
  for (const [offset, step, text] of [
    [0, 1e6, "0"],
    [5e6, 1e6, "5 ms"],
    [1.5e9, 0.5e9, "1.5 s"],
    [1_000_200, 200, "1.0002 ms"],
    [2e9, 0.5e9, "2 s"],
  ] as const) {
    assert.equal(formatTick(nanoseconds(offset), nanoseconds(step)), text);
  }
});

test("durations are read as people write them", () => {
  for (const [text, length] of [
    ["250ms", 250e6],
    ["1.5 s", 1.5e9],
    ["80us", 80e3],
    ["80 µs", 80e3],
    ["2m", 120e9],
    ["100", 100e6],
    [".5s", 0.5e9],
    ["", undefined],
    ["fast", undefined],
    ["-3ms", undefined],
  ] as const) {
    assert.equal(parseDuration(text), length, text);
  }
});

test("moments keep every nanosecond", () => {
  const start = moment("1770000000123456789");
  assert.equal(between(start, after(start, nanoseconds(1))), 1);
  assert.equal(formatClock(start, "nanoseconds").slice(-9), "123456789");
});

test("ages are told in whole units", () => {
  const reference = moment("1770000000000000000");
  for (const [age, text] of [
    [0, "now"],
    [5e9, "5 s ago"],
    [65e9, "1 min ago"],
    [7200e9, "2 h ago"],
    [-90e9, "in 1 min"],
  ] as const) {
    assert.equal(formatAgo(after(reference, nanoseconds(-age)), reference), text);
  }
});

test("times are written in the zone that was chosen", () => {
  const at = moment("1772366400000000000"); // 2026-03-01T12:00:00Z
  writeInUtc(true);
  assert.equal(formatMoment(at), "2026-03-01 12:00:00.000");
  assert.equal(describeMoment(at), "2026-03-01 12:00:00.000000000 UTC (1772366400000000000 ns)");
  writeInUtc(false);
  const date = new Date(1772366400000);
  assert.equal(formatClock(at, "none"), [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":"));
});

test("zones have names", () => {
  assert.deepEqual([0, -120, 210].map(zoneText), ["UTC", "UTC+02:00", "UTC−03:30"]);
});
