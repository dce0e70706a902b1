import assert from "node:assert/strict";
import { test } from "node:test";
import type { SamplingStrategy } from "../api/sampling";
import { amountText, operationsText, strategyOf, strategyText } from "./strategy_form";

const shop: SamplingStrategy = {
  type: "probabilistic",
  param: 0.07,
  operation_strategies: [
    { operation: "GET /health", type: "probabilistic", param: 0 },
    { operation: "100 % sure", type: "probabilistic", param: 0.125 },
  ],
};
const noisy: SamplingStrategy = { type: "ratelimiting", param: 7, operation_strategies: [] };

test("a strategy that is typed comes out as it went in", () => {
  for (const strategy of [shop, noisy]) assert.deepEqual(strategyOf(strategy.type, amountText(strategy), operationsText(strategy.operation_strategies)), { strategy });
});

test("a strategy is told in a few words", () => {
  assert.deepEqual([shop, { ...shop, param: 1 }, noisy, { ...noisy, param: 1 }].map(strategyText), ["7 %", "everything", "7 traces a second", "1 trace a second"]);
});

test("what is no number is said", () => {
  assert.deepEqual(strategyOf("probabilistic", "some ", ""), { problem: "How many must be a number, not “some”" });
  assert.deepEqual(strategyOf("probabilistic", "", ""), { problem: "How many must be a number, not “”" });
  assert.deepEqual(strategyOf("probabilistic", "5", "\nGET /health"), { problem: "An operation is written as “5 % GET /health”, not “GET /health”" });
  assert.deepEqual(strategyOf("probabilistic", "5", "1.2.3 % x"), { problem: "An operation is written as “5 % GET /health”, not “1.2.3 % x”" });
});
