import assert from "node:assert/strict";
import { test } from "node:test";
import { estimateText } from "./estimate_text";

const blocks = { granules: 3, granules_pruned: 1 };

test("rows, bytes and about how long", () => {
  assert.equal(estimateText({ rows: 1_200_000, bytes: 12_582_912, elapsed_ms: 43.7, ...blocks }), "up to 1.2M rows, 12 MiB to read, about 40 ms");
});

test("a guess has no more figures than it deserves", () => {
  for (const [elapsed_ms, expected] of [[3.4, "3 ms"], [123, "100 ms"], [1234, "1.2 s"], [2000, "2 s"], [12_345, "12 s"]] as const)
    assert.equal(estimateText({ rows: 1, bytes: 0, elapsed_ms, ...blocks }), `up to 1 rows, about ${expected}`);
});

test("what is in memory is not read, and what takes no time is not measured", () => {
  assert.equal(estimateText({ rows: 400, bytes: 0, elapsed_ms: 0.02, ...blocks }), "up to 400 rows, at once");
});

test("without an answer before there is no time", () => assert.equal(estimateText({ rows: 400, bytes: 0, ...blocks }), "up to 400 rows"));

test("where nothing can match", () => assert.equal(estimateText({ rows: 0, bytes: 0, ...blocks }), "nothing to look at"));
