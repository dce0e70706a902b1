import assert from "node:assert/strict";
import { test } from "node:test";
import { describeRange, isTimeText, rangeOf, widerThan } from "./time_range";

test("ranges are told in words", () => {
  for (const [from, to, text] of [
    ["now-1h", "now", "in the last hour"],
    ["now-15m", "now", "in the last 15 minutes"],
    ["now-3h", "now", "in the last 3 hours"],
    ["now-1w", "now", "in the last 1 week"],
    ["2026-03-01T12:00:00Z", "now", "since 2026-03-01T12:00:00Z"],
    ["now-2h", "now-1h", "from now-2h to now-1h"],
  ] as const) {
    assert.equal(describeRange({ from, to }), text);
  }
});

test("the range is the last hour unless the address says otherwise", () => {
  assert.deepEqual(rangeOf({}), { from: "now-1h", to: "now" });
  assert.deepEqual(rangeOf({ from: "now-6h" }), { from: "now-6h", to: "now" });
});

test("times that can be asked for", () => {
  for (const good of ["now", "now-15m", "-1h", "2026-03-01", "2026-03-01 12:00", "2026-03-01T12:00:00.5Z", "1770000000"]) assert.ok(isTimeText(good), good);
  for (const bad of ["", "yesterday", "now+", "12:00"]) assert.ok(!isTimeText(bad), bad);
});

test("an empty list offers a wider range, as long as there is one", () => {
  assert.deepEqual(widerThan({ from: "now-1h", to: "now" }), { from: "now-24h", to: "now" });
  assert.equal(widerThan({ from: "now-30d", to: "now" }), undefined);
  assert.equal(widerThan({ from: "now-2h", to: "now-1h" }), undefined);
});
