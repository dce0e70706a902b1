import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutFlame } from "./flame_layout";
import { inReadingOrder, stepTo, type FlameStep } from "./flame_steps";
import { layoutTrace } from "./layout";
import { childrenOfNodes, mergeTree } from "./merged_tree";
import { outlineOfPaths } from "./tree_test_support";

const outline = outlineOfPaths([
  ["a", "handle", "", 0, 1000],
  ["b", "ask", "a", 100, 300],
  ["c", "help", "a", 400, 900],
  ["d", "look", "c", 500, 700],
  ["e", "read", "b", 120, 280],
]);
const tree = mergeTree(outline, layoutTrace(outline));
const ordered = inReadingOrder(layoutFlame(tree, childrenOfNodes(tree), undefined, 1000));
const name = (node: number | undefined): string | undefined => (node === undefined ? undefined : outline.names[tree.name[node]]);
const nodeOf = (text: string): number => ordered.find(({ node }) => name(node) === text)!.node;
const from = (text: string, step: FlameStep): string | undefined => name(stepTo(tree, ordered, nodeOf(text), step));

test("boxes are read each before those inside it, the busiest first", () => {
  assert.deepEqual(ordered.map(({ node }) => name(node)), ["handle", "help", "look", "ask", "read"]);
});

test("steps lead out, in, and along a level over the edges of the boxes above", () => {
  assert.deepEqual([from("look", "out"), from("handle", "in"), from("look", "right"), from("ask", "left"), from("read", "left")], ["help", "help", "read", "help", "look"]);
  assert.deepEqual([from("handle", "out"), from("read", "in"), from("read", "right"), from("help", "left")], [undefined, undefined, undefined, undefined]);
});

test("one after the other every box is visited, from both ends", () => {
  assert.deepEqual([from("look", "next"), from("ask", "previous"), from("read", "next")], ["ask", "look", undefined]);
  assert.equal(name(stepTo(tree, ordered, undefined, "next")), "handle");
});
