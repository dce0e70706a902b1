import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutTrace } from "./layout";
import { childrenOfNodes, mergeTree } from "./merged_tree";
import { outlineOfPaths } from "./tree_test_support";

// A handler that asks the store three times, twice from itself and once from a helper.
const outline = outlineOfPaths([
  ["a", "handle", "", 0, 100],
  ["b", "ask", "a", 10, 30],
  ["c", "help", "a", 40, 90],
  ["d", "ask", "c", 50, 60, "error"],
  ["e", "ask", "a", 92, 97],
]);
const tree = mergeTree(outline, layoutTrace(outline));
const nameOf = (node: number): string => outline.names[tree.name[node]]!;

test("spans with the same chain of names are one node", () => {
  assert.deepEqual([...tree.parent.keys()].map(nameOf), ["handle", "ask", "help", "ask"]);
  assert.deepEqual([...tree.count], [1, 2, 1, 1]);
  assert.deepEqual([...tree.errors], [0, 0, 0, 1]);
  assert.deepEqual([...tree.total], [100, 25, 50, 10]);
  assert.deepEqual([...tree.nodeOfRow], [0, 1, 2, 3, 1]);
});

test("time is counted once: by itself, and with all below", () => {
  assert.deepEqual([...tree.self], [25, 25, 40, 10]);
  assert.deepEqual([...tree.busy], [100, 25, 50, 10]);
});

test("the longest span stands for its node, and the busiest child comes first", () => {
  assert.equal(tree.longest[1], 1);
  const children = childrenOfNodes(tree);
  assert.deepEqual(children[0]!.map(nameOf), ["help", "ask"]);
  assert.deepEqual(children.at(-1), [0]);
});
