import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogPattern } from "../api/answers";
import { sparkOf } from "./pattern_spark";

const pattern = (...series: [time: number, lines: number][]): LogPattern => ({ series: series.map(([time, lines]) => ({ time_ns: String(time), lines })) }) as unknown as LogPattern;

test("all patterns share the steps, those without lines are nothing", () => {
  const patterns = [pattern([100, 2], [130, 1]), pattern([110, 5])];
  assert.deepEqual(sparkOf({ patterns, bucket_ns: "10" }, patterns[0]!), [2, 0, 0, 1]);
  assert.deepEqual(sparkOf({ patterns, bucket_ns: "10" }, patterns[1]!), [0, 5, 0, 0]);
  assert.deepEqual(sparkOf({ patterns: [], bucket_ns: "10" }, pattern()), []);
});
