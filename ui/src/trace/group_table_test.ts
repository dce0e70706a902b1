import assert from "node:assert/strict";
import { test } from "node:test";
import { criticalPath } from "./critical_path";
import { groupSpans } from "./group_table";
import { layoutTrace } from "./layout";
import { outlineOfPaths } from "./tree_test_support";

const outline = outlineOfPaths([
  ["a", "handle", "", 0, 100],
  ["b", "ask", "a", 10, 30],
  ["c", "ask", "a", 40, 90, "error"],
  ["d", "ask", "a", 92, 97],
]);
const layout = layoutTrace(outline);
const path = criticalPath(outline, layout);

test("by name: how often, how long, by itself, on the critical path", () => {
  const [handle, ask] = groupSpans(outline, layout, path, "name");
  assert.deepEqual([handle!.count, handle!.total, handle!.self], [1, 100, 25]);
  assert.deepEqual([ask!.count, ask!.errors, ask!.total, ask!.self, ask!.onPath], [3, 1, 75, 75, 75]);
  assert.deepEqual([ask!.median, ask!.p95, ask!.longest, ask!.longestRow], [20, 50, 50, 2]);
});

test("by service: time of spans within each other counts once", () => {
  const [service] = groupSpans(outline, layout, path, "service");
  assert.deepEqual([service!.count, service!.total, service!.self, service!.name], [4, 100, 100, -1]);
});
