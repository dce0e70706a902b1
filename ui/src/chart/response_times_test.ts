import assert from "node:assert/strict";
import { test } from "node:test";
import { milliseconds, nanoseconds, seconds } from "../base/time";
import { edgeText, isSelected, placeOfTime, responseTimes, selectBuckets, selectionOf, timeTicks } from "./response_times";

const times = [10, 10.1, 12, 500].map(milliseconds);
const distribution = responseTimes(times);

test("every time is counted, in the bucket between whose edges it lies", () => {
  assert.equal(distribution.counts.reduce((sum, count) => sum + count, 0), 4);
  distribution.counts.forEach((count, bucket) => {
    const within = times.filter((time) => time >= distribution.edges[bucket]! * (1 - 1e-9) && time < distribution.edges[bucket + 1]! * (1 - 1e-9));
    assert.equal(within.length, count);
  });
});

test("no time at all, and none that took no time", () => {
  assert.deepEqual(responseTimes([]), { edges: [], counts: [] });
  assert.deepEqual(timeTicks(responseTimes([])), []);
  assert.equal(responseTimes([nanoseconds(0)]).counts.reduce((sum, count) => sum + count, 0), 1);
});

test("what was brushed comes back from the address with the same times in it", () => {
  const bucket = distribution.counts.findIndex((count) => count > 0);
  const last = distribution.counts.length - 1;
  const chosen = selectionOf(selectBuckets(distribution, bucket + 2, bucket) as Record<string, string>);
  assert.deepEqual(times.filter((time) => isSelected(time, chosen)).map((time) => time / 1e6), [10, 10.1, 12]);
  const rest = selectionOf(selectBuckets(distribution, bucket + 3, last + 9) as Record<string, string>);
  assert.deepEqual(times.filter((time) => isSelected(time, rest)).map((time) => time / 1e6), [500]);
  assert.ok(isSelected(seconds(1), selectionOf({})));
});

test("edges as they are written", () => {
  assert.equal(edgeText(milliseconds(125.3)), "125ms");
  assert.equal(edgeText(nanoseconds(1584)), "0.00158ms");
});

test("places and ticks", () => {
  assert.equal(placeOfTime(distribution, distribution.edges[0]!), 0);
  assert.equal(placeOfTime(distribution, seconds(999)), 1);
  assert.deepEqual(timeTicks(distribution).map((tick) => tick / 1e6), [10, 20, 50, 100, 200, 500]);
  assert.deepEqual(timeTicks(responseTimes([90, 130].map(milliseconds))).map((tick) => tick / 1e6), [80, 100, 120, 150]);
});
