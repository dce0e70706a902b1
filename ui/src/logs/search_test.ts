import assert from "node:assert/strict";
import { test } from "node:test";
import { conditionOf } from "./search";

test("a condition is taken as it is", () => {
  for (const text of ["", "severity = error", "not (a.b != 3) and c exists", "`odd name`>1", "(service.name in (a, b) or x exists)", "body contains timeout", 'body matches "a|b"', "user=17", "x does-not-start-with y", "NOT a = 1"])
    assert.equal(conditionOf(text), text, text);
});

test("anything else is words that the line has", () => {
  assert.equal(conditionOf("card denied"), 'body contains "card denied"');
  assert.equal(conditionOf(" timeout "), 'body contains "timeout"');
  assert.equal(conditionOf("error in payment"), 'body contains "error in payment"');
  assert.equal(conditionOf('"user=17"'), 'body contains "user=17"');
  assert.equal(conditionOf('say "no"'), 'body contains "say \\"no\\""');
  assert.equal(conditionOf("{"), 'body contains "{"');
});
