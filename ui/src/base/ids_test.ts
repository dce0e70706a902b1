import assert from "node:assert/strict";
import { test } from "node:test";
import { asXrayId, parseReference, traceId } from "./ids";

const id = "5759e988bd862e3fe1be46a994272793";

test("a trace id is found in any spelling", () => {
  for (const [situation, text, expected] of [
    ["plain", id, id],
    ["upper case", id.toUpperCase(), id],
    ["spaces around", `  ${id}\n`, id],
    ["X-Ray", "1-5759e988-bd862e3fe1be46a994272793", id],
    ["X-Ray header", "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1", id],
    ["UUID", "5759e988-bd86-2e3f-e1be-46a994272793", id],
    ["base64", "V1npiL2GLj/hvkaplCcnkw==", id],
    ["traceparent", `00-${id}-53995c3f42cd8ad8-01`, id],
    ["log line", `level=error trace_id=${id} msg="boom"`, id],
    ["64 bits", "53995c3f42cd8ad8", "000000000000000053995c3f42cd8ad8"],
    ["all zero", "0".repeat(32), undefined],
    ["too long", `${id}ab`, undefined],
    ["words", "where is my trace", undefined],
    ["empty", "", undefined],
  ] as const) {
    assert.equal(parseReference(text)?.traceId, expected, situation);
  }
});

test("a traceparent names the span too", () => {
  assert.equal(parseReference(`00-${id}-53995c3f42cd8ad8-01`)?.spanId, "53995c3f42cd8ad8");
});

test("X-Ray's spelling", () => {
  assert.equal(asXrayId(traceId(id)), "1-5759e988-bd862e3fe1be46a994272793");
});
