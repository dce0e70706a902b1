import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer } from "../api/answers";
import { conditionOfGroup, measuredColumn, pointAt, traceRule } from "./point";

const answer: Answer = {
  range: { from_ns: "0", to_ns: "4000000000" },
  columns: [
    { name: "http route", type: "string", role: "group" },
    { name: "region", type: "string", role: "group" },
    { name: "P95(duration_ms)", type: "float64", role: "calculation", unit: "ms" },
    { name: "COUNT", type: "int64", role: "calculation" },
  ],
  rows: [["/pay", null, 12.5, 3]],
  total_rows: 1,
  totals: null,
  series: { start_ns: "1000000000", step_ns: 1e9, steps: 2, lines: [], heatmaps: [] },
  partial: false,
  cost: { rows_scanned: 3, rows_matched: 3, bytes_read: 0, elapsed_ms: 1 },
};

test("a group as a condition, also where it has no value", () => {
  assert.equal(conditionOfGroup(answer, 0), '`http route` = "/pay" AND region does-not-exist');
  assert.equal(conditionOfGroup(answer, -1), "");
});

test("a value leads to the highest that does not exceed it, a count to the slowest", () => {
  const point = pointAt(answer, 0, 2, 1, 12.5);
  assert.deepEqual([point.from, point.to], [2_000_000_000n, 3_000_000_000n]);
  assert.equal(
    traceRule("P95(duration_ms), COUNT WHERE a = 1 OR b = 2 GROUP BY `http route`, region", answer, point)?.question,
    'MAX(duration_ms) WHERE (a = 1 OR b = 2) AND `http route` = "/pay" AND region does-not-exist AND duration_ms <= 12.5 GROUP BY trace.trace_id, trace.span_id ORDER BY MAX(duration_ms) DESC LIMIT 1',
  );
  const counted = traceRule("COUNT", answer, pointAt(answer, -1, 3, 0, 7));
  assert.equal(counted?.question, "MAX(duration_ms) WHERE duration_ms exists GROUP BY trace.trace_id, trace.span_id ORDER BY MAX(duration_ms) DESC LIMIT 1");
  assert.match(counted!.rule, /slowest/);
  assert.equal(traceRule("COUNT FROM logs", answer, point), undefined);
});

test("what a calculation measures", () => {
  assert.deepEqual(["P99.9(a b)", "MAX(x)", "COUNT", "COUNT_DISTINCT(x)"].map(measuredColumn), ["a b", "x", undefined, undefined]);
});
