import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer } from "../api/answers";
import { callTimes } from "./call_times";

const answerOf = (bounds: number[], counts: number[][]) => ({ series: { heatmaps: [{ row: 0, column: 0, bounds, counts }] } }) as unknown as Answer;

test("steps of time are added up, and what is empty at the ends is left out but for some room", () => {
  const times = callTimes(answerOf([1, 2, 3, 4, 5, 6, 7, 8], [[0, 0, 0, 2, 0, 0, 0], [], [0, 0, 0, 1, 4, 0, 0]]));
  assert.deepEqual(times, { edges: [2, 3, 4, 5, 6, 7, 8].map((ms) => ms * 1e6), counts: [0, 0, 3, 4, 0, 0] });
});

test("nothing that was answered, and nothing that took place", () => {
  assert.deepEqual(callTimes({ series: null } as unknown as Answer), { edges: [], counts: [] });
  assert.deepEqual(callTimes(answerOf([1, 2], [[0]])), { edges: [], counts: [] });
});
