import assert from "node:assert/strict";
import { test } from "node:test";
import { isWritable, questionOf, specificationOf } from "./specification";

const isSpan = { column: "meta.signal_type", op: "=", value: "trace" };

test("a question becomes what a trigger keeps", () => {
  assert.deepEqual(specificationOf('P99(duration_ms) WHERE service.name = checkout AND http.status_code >= 500 AND `odd name` in ("a, b", 3) GROUP BY http.route EVERY 1m'), {
    specification: {
      calculations: [{ op: "P99", column: "duration_ms" }],
      filters: [{ column: "service.name", op: "=", value: "checkout" }, { column: "http.status_code", op: ">=", value: 500 }, { column: "odd name", op: "in", value: ["a, b", 3] }, isSpan],
      breakdowns: ["http.route"],
    },
  });
  assert.deepEqual(specificationOf("WHERE error = true AND user.id exists"), {
    specification: { calculations: [{ op: "COUNT" }], filters: [{ column: "error", op: "=", value: true }, { column: "user.id", op: "exists" }, isSpan] },
  });
});

test("and back again, for reading", () => {
  for (const text of ["COUNT", 'COUNT WHERE error = true GROUP BY service.name', 'MAX(`odd name`) WHERE name contains "a \\"b\\"" AND n in (1, 2) FROM logs']) {
    const made = specificationOf(text);
    assert.ok("specification" in made, text);
    assert.equal(questionOf(made.specification), text);
  }
});

test("what a trigger cannot watch is said", () => {
  for (const [text, why] of [
    ["COUNT, MAX(duration_ms)", /one calculation/],
    ["HEATMAP(duration_ms)", /cannot be watched/],
    ["COUNT FROM metrics", /not metrics/],
    ["COUNT HAVING COUNT > 1", /no HAVING/],
    ["COUNT WHERE (a = 1 OR b = 2) AND c = 3", /joined all by/],
    ["COUNT WHERE a = 1 OR b = 2", /by OR/],
    ["COUNT WHERE NOT a = 1", /joined all by/],
  ] as const) {
    const made = specificationOf(text);
    assert.ok("problem" in made && why.test(made.problem), `${text}: ${JSON.stringify(made)}`);
  }
});

test("what a line of text cannot say is not to be written anew from one", () => {
  const calculations = [{ op: "COUNT" }];
  assert.equal(isWritable({ calculations, filters: [isSpan], time_range: 60 }), true);
  assert.equal(isWritable({ calculations, filters: [isSpan], ...{ havings: [], orders: [] } }), true);
  assert.equal(isWritable({ calculations, filters: [isSpan], ...{ formulas: [{ name: "rate" }] } }), false);
  assert.equal(isWritable({ calculations, filters: [{ column: "a", op: "=", value: 1 }, { column: "b", op: "=", value: 2 }], filter_combination: "OR" }), false);
});
