import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer } from "../api/answers";
import { asCsv, cellText, changeText, isAdditive, isEmptyAnswer, panelsOf, sameRow, stackedTops } from "./result";

const answer: Answer = {
  range: { from_ns: "0", to_ns: "4000000000" },
  columns: [
    { name: "service.name", type: "string", role: "group" },
    { name: "COUNT", type: "int64", role: "calculation" },
    { name: "P95(duration_ms)", type: "float64", role: "calculation", unit: "ms" },
  ],
  rows: [
    ["api", 1200, 12.5],
    [null, 3, null],
  ],
  total_rows: 2,
  totals: [null, 1203, 12.4],
  series: {
    start_ns: "0",
    step_ns: 1e9,
    steps: 2,
    lines: [
      { row: 0, column: 1, values: [600, 600] },
      { row: 1, column: 1, values: [null, 3] },
      { row: -1, column: 1, values: [600, 603] },
      { row: 0, column: 2, values: [12.5, "NaN"] },
    ],
    heatmaps: [],
  },
  partial: false,
  cost: { rows_scanned: 1203, rows_matched: 1203, bytes_read: 0, elapsed_ms: 1 },
};

test("a panel for each calculation, a line for each group", () => {
  const panels = panelsOf(answer);
  assert.deepEqual(panels.map((panel) => panel.title), ["COUNT", "P95(duration_ms)"]);
  assert.deepEqual(panels[0]!.lines.map((line) => line.name), ["api", "(none)"]);
  assert.deepEqual(panels[0]!.lines[1]!.values, [0, 3], "a count of no rows is nothing");
  assert.deepEqual(panels[1]!.lines[0]!.values, [12.5, null], "a percentile of no rows is unknown");
});

test("without groups the totals are the line", () => {
  const ungrouped: Answer = { ...answer, columns: answer.columns.slice(1, 2), rows: [[1203]], series: { ...answer.series!, lines: [{ row: -1, column: 0, values: [1, 2] }] } };
  assert.deepEqual(panelsOf(ungrouped)[0]!.lines.map((line) => line.name), ["COUNT"]);
});

test("cells are written with their unit", () => {
  assert.deepEqual(answer.rows[0]!.map((value, column) => cellText(value, answer.columns[column]!)), ["api", "1,200", "12.5 ms"]);
  assert.equal(cellText(null, answer.columns[0]!), "");
  assert.equal(cellText("1500000", { name: "duration_ns", type: "duration", role: "raw" }), "1.50 ms");
});

test("answers that speak of nothing", () => {
  assert.ok(!isEmptyAnswer(answer));
  assert.ok(isEmptyAnswer({ ...answer, rows: [] }));
  assert.ok(isEmptyAnswer({ ...answer, rows: [[null, 0, null]], cost: { ...answer.cost, rows_matched: 0 } }));
});

test("comma-separated values are quoted where needed", () => {
  assert.equal(asCsv({ ...answer, rows: [['a "b", c', 1, null]] }), 'service.name,COUNT,P95(duration_ms)\n"a ""b"", c",1,');
});

test("what adds up stands one upon the other", () => {
  assert.deepEqual(stackedTops([[1, null, 3], [2, 2, null]]), [[1, 0, 3], [3, 2, 3]]);
  assert.deepEqual(["COUNT", "SUM(x)", "P95(x)", "COUNT_DISTINCT(x)"].map(isAdditive), [true, true, false, false]);
});

test("compared with an earlier period", () => {
  const earlier: Answer = { ...answer, rows: [[null, 6, 1], ["api", 600, 12.5]] };
  assert.deepEqual(sameRow(answer, answer.rows[0]!, earlier), ["api", 600, 12.5]);
  assert.equal(sameRow(answer, ["web", 1, 2], earlier), undefined);
  for (const [now, before, text] of [[1200, 600, "+100 %"], [90, 100, "−10 %"], [99, 100, "−1.0 %"], [42, 10, "×4.2"], [1, 0, ""], [null, 5, ""], [5, 5, "±0 %"]] as const) assert.equal(changeText(now, before), text);
});
