import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer } from "../api/answers";
import { histogramOf, rangeOfDrag, severityOrder } from "./histogram";

const answer = {
  columns: [],
  rows: [["error", 3], ["notice", 1], ["info", 2]],
  series: { start_ns: "1000", step_ns: 10, steps: 3, lines: [
    { row: 0, column: 1, values: [1, null, 2] },
    { row: 1, column: 1, values: [null, 1, null] },
    { row: 2, column: 1, values: [null, null, 2] },
    { row: -1, column: 1, values: [1, 1, 4] },
  ] },
} as unknown as Answer;

test("lines of each severity by step, names nobody knows among the others", () => {
  const histogram = histogramOf(answer)!;
  const of = (step: number): Record<string, number> => Object.fromEntries(severityOrder.map((band, index) => [band, histogram.steps[step]![index]!] as const).filter(([, count]) => count > 0));
  assert.deepEqual([of(0), of(1), of(2)], [{ error: 1 }, { other: 1 }, { info: 2, error: 2 }]);
  assert.equal(histogram.highest, 4);
});

test("a drag selects whole steps, in either direction", () => {
  const histogram = histogramOf(answer)!;
  assert.deepEqual(rangeOfDrag(histogram, 0.9, 0.4), { from: "1010", to: "1030" });
  assert.deepEqual(rangeOfDrag(histogram, 0.1, 0.1), { from: "1000", to: "1010" });
  assert.deepEqual(rangeOfDrag(histogram, -3, 7), { from: "1000", to: "1030" });
});
