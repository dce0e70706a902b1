import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogRecord } from "../api/answers";
import { moment } from "../base/time";
import { emptyTail, mostKept, withNewer } from "./tail";

const line = (time: number, text = `line ${time}`): LogRecord => ({ time_ns: String(time), severity: null, body: { type: "string", value: text }, service: "a", trace_id: null, span_id: null, attributes: [] });
const times = (records: readonly LogRecord[]): number[] => records.map((record) => Number(record.time_ns));

test("new lines come before those that are kept", () => {
  const tail = withNewer(withNewer(emptyTail, [line(2), line(1)], 2), [line(4), line(3), line(2)], 4);
  assert.deepEqual(times(tail.records), [4, 3, 2, 1]);
  assert.deepEqual(tail.gaps, []);
});

test("lines of the same time are told apart by what they say", () => {
  const tail = withNewer(withNewer(emptyTail, [line(2, "a")], 1), [line(2, "b"), line(2, "a")], 2);
  assert.deepEqual(tail.records.map((record) => record.body?.value), ["b", "a"]);
});

test("a late line stands where its time belongs, and a gap stays before the line it was before", () => {
  let tail = withNewer(withNewer(emptyTail, [line(3), line(1)], 2), [line(9), line(7)], 9);
  tail = withNewer(tail, [line(9), line(8, "late"), line(7), line(2, "later still")], 4);
  assert.deepEqual([times(tail.records), tail.gaps, tail.arrived], [[9, 8, 7, 3, 2, 1], [{ at: 3 }], 4]);
  const last = withNewer(withNewer(emptyTail, [line(3)], 1), [line(3), line(1, "older than all")], 2);
  assert.deepEqual(times(last.records), [3, 1]);
});

test("equal lines are as many as came", () => {
  const tail = withNewer(withNewer(emptyTail, [line(2, "a")], 1), [line(2, "a"), line(2, "a")], 2);
  assert.equal(tail.records.length, 2);
});

test("times of different lengths are compared as numbers", () => {
  const tail = withNewer(withNewer(emptyTail, [line(9)], 1), [line(10), line(9)], 2);
  assert.deepEqual(times(tail.records), [10, 9]);
});

test("when none that was fetched is known, lines went by: a gap, which stays where it is", () => {
  let tail = withNewer(withNewer(emptyTail, [line(2), line(1)], 2), [line(9), line(8)], 9);
  assert.deepEqual(tail.gaps, [{ at: 2 }]);
  tail = withNewer(tail, [line(10), line(9)], 10);
  assert.deepEqual([times(tail.records), tail.gaps], [[10, 9, 8, 2, 1], [{ at: 3 }]]);
});

test("where clew was gone there is a gap, whether or not lines came since", () => {
  const outage = { from: moment("5"), to: moment("8") };
  let tail = withNewer(emptyTail, [line(2), line(1)], 2);
  tail = withNewer(tail, [line(2), line(1)], 2, outage);
  assert.deepEqual(tail.gaps, [{ at: 0, outage }]);
  tail = withNewer(tail, [line(9), line(2)], 3);
  assert.deepEqual([times(tail.records), tail.gaps], [[9, 2, 1], [{ at: 1, outage }]]);
  const again = { from: moment("10"), to: moment("11") };
  tail = withNewer(tail, [line(12), line(9)], 4, again);
  assert.deepEqual(tail.gaps, [{ at: 1, outage: again }, { at: 2, outage }]);
});

test("nothing new changes nothing, and no more is kept than is bearable", () => {
  const tail = withNewer(emptyTail, [line(2), line(1)], 2);
  assert.equal(withNewer(tail, [line(2), line(1)], 2), tail);
  const many = Array.from({ length: mostKept }, (_, index) => line(mostKept - index));
  assert.equal(withNewer(withNewer(emptyTail, many, mostKept), [line(mostKept + 1), line(mostKept)], mostKept + 1).records.length, mostKept);
});
