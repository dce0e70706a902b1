import assert from "node:assert/strict";
import { test } from "node:test";
import type { SamplingRule } from "../api/xray";
import { fieldsOf, ruleFields, ruleOf, typedValue } from "./rule_form";

const rule: SamplingRule = { RuleName: "orders", Priority: 10, FixedRate: 0.07, ReservoirSize: 5, ServiceName: "orders", ServiceType: "*", Host: "*", HTTPMethod: "POST", URLPath: "/orders/*", ResourceARN: "*", Version: 1, Attributes: {} };

test("a rule that is typed comes out as it went in", () => {
  const fields = fieldsOf(rule);
  const made = ruleOf(fields, (name) => typedValue(fields.find((field) => field.name === name)!, rule));
  assert.deepEqual(made, { members: { Priority: 10, ReservoirSize: 5, FixedRate: 0.07, ServiceName: "orders", ServiceType: "*", Host: "*", HTTPMethod: "POST", URLPath: "/orders/*", ResourceARN: "*" } });
});

test("a new rule has a name, the others keep theirs, and Default has only its size and rate", () => {
  assert.equal(fieldsOf(undefined), ruleFields);
  assert.ok(!fieldsOf(rule).some(({ name }) => name === "RuleName"));
  assert.deepEqual(fieldsOf({ ...rule, RuleName: "Default" }).map(({ name }) => name), ["ReservoirSize", "FixedRate"]);
});

test("what is no number is said", () => {
  assert.deepEqual(ruleOf(ruleFields, (name) => (name === "FixedRate" ? "some" : "1")), { problem: "Rate must be a number, not “some”" });
});
