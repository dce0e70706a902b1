import assert from "node:assert/strict";
import { test } from "node:test";
import { figuresSentence, latencyText, rateText } from "./figures_text";
import { figuresOf } from "./map_test_support";

test("a sentence of figures", () => {
  assert.equal(
    figuresSentence(figuresOf(3600, { faults: 36 }), 3600),
    "3,600 requests (1/s), median 1.00 ms, 95th percentile 2.00 ms, 99th percentile 3.00 ms, mean 1.00 ms, 1.00 % faults",
  );
  assert.equal(figuresSentence(figuresOf(0), 60), "no requests of its own");
});

test("unknown latencies and empty ranges", () => {
  assert.equal(latencyText(null), "–");
  assert.equal(rateText(0, 0), "0");
});
