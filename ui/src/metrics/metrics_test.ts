import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer } from "../api/answers";
import { exemplarsOf } from "./exemplars";
import { inUnit, pointsQuestion } from "./question";

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

test("the points of a metric are listed with what its kind has", () => {
  assert.equal(pointsQuestion({ name: "hits", kind: "sum" }, "http.route"), 'ROWS time, metric.value, http.route, service.name WHERE metric.name = "hits" LIMIT 200');
  assert.equal(pointsQuestion({ name: "took", kind: "histogram" }, undefined), 'ROWS time, metric.count, metric.sum, service.name WHERE metric.name = "took" LIMIT 200');
});

test("what is measured has the metric's unit, how often has none", () => {
  const answer = { columns: [{ name: "host", role: "group" }, { name: "count", role: "calculation" }, { name: "P90", role: "calculation" }] } as unknown as Answer;
  const unitsOf = (unit: string | null) => inUnit(answer, unit).columns.map((column) => column.unit);
  assert.deepEqual(unitsOf("s"), [undefined, undefined, "s"]);
  assert.deepEqual(unitsOf("By"), [undefined, undefined, "bytes"]);
  assert.deepEqual(unitsOf("{order}"), [undefined, undefined, undefined]);
});
