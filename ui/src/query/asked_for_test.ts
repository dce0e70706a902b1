import assert from "node:assert/strict";
import { test } from "node:test";
import { askedFor, samenessOf } from "./asked_for";

const range = { from: "now-1h", to: "now" };

test("a question is asked over time, its rows are not", () => {
  assert.equal(askedFor({}, range), undefined);
  assert.deepEqual(askedFor({ q: "COUNT" }, range), { query: "COUNT", ...range, series: true });
  assert.deepEqual(askedFor({ q: "HEATMAP(duration_ms)" }, range), { query: "HEATMAP(duration_ms)", ...range, series: true, heatmap_steps: "logarithmic" });
  assert.match(askedFor({ q: "COUNT WHERE error = true", shape: "rows" }, range)!.query, /^ROWS .*WHERE error = true.*LIMIT 500$/);
});

test("only what changes the answer tells questions apart", () => {
  const asked = askedFor({ q: "COUNT" }, range)!;
  const kept = { query: "COUNT", from: "now-1h", to: "now", heatmap_steps: "equal" } as const;
  assert.equal(samenessOf(asked), samenessOf(kept));
  assert.equal(samenessOf(askedFor({ q: "COUNT", shape: "bars" }, range)!), samenessOf(kept));
  for (const other of [{ ...kept, query: "MAX(a)" }, { ...kept, from: "now-2h" }, { ...kept, to: "now-1m" }, { ...kept, heatmap_steps: "logarithmic" as const }])
    assert.notEqual(samenessOf(asked), samenessOf(other));
});
