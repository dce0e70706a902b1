import assert from "node:assert/strict";
import { test } from "node:test";
import { estimateText } from "./estimate_text";

const blocks = { granules: 3, granules_pruned: 1 };

test("rows, bytes and about how long", () => {
  assert.equal(estimateText({ rows: 1_200_000, bytes: 12_582_912, elapsed_ms: 43.7, ...blocks }), "up to 1.2M rows, 12 MiB to read, about 40.0 ms");
});

test("what is in memory is not read, and what takes no time is not measured", () => {
  assert.equal(estimateText({ rows: 400, bytes: 0, elapsed_ms: 0.02, ...blocks }), "up to 400 rows, at once");
});

test("without an answer before there is no time", () => assert.equal(estimateText({ rows: 400, bytes: 0, ...blocks }), "up to 400 rows"));

test("where nothing can match", () => assert.equal(estimateText({ rows: 0, bytes: 0, ...blocks }), "nothing to look at"));
