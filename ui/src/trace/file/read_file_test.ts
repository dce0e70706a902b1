import assert from "node:assert/strict";
import { test } from "node:test";
import { nameOf } from "../tree_test_support";
import { outlineOfFile } from "./file_trace";
import { writeJaeger } from "./jaeger_file";
import { writeOtlp } from "./otlp_writing";
import { readTraceFile } from "./read_file";

const text = (value: string) => ({ stringValue: value });
const traceId = "5b8efff798038103d269b633813fc60c";
const otlp = {
  resourceSpans: [
    {
      resource: { attributes: [{ key: "service.name", value: text("shop") }, { key: "host.name", value: text("a1") }] },
      scopeSpans: [
        {
          scope: { name: "http", version: "2" },
          spans: [
            { traceId, spanId: "eee19b7ec3c1b175", parentSpanId: "eee19b7ec3c1b174", name: "SELECT", kind: "SPAN_KIND_CLIENT", startTimeUnixNano: "1770000000000001000", endTimeUnixNano: "1770000000000003000", status: { code: 2, message: "gone" }, attributes: [{ key: "rows", value: { intValue: "7" } }, { key: "ids", value: { arrayValue: { values: [{ intValue: "1" }, text("b")] } } }] },
            { traceId, spanId: "eee19b7ec3c1b174", name: "GET /", kind: 2, startTimeUnixNano: "1770000000000000000", endTimeUnixNano: "1770000000000009000", events: [{ timeUnixNano: "1770000000000002000", name: "exception", attributes: [{ key: "exception.type", value: text("Oops") }] }], links: [{ traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" }] },
          ],
        },
      ],
    },
  ],
};
const logs = { resourceLogs: [{ resource: {}, scopeLogs: [{ logRecords: [{ timeUnixNano: "1770000000000002500", severityNumber: 17, body: text("broke"), traceId, spanId: "eee19b7ec3c1b175" }] }] }] };

test("OTLP, one document or one a line, with logs beside their spans", () => {
  const [trace] = readTraceFile(`${JSON.stringify(otlp)}\n${JSON.stringify(logs)}\n`).traces;
  const child = trace!.spans.find((span) => span.name === "SELECT")!;
  assert.equal(child.service, "shop");
  assert.equal(child.kind, "client");
  assert.equal(child.duration_ns, 2000);
  assert.deepEqual(child.status, { code: "error", message: "gone" });
  assert.deepEqual(child.attributes, [{ key: "rows", type: "int64", value: 7 }, { key: "ids", type: "json", value: '[1,"b"]' }]);
  assert.deepEqual(child.logs.map((log) => [log.severity, log.body?.value]), [["error", "broke"]]);
  const outline = outlineOfFile(trace!);
  assert.deepEqual([0, 1].map((row) => nameOf(outline, row)), ["GET /", "SELECT"]);
  assert.deepEqual([...outline.parent], [-1, 0]);
  assert.deepEqual([...outline.start], [0, 1000]);
  assert.deepEqual([...outline.events.exception], [1]);
});

test("written for Jaeger and read again a trace is the same", () => {
  const [trace] = readTraceFile(JSON.stringify(otlp)).traces;
  const written = writeJaeger(trace!.spans);
  assert.equal(written.data[0]!.processes.p1!.serviceName, "shop");
  assert.deepEqual(written.data[0]!.spans[0]!.references, [{ refType: "CHILD_OF", traceID: traceId, spanID: "eee19b7ec3c1b174" }]);
  const [again] = readTraceFile(JSON.stringify(written)).traces;
  for (const [index, span] of trace!.spans.entries()) {
    const other = again!.spans[index]!;
    const kept = ["trace_id", "span_id", "parent_id", "name", "service", "kind", "duration_ns", "status", "error", "instrumentation_scope"] as const;
    for (const name of kept) assert.deepEqual(other[name], span[name], name);
    assert.deepEqual(other.events.map((event) => [event.name, event.attributes]), span.events.map((event) => [event.name, event.attributes]));
    assert.deepEqual(other.links.map((link) => link.trace_id), span.links.map((link) => link.trace_id));
  }
});

test("written as OTLP and read again a trace is the same, its arrays and its other trace's links too", () => {
  const [trace] = readTraceFile(JSON.stringify(otlp)).traces;
  const [again] = readTraceFile(JSON.stringify(writeOtlp(trace!.spans))).traces;
  assert.deepEqual(again, trace);
  assert.equal(writeOtlp(trace!.spans).resourceSpans.length, 1);
});

test("Jaeger's short ids are filled up, and what refers to another trace is a link", () => {
  const document = { data: [{ traceID: "abc", processes: { p1: { serviceName: "old", tags: [] } }, spans: [{ traceID: "abc", spanID: "1", operationName: "op", references: [{ refType: "FOLLOWS_FROM", traceID: "def", spanID: "9" }], startTime: 1_770_000_000_000_001, duration: 12, tags: [{ key: "error", type: "bool", value: true }], logs: null, processID: "p1" }] }] };
  const [trace] = readTraceFile(JSON.stringify(document)).traces;
  assert.equal(trace!.traceId, "abc".padStart(32, "0"));
  const span = trace!.spans[0]!;
  assert.deepEqual([span.span_id, span.parent_id, span.error, span.duration_ns], ["1".padStart(16, "0"), null, true, 12000]);
  assert.equal(span.links[0]!.span_id, "9".padStart(16, "0"));
  assert.deepEqual([span.start_ns, span.end_ns], ["1770000000000001000", "1770000000000013000"]);
});

test("an incident brings its notes and its logs", () => {
  const log = { time_ns: "1770000000000002500", severity: "warn", body: { type: "string", value: "slow" }, service: "shop", trace_id: traceId, span_id: "eee19b7ec3c1b174", attributes: [] };
  const bundle = { clew_bundle: 1, written_ns: "1", title: "t", notes: "look at SELECT", place: `/t/${traceId}`, trace: otlp, logs: [log], logs_total: 1 };
  const read = readTraceFile(JSON.stringify(bundle));
  assert.equal(read.bundle?.notes, "look at SELECT");
  assert.equal(read.traces[0]!.logs.length, 1);
});

test("what it cannot read is told", () => {
  assert.throws(() => readTraceFile("<html>"), /not JSON/);
  assert.throws(() => readTraceFile('{"a":1}'), /neither OTLP/);
  assert.throws(() => readTraceFile('{"resourceSpans":[]}'), /no span/);
});
