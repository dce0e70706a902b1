import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutTrace } from "./layout";
import { findRepeats, membersOf, rowsToShow } from "./repeats";
import { outlineOfPaths, type NamedSpanLine } from "./tree_test_support";

const outline = outlineOfPaths([
  ["root", "load", "", 0, 100],
  ["q1", "query", "root", 1, 10],
  ["x", "parse", "root", 11, 12],
  ["q2", "query", "root", 20, 30],
  ["in2", "fetch", "q2", 21, 22],
  ["q3", "query", "root", 40, 50],
] satisfies NamedSpanLine[]);
const layout = layoutTrace(outline);
const none: ReadonlySet<number> = new Set();

test("siblings of the same name are a group, in order of start", () => {
  const repeats = findRepeats(outline, layout, 3);
  assert.deepEqual([...repeats.lead], [1]);
  assert.deepEqual([...membersOf(repeats, 0)], [1, 3, 5]);
  assert.equal(findRepeats(outline, layout, 4).lead.length, 0);
});

test("a group is shown by its lead, what is under the others goes with them", () => {
  const repeats = findRepeats(outline, layout, 3);
  assert.deepEqual([...rowsToShow(layout, repeats, none, none)], [0, 1, 2]);
  assert.deepEqual([...rowsToShow(layout, repeats, none, new Set([0]))], [0, 1, 2, 3, 4, 5]);
  assert.deepEqual([...rowsToShow(layout, repeats, new Set([3]), new Set([0]))], [0, 1, 2, 3, 5]);
  assert.deepEqual([...rowsToShow(layout, repeats, new Set([0]), none)], [0]);
});
