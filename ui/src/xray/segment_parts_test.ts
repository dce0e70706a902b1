import assert from "node:assert/strict";
import { test } from "node:test";
import type { Attribute, Value, ValueType } from "../api/answers";
import { frameText, segmentParts } from "./segment_parts";

const of = (values: Record<string, Value>): Attribute[] =>
  Object.entries(values).map(([key, value]) => ({ key, value, type: (typeof value === "string" ? "string" : "int64") as ValueType }));
const form = { "aws.xray.form": "segment" };

test("a span of OpenTelemetry has no such parts", () => {
  assert.equal(segmentParts(of({ "http.request.method": "GET" })), undefined);
});

test("each attribute stands in one part", () => {
  const parts = segmentParts(
    of({ ...form, "aws.xray.annotations": '["plan"]', plan: "paid", "http.response.status_code": 200, "url.full": "/", "db.user": "a", "aws.xray.sql.preparation": "x", "aws.operation": "Query", "aws.xray.retries": 1, tenant: "b" }),
  )!;
  assert.deepEqual(
    parts.blocks.map(({ title, attributes }) => [title, attributes.map(({ key }) => key)]),
    [["Annotations", ["plan"]], ["HTTP", ["http.response.status_code", "url.full"]], ["SQL", ["db.user", "aws.xray.sql.preparation"]], ["AWS", ["aws.operation", "aws.xray.retries"]], ["Segment", ["aws.xray.form"]]],
  );
  assert.deepEqual(parts.rest.map(({ key }) => key), ["tenant"]);
});

test("metadata by namespace and key", () => {
  const { metadata } = segmentParts(of({ ...form, "aws.xray.metadata": '{"default":{"basket":{"books":[1]},"note":"ä"},"odd":7}' }))!;
  assert.deepEqual(metadata, [
    { namespace: "default", key: "basket", text: '{\n  "books": [\n    1\n  ]\n}' },
    { namespace: "default", key: "note", text: "ä" },
    { namespace: "odd", key: "", text: "7" },
  ]);
});

test("a cause has exceptions with frames, or names another's", () => {
  const cause = (value: unknown) => segmentParts(of({ ...form, "aws.xray.cause": JSON.stringify(value) }))!;
  const found = cause({ working_directory: "/srv", exceptions: [{ id: "1", type: "E", message: "m", remote: true, truncated: 2, stack: [{ path: "pay.py", line: 61, label: "charge" }, 7] }] }).cause!;
  assert.deepEqual(found, { workingDirectory: "/srv", reference: undefined, exceptions: [{ type: "E", message: "m", remote: true, truncated: 2, stack: [{ path: "pay.py", line: 61, label: "charge" }] }] });
  assert.equal(cause("0123456789abcdef").cause!.reference, "0123456789abcdef");
});

test("what is not as it should be stays an attribute like any other", () => {
  const parts = segmentParts(of({ ...form, "aws.xray.metadata": "{", "aws.xray.cause": "[]" }))!;
  assert.deepEqual([parts.metadata, parts.cause], [[], undefined]);
  assert.deepEqual(parts.blocks[0]!.attributes.map(({ key }) => key), ["aws.xray.form", "aws.xray.metadata", "aws.xray.cause"]);
});

test("frames as text", () => {
  assert.equal(frameText({ path: "pay.py", line: 61, label: "charge" }), "charge (pay.py:61)");
  assert.equal(frameText({ path: "pay.py" }), "pay.py");
  assert.equal(frameText({}), "(unknown)");
});
