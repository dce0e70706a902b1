import assert from "node:assert/strict";
import { test } from "node:test";
import { byUrgency, standingOf } from "./standing";

const evaluated_at = "2026-03-01T12:00:00Z";

test("what is disabled, failed, triggered, fine, or has not been looked at", () => {
  assert.equal(standingOf({ triggered: true, disabled: true, evaluated_at }), "disabled");
  assert.equal(standingOf({ triggered: true, evaluated_at, evaluation_failure: "the query is gone" }), "failed");
  assert.equal(standingOf({ triggered: true, evaluated_at }), "triggered");
  assert.equal(standingOf({ triggered: false, evaluated_at }), "ok");
  assert.equal(standingOf({ triggered: false }), "waiting");
});

test("what asks for somebody comes first, then by name", () => {
  const alerts = [{ name: "b", triggered: false, evaluated_at }, { name: "a", triggered: false, evaluated_at }, { name: "off", triggered: false, disabled: true }, { name: "z", triggered: true, evaluated_at }];
  assert.deepEqual(byUrgency(alerts).map(({ name }) => name), ["z", "a", "b", "off"]);
});
