import assert from "node:assert/strict";
import { test } from "node:test";
import { clausesOf, conditionsOf, heatmapColumn, itemsOf, rowsBehind, textOfClauses, withCondition, withGroup } from "./clauses";

test("a question comes apart and together again", () => {
  for (const text of [
    "COUNT",
    "COUNT, P99(duration_ms) WHERE service.name = api AND http.status_code >= 500 GROUP BY http.route HAVING COUNT > 5 ORDER BY COUNT DESC LIMIT 10 EVERY 1m FROM logs",
    'ROWS time, name WHERE note = "group by where limit" LIMIT 100',
    "COUNT WHERE a in (from, where) GROUP BY b WITH TOTALS, OTHERS SINCE now-2h",
    "COUNT WHERE word = limit LIMIT 3",
  ]) {
    assert.equal(textOfClauses(clausesOf(text)), text);
  }
});

test("clauses in any order and any case", () => {
  const clauses = clausesOf("count limit 5 from LOGS group by `group by`, b where x exists");
  assert.deepEqual(clauses, { select: "count", where: "x exists", group: "`group by`, b", having: "", order: "", limit: "5", every: "", from: "LOGS", rest: "" });
  assert.equal(textOfClauses(clausesOf("WHERE a = 1")), "COUNT WHERE a = 1");
  assert.equal(textOfClauses(clausesOf("")), "");
});

test("lists and conditions", () => {
  assert.deepEqual(itemsOf('COUNT, P95(duration_ms), "a,b"'), ["COUNT", "P95(duration_ms)", '"a,b"']);
  assert.deepEqual(conditionsOf("a = 1 AND (b = 2 OR c = 3) and d in (1, 2)"), ["a = 1", "(b = 2 OR c = 3)", "d in (1, 2)"]);
  assert.deepEqual(conditionsOf("a = 1 OR b = 2 AND c = 3"), ["a = 1 OR b = 2 AND c = 3"]);
  assert.deepEqual(conditionsOf(" "), []);
});

test("a click adds a condition once, and a group", () => {
  assert.equal(withCondition("COUNT WHERE a = 1 OR b = 2 LIMIT 5", "c = 3"), "COUNT WHERE (a = 1 OR b = 2) AND c = 3 LIMIT 5");
  assert.equal(withCondition("COUNT WHERE a = 1", "a = 1"), "COUNT WHERE a = 1");
  assert.equal(withGroup("COUNT GROUP BY a", "the b"), "COUNT GROUP BY a, `the b`");
  assert.equal(withGroup("COUNT GROUP BY a", "a"), "COUNT GROUP BY a");
  assert.equal(withGroup("ROWS time, a WHERE x exists ORDER BY time", "a"), "COUNT WHERE x exists GROUP BY a");
});

test("the rows behind a question", () => {
  assert.equal(rowsBehind("COUNT WHERE error = true GROUP BY region, name WITH TOTALS SINCE now-2h", 50), "ROWS time, service.name, name, duration_ms, error, trace.trace_id, region WHERE error = true LIMIT 50 SINCE now-2h");
  assert.equal(rowsBehind("COUNT FROM logs", 5), "ROWS time, severity, service.name, body, trace.trace_id LIMIT 5 FROM logs");
});

test("what a heat map is of", () => {
  assert.equal(heatmapColumn(clausesOf("COUNT, HEATMAP(`a b`)")), "a b");
  assert.equal(heatmapColumn(clausesOf("COUNT")), undefined);
});
