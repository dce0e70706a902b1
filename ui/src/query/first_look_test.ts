import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer } from "../api/answers";
import { answerOf, unreadSteps } from "./first_look";
import { panelsOf } from "./result";

const answer = {
  range: { from: "", to: "", from_ns: "1000", to_ns: "2000" },
  columns: [{ name: "COUNT", type: "int64", role: "calculation" }],
  rows: [[7]],
  total_rows: 1,
  totals: null,
  series: { start_ns: "1000", step_ns: 100, steps: 4, lines: [{ row: 0, column: 0, values: [null, null, null, 7] }], heatmaps: [] },
  partial: false,
  cost: { rows_scanned: 7, rows_matched: 7, granules_read: 1, granules_pruned: 0, bytes_read: 0, elapsed_ms: 1 },
} as unknown as Answer;

test("steps that are not read, or not whole, have no value; later ones without rows are counted as nothing", () => {
  const look = answerOf({ from_ns: "1101", answer });
  assert.equal(unreadSteps(look), 2);
  assert.deepEqual(panelsOf(look)[0]!.lines[0]!.values, [null, null, 0, 7]);
  assert.equal(look.partial, true);
  assert.match(look.partial_reason!, /the rest is being read/);
});

test("of a whole answer everything is read", () => {
  assert.equal(unreadSteps(answer), 0);
  assert.equal(unreadSteps(answerOf({ from_ns: "900", answer })), 0);
  assert.equal(unreadSteps(answerOf({ from_ns: "9000", answer })), 4);
  assert.deepEqual(panelsOf(answer)[0]!.lines[0]!.values, [0, 0, 0, 7]);
});
