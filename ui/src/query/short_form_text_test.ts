import assert from "node:assert/strict";
import { test } from "node:test";
import { both, isEqual, isNotEqual, nameText } from "./short_form_text";

test("names are quoted only where they have to be", () => {
  for (const [name, text] of [
    ["service.name", "service.name"],
    ["http.request.header/accept-language", "http.request.header/accept-language"],
    ["odd name", "`odd name`"],
    ["tick`ed", "`tick\\`ed`"],
    ["from", "`from`"],
    ["5xx", "`5xx`"],
  ] as const) {
    assert.equal(nameText(name), text);
  }
});

test("conditions keep the type of their value", () => {
  assert.equal(isEqual("http.status_code", 502, "int64"), "http.status_code = 502");
  assert.equal(isEqual("id", "9223372036854775807", "int64"), "id = 9223372036854775807");
  assert.equal(isEqual("id", "502", "string"), 'id = "502"');
  assert.equal(isEqual("retry", true, "boolean"), "retry = true");
  assert.equal(isNotEqual("text", 'a "quoted" \\ line\nbreak', "string"), 'text != "a \\"quoted\\" \\\\ line\\nbreak"');
});

test("two conditions hold together, alternatives in parentheses", () => {
  assert.equal(both("a = 1", "b = 2"), "a = 1 AND b = 2");
  assert.equal(both("a = 1 OR c = 3", "b = 2"), "(a = 1 OR c = 3) AND b = 2");
  assert.equal(both("", "b = 2"), "b = 2");
  assert.equal(both(undefined, ""), "");
});
