import assert from "node:assert/strict";
import { test } from "node:test";
import { filterOf, pointedMessage } from "./filter_text";

test("what is typed, within a group or not", () => {
  assert.deepEqual(filterOf(undefined, undefined), { expression: undefined, offset: 0 });
  assert.deepEqual(filterOf("  fault ", undefined), { expression: "fault", offset: 0 });
  assert.equal(filterOf(undefined, "Shop").expression, 'group.name = "Shop"');
  assert.equal(filterOf("fault OR error", 'a "b"').expression, 'group.name = "a \\"b\\"" AND (fault OR error)');
});

test("a mistake is marked where it was typed", () => {
  const alone = filterOf("ok AND foo", undefined);
  assert.equal(pointedMessage("column 8: there is no keyword foo", "ok AND foo", alone), "column 8: there is no keyword foo\nok AND foo\n       ^");
  const inGroup = filterOf("foo", "Shop");
  assert.equal(pointedMessage("column 26: there is no keyword foo", "foo", inGroup), "column 1: there is no keyword foo\nfoo\n^");
});

test("a message without a place in what was typed stays as it is", () => {
  assert.equal(pointedMessage("too long", "ok", filterOf("ok", undefined)), "too long");
  assert.equal(pointedMessage("column 1: no such group", "ok", filterOf("ok", "Shop")), "column 1: no such group");
});
