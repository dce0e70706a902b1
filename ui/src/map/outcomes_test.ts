import assert from "node:assert/strict";
import { test } from "node:test";
import { figuresOf } from "./map_test_support";
import { failedText, outcomeShares, outcomeText } from "./outcomes";

test("all well is one whole circle", () => {
  assert.deepEqual(outcomeShares(figuresOf(5)), [{ name: "ok", count: 5, from: 0, to: 1 }]);
  assert.equal(outcomeText(figuresOf(5)), "");
  assert.equal(failedText(figuresOf(5)), "");
});

test("shares in order of gravity", () => {
  const figures = figuresOf(100, { faults: 50, throttles: 10, errors: 15 });
  assert.deepEqual(
    outcomeShares(figures).map(({ name, from, to }) => [name, Number(from.toFixed(2)), Number(to.toFixed(2))]),
    [["fault", 0, 0.5], ["throttle", 0.5, 0.6], ["error", 0.6, 0.75], ["ok", 0.75, 1]],
  );
  assert.equal(failedText(figures), "75.0 %");
  assert.equal(outcomeText(figures), "50.0 % faults, 10.0 % throttled, 15.0 % errors");
});

test("one in a million is seen", () => {
  const [fault] = outcomeShares(figuresOf(1e6, { faults: 1 }));
  assert.ok(fault!.to > 0.015 && fault!.to < 0.025);
  assert.equal(outcomeText(figuresOf(1e6, { faults: 1 })), "< 0.01 % faults");
});

test("no requests have no shares", () => {
  assert.deepEqual(outcomeShares(figuresOf(0)), []);
});
