import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer } from "../api/answers";
import { exemplarsOf } from "./exemplars";
import { drawnAnswer, growth, metricQuestion } from "./question";

const fixed = (field: number, write: (view: DataView) => void): number[] => {
  const view = new DataView(new ArrayBuffer(8));
  write(view);
  return [field * 8 + 1, ...new Uint8Array(view.buffer)];
};
const sized = (field: number, bytes: number[]): number[] => [field * 8 + 2, bytes.length, ...bytes];
const base64 = (bytes: number[]): string => btoa(String.fromCharCode(...bytes));
const exemplar = [
  ...fixed(2, (view) => view.setBigUint64(0, 1_770_000_000_000_000_000n, true)),
  ...fixed(3, (view) => view.setFloat64(0, 0.25, true)),
  ...sized(4, [1, 2, 3, 4, 5, 6, 7, 8]),
  ...sized(5, Array.from({ length: 16 }, () => 0xab)),
];

test("exemplars of a histogram's point name their trace", () => {
  const point = base64([...sized(7, [0, 0]), ...sized(8, exemplar), ...sized(8, fixed(3, (view) => view.setFloat64(0, 9, true)))]);
  assert.deepEqual(exemplarsOf(point, "histogram"), [{ time: 1_770_000_000_000_000_000n, value: 0.25, traceId: "ab".repeat(16), spanId: "0102030405060708" }]);
  assert.deepEqual(exemplarsOf(point, "gauge"), []);
});

test("bytes that are no point have none", () => {
  for (const bytes of [[0x42], [0x42, 0xff], [0xff, 0xff], [0x43, 1], [0x42, 0x85, 0x80]]) assert.deepEqual(exemplarsOf(base64(bytes), "histogram"), []);
  assert.deepEqual(exemplarsOf("%%%", "histogram"), []);
  assert.deepEqual(exemplarsOf(null, "histogram"), []);
});

test("growth begins with the second value, and anew with a process", () => assert.deepEqual(growth([5, 7, null, 10, 2, 4]), [null, 2, null, 3, 2, 2]));

test("each kind has its question", () => {
  assert.equal(metricQuestion({ name: "cpu", kind: "gauge", isCumulative: false }, undefined), 'AVG(metric.value), MAX(metric.value) WHERE metric.name = "cpu" LIMIT 12');
  assert.equal(metricQuestion({ name: "hits", kind: "sum", isCumulative: true }, "http.route"), 'MAX(metric.value) WHERE metric.name = "hits" GROUP BY http.route LIMIT 12');
  assert.equal(metricQuestion({ name: "took", kind: "histogram", isCumulative: false }, undefined), 'SUM(metric.count), SUM(metric.sum) WHERE metric.name = "took" LIMIT 12');
});

test("of a histogram the measurements and their mean are drawn", () => {
  const answer = {
    columns: [{ name: "MAX(metric.count)", type: "int64", role: "calculation" }, { name: "MAX(metric.sum)", type: "float64", role: "calculation" }],
    rows: [[8, 40]],
    series: { start_ns: "0", step_ns: 1, steps: 3, lines: [{ row: 0, column: 0, values: [2, 6, 8] }, { row: 0, column: 1, values: [10, 30, 40] }] },
  } as unknown as Answer;
  const drawn = drawnAnswer(answer, { name: "took", kind: "histogram", isCumulative: true });
  assert.deepEqual(drawn.columns.map(({ name }) => name), ["measurements", "mean"]);
  assert.deepEqual(drawn.series!.lines.map(({ values }) => values), [[null, 4, 2], [null, 5, 5]]);
});
