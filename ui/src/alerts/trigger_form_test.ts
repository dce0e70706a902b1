import assert from "node:assert/strict";
import { test } from "node:test";
import type { Trigger } from "../api/alerts";
import { recipientText, triggerOf, typedTrigger } from "./trigger_form";

const trigger: Trigger = {
  id: "t1",
  name: "slow",
  description: "look here",
  dataset_slug: "__all__",
  threshold: { op: ">=", value: 2.5, exceeded_limit: 3 },
  alert_type: "on_true",
  frequency: 300,
  recipients: [{ id: "r1" }, { type: "email", target: "ops@example.com" }],
  triggered: false,
};

test("a trigger that is typed comes out as it went in, with the recipients that no form shows", () => {
  assert.deepEqual(triggerOf(typedTrigger(trigger), trigger.recipients), {
    members: {
      name: "slow",
      description: "look here",
      threshold: { op: ">=", value: 2.5, exceeded_limit: 3 },
      frequency: 300,
      alert_type: "on_true",
      recipients: [{ type: "email", target: "ops@example.com" }, { id: "r1" }],
    },
  });
});

test("what is missing or no number is said", () => {
  const typed = typedTrigger(trigger);
  for (const [wrong, why] of [
    [{ name: " " }, /name/],
    [{ value: "" }, /threshold/],
    [{ value: "many" }, /“many”/],
    [{ minutes: "0.5" }, /whole minutes/],
    [{ inRow: "6" }, /1 to 5/],
  ] as const) {
    const made = triggerOf({ ...typed, ...wrong });
    assert.ok("problem" in made && why.test(made.problem), JSON.stringify(made));
  }
});

test("recipients have words", () => {
  assert.equal(recipientText({ type: "email", details: { email_address: "ops@example.com" } }), "email ops@example.com");
  assert.equal(recipientText({ type: "slack", details: { slack_channel: "https://hooks.example.com/services/secret" } }), "Slack hooks.example.com");
  assert.equal(recipientText({ type: "webhook", details: { webhook_name: "pager" } }), "webhook pager");
});
