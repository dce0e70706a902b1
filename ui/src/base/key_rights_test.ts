import assert from "node:assert/strict";
import { test } from "node:test";
import { rights, rightsText } from "./key_rights";

test("what a key may do, in a few words", () => {
  const all = rights.map(({ name }) => name);
  assert.equal(rightsText("configuration", all), "everything");
  assert.equal(rightsText("ingest", ["send_events"]), "sends");
  assert.equal(rightsText("configuration", ["run_queries", "send_events"]), "send, ask, and look at this page");
  assert.equal(rightsText("configuration", all.slice(0, 5)), "send, make datasets by sending to them and 3 more");
  assert.equal(rightsText("configuration", []), "nothing");
});
