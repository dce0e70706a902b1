import assert from "node:assert/strict";
import { test } from "node:test";
import { spanId, traceId } from "../../base/ids";
import type { Attribute } from "../../api/answers";
import { emptySpan } from "./file_trace";
import { spansWith } from "./simple_condition";

const text = (key: string, value: string): Attribute => ({ key, type: "string", value });
const make = (id: string, attributes: Attribute[]) => ({ ...emptySpan(traceId("0af7651916cd43dd8448eb211c80319c"), id, 0n, 5n), span_id: spanId(id), attributes });
const spans = [make("000000000000000a", [text("http.route", "/pay"), { key: "http.status", type: "int64", value: 502 }]), make("000000000000000b", [text("http.route", "/pay later"), { key: "http.status", type: "int64", value: 200 }])];

const cases: [condition: string, ids: string[]][] = [
  ["http.route = /pay", ["a"]],
  ['http.route="/pay later"', ["b"]],
  ["http.status>=500", ["a"]],
  ["http.status != 502", ["b"]],
  ["http.route contains later", ["b"]],
  ["http.route starts-with /pay", ["a", "b"]],
  ["http.status exists", ["a", "b"]],
  ["user.id exists", []],
];
for (const [condition, ids] of cases) {
  test(condition, () => assert.deepEqual(spansWith(spans, condition).map((id) => id.slice(-1)), ids));
}

test("more than one comparison says what can be asked", () => {
  assert.throws(() => spansWith(spans, "a = 1 AND b = 2"), /one attribute/);
});
