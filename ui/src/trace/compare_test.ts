import assert from "node:assert/strict";
import { test } from "node:test";
import { compareTrees, largestDifferences, type Side } from "./compare";
import { layoutTrace } from "./layout";
import { mergeTree } from "./merged_tree";
import { outlineOfPaths, type NamedSpanLine } from "./tree_test_support";

function side(lines: readonly NamedSpanLine[]): Side {
  const outline = outlineOfPaths(lines);
  return { outline, tree: mergeTree(outline, layoutTrace(outline)) };
}

const fast = side([
  ["a", "pay", "", 0, 50],
  ["b", "check card", "a", 10, 20],
  ["c", "log", "a", 21, 22],
]);
const slow = side([
  ["a", "pay", "", 0, 100],
  ["b", "retry", "a", 5, 10, "error"],
  ["c", "check card", "a", 10, 60],
  ["d", "check card", "a", 61, 91],
]);

test("nodes are paired by name, wherever they stand, and what only one has is there too", () => {
  const compared = compareTrees(fast, slow);
  assert.deepEqual(
    compared.map(({ name, depth, left, right }) => [name, depth, left?.count ?? 0, right?.count ?? 0]),
    [["pay", 0, 1, 1], ["check card", 1, 1, 2], ["retry", 1, 0, 1], ["log", 1, 1, 0]],
  );
  assert.equal(compared[0]!.hasChildren, true);
  assert.equal(compared[1]!.selfDifference, 70);
  assert.equal(compared[2]!.right!.errors, 1);
});

test("the largest differences come first, gains and losses alike", () => {
  assert.deepEqual(
    largestDifferences(compareTrees(fast, slow), 2).map(({ name, selfDifference }) => [name, selfDifference]),
    [["check card", 70], ["pay", -24]],
  );
});

test("a trace is like itself", () => assert.deepEqual(largestDifferences(compareTrees(fast, fast), 5), []));
