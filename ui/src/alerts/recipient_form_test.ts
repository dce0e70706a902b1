import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, recipientKinds, recipientOf } from "./recipient_form";

test("what is typed becomes a recipient, without what was left empty", () => {
  const typed: Record<string, string> = { webhook_name: " hook ", webhook_url: "https://example.com/x", webhook_secret: "" };
  assert.deepEqual(recipientOf("webhook", (name) => typed[name] ?? ""), { recipient: { type: "webhook", details: { webhook_name: "hook", webhook_url: "https://example.com/x" } } });
  assert.deepEqual(recipientOf("email", () => " "), { problem: "Address is missing" });
});

test("every kind has an address for a test message", () => {
  for (const { type } of recipientKinds) {
    const made = recipientOf(type, (name) => (name.endsWith("url") || name === "slack_channel" ? "https://example.com" : name));
    assert.ok("recipient" in made);
    const address = addressOf(made.recipient);
    assert.equal(address.channel, type);
    assert.ok(Object.values(address).every(Boolean), JSON.stringify(address));
  }
});

test("a webhook is sent its secret and headers", () => {
  const details = { webhook_url: "https://example.com", webhook_secret: "shared", webhook_headers: [{ header: "X-Team", value: "blue" }] };
  assert.deepEqual(addressOf({ type: "webhook", details }), { channel: "webhook", url: "https://example.com", headers: { "x-honeycomb-webhook-token": "shared", "x-team": "blue" } });
});
