import assert from "node:assert/strict";
import { test } from "node:test";
import { useOfRules } from "./rule_use";

const report = (RuleName: string, Timestamp: number, RequestCount: number) => ({ RuleName, Timestamp, RequestCount, SampledCount: 1, BorrowCount: 0 });

test("reports are added up by rule and minute", () => {
  const uses = useOfRules([report("a", 1000, 5), report("a", 990, 3), report("a", 900, 2), report("b", 999, 7)], 1005);
  assert.deepEqual(uses.get("a"), { requests: 10, sampled: 3, borrowed: 0, byMinute: [0, 0, 0, 0, 0, 0, 0, 0, 2, 8] });
  assert.equal(uses.get("b")!.requests, 7);
});

test("what is older than ten minutes is left aside", () => {
  assert.equal(useOfRules([report("a", 1000, 5)], 1600).size, 0);
  assert.equal(useOfRules([report("a", 1000, 5)], 1599).get("a")!.byMinute[0], 5);
});
