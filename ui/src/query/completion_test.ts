import assert from "node:assert/strict";
import { test } from "node:test";
import { complete, continuations, expectationAt, ranked } from "./completion";

test("what is expected at the end of a text", () => {
  for (const [form, text, kind, typed, column] of [
    ["condition", "", "column", "", undefined],
    ["condition", "serv", "column", "serv", undefined],
    ["condition", "service.name ", "operator", "", "service.name"],
    ["condition", "service.name =", "value", "", "service.name"],
    ["condition", "service.name = ch", "value", "ch", "service.name"],
    ["condition", 'service.name = "check out', "value", '"check out', "service.name"],
    ["condition", "service.name = checkout ", "continuation", "", undefined],
    ["condition", "service.name = checkout AND ", "column", "", undefined],
    ["condition", "user.id exists ", "continuation", "", undefined],
    ["condition", "name in (a, ", "value", "", "name"],
    ["condition", "name in (a, b) ", "continuation", "", undefined],
    ["condition", "NOT (", "column", "", undefined],
    ["question", "", "calculation", "", undefined],
    ["question", "COUNT, P9", "calculation", "P9", undefined],
    ["question", "P99(", "column", "", undefined],
    ["question", "P99(dur", "column", "dur", undefined],
    ["question", "P99(duration_ms) ", "continuation", "", undefined],
    ["question", "COUNT WHERE ", "column", "", undefined],
    ["question", "COUNT WHERE error = ", "value", "", "error"],
    ["question", "ROWS ", "column", "", undefined],
    ["question", "ROWS time, na", "column", "na", undefined],
    ["question", "ROWS time ", "continuation", "", undefined],
    ["condition", "`odd name` = ", "value", "", "odd name"],
    ["question", "COUNT GROUP BY ", "column", "", undefined],
    ["question", "COUNT GROUP BY name, serv", "column", "serv", undefined],
  ] as const) {
    const expected = expectationAt(text, text.length, form);
    assert.deepEqual([expected.kind, expected.typed, expected.column], [kind, typed, column], text);
  }
});

test("a completion replaces what was typed and lets typing go on", () => {
  for (const [text, form, chosen, result] of [
    ["serv", "condition", "service.name", "service.name "],
    ["P9", "question", "P95", "P95("],
    ["CO", "question", "COUNT", "COUNT "],
    ["service.name = ch", "condition", '"checkout"', 'service.name = "checkout" '],
  ] as const) {
    const { text: completed, cursor } = complete(text, expectationAt(text, text.length, form), chosen);
    assert.equal(completed, result);
    assert.equal(cursor, result.length);
  }
});

test("completing in the middle keeps the rest", () => {
  const text = "P99(dur) WHERE error = true";
  assert.equal(complete(text, expectationAt(text, 7, "question"), "duration_ms").text, "P99(duration_ms) WHERE error = true");
});

test("beginnings come before middles", () => {
  assert.deepEqual(ranked(["http.name", "name", "namespace"], "na", 3), ["name", "namespace", "http.name"]);
  assert.deepEqual(ranked(["a", "b"], "x", 3), []);
});

test("clauses are offered once", () => {
  assert.ok(!continuations("COUNT WHERE a = 1 ", "question").includes("WHERE"));
  assert.ok(continuations("COUNT ", "question").includes("GROUP BY"));
});

test("a clause by itself is completed as it is within a question", () => {
  for (const [form, text, kind] of [
    ["calculation", "COUNT, P", "calculation"],
    ["calculation", "P95(dur", "column"],
    ["column", "service.name, ", "column"],
    ["order", "COU", "column"],
    ["having", "COUNT ", "operator"],
  ] as const) {
    assert.equal(expectationAt(text, text.length, form).kind, kind, text);
  }
  assert.deepEqual(continuations("COUNT ", "order"), ["DESC", "ASC"]);
  assert.deepEqual(continuations("name ", "column"), []);
});
