import assert from "node:assert/strict";
import { test } from "node:test";
import { criticalPath, timeOnPath } from "./critical_path";
import { decodeOutline } from "./decode";
import { generateTrace } from "./generate_test_trace";
import { layoutTrace } from "./layout";
import { nameOf, outlineOf, type SpanLine } from "./tree_test_support";

function stretches(lines: SpanLine[]): string[] {
  const outline = outlineOf(lines);
  const path = criticalPath(outline, layoutTrace(outline));
  return Array.from(path.row, (row, index) => `${nameOf(outline, row)} ${path.from[index]}-${path.to[index]}`);
}

test("the critical path", () => {
  for (const [situation, lines, expected] of [
    ["a span alone", [["root", "", 0, 10]], ["root 0-10"]],
    ["one child after another", [["root", "", 0, 10], ["a", "root", 1, 4], ["b", "root", 5, 9]], ["root 0-1", "root 4-5", "root 9-10", "a 1-4", "b 5-9"]],
    ["side by side, the last to end counts", [["root", "", 0, 10], ["fast", "root", 1, 4], ["slow", "root", 1, 9]], ["root 0-1", "root 9-10", "slow 1-9"]],
    ["overlap with the one that is waited for is left out", [["root", "", 0, 10], ["a", "root", 0, 6], ["b", "root", 5, 10]], ["root 0-5", "b 5-10"]],
    ["a child that outlives its parent", [["root", "", 0, 10], ["late", "root", 6, 30]], ["root 0-6", "late 6-10"]],
    ["a child after the end of its parent", [["root", "", 0, 10], ["detached", "root", 20, 30]], ["root 0-10"]],
    ["grandchildren", [["root", "", 0, 10], ["a", "root", 2, 8], ["aa", "a", 3, 7]], ["root 0-2", "root 8-10", "a 2-3", "a 7-8", "aa 3-7"]],
    ["children without length", [["root", "", 0, 10], ["instant", "root", 5, 5]], ["root 0-10"]],
  ] as [string, SpanLine[], string[]][]) {
    assert.deepEqual(stretches(lines), expected, situation);
  }
});

test("the path of a trace adds up to the length of its root", () => {
  const outline = decodeOutline(generateTrace(5_000));
  const layout = layoutTrace(outline);
  const path = criticalPath(outline, layout);
  let total = 0;
  for (let row = 0; row < outline.rows; row++) total += timeOnPath(path, row);
  assert.ok(Math.abs(total - outline.duration[layout.roots[0]]) < 1);
});
