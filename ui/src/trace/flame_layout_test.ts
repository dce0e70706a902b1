import assert from "node:assert/strict";
import { test } from "node:test";
import { boxAt, layoutFlame, levelsOf } from "./flame_layout";
import { layoutTrace } from "./layout";
import { childrenOfNodes, mergeTree } from "./merged_tree";
import { outlineOfPaths } from "./tree_test_support";

const outline = outlineOfPaths([
  ["a", "handle", "", 0, 1000],
  ["b", "ask", "a", 100, 300],
  ["c", "help", "a", 400, 900],
  ["d", "tiny", "c", 500, 500.1],
]);
const tree = mergeTree(outline, layoutTrace(outline));
const children = childrenOfNodes(tree);

test("boxes are as wide as their nodes are busy, the busiest child leftmost", () => {
  const boxes = layoutFlame(tree, children, undefined, 100);
  assert.deepEqual(
    boxes.map(({ node, level, left, width }) => [outline.names[tree.name[node]], level, left, Math.round(width)]),
    [["handle", 0, 0, 100], ["help", 1, 0, 50], ["ask", 1, 50, 20]],
  );
  assert.equal(levelsOf(boxes), 2);
  assert.equal(boxAt(boxes, 1, 60)!.node, boxes[2]!.node);
  assert.equal(boxAt(boxes, 1, 80), undefined);
});

test("a focus fills the width, its ancestors above it", () => {
  const help = tree.nodeOfRow[2];
  assert.deepEqual(
    layoutFlame(tree, children, help, 100).map(({ node, level, left, width }) => [node, level, left, width]),
    [[tree.parent[help], 0, 0, 100], [help, 1, 0, 100]],
  );
});
