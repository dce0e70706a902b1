import assert from "node:assert/strict";
import { test } from "node:test";
import { cutAway, cutDownTo, cutsSparing, cutsText, parseCuts, type Cut } from "./cuts";
import { layoutTrace } from "./layout";
import { findRepeats, rowsToShow } from "./repeats";
import { outlineOfPaths, type NamedSpanLine } from "./tree_test_support";

const outline = outlineOfPaths([
  ["root", "load", "", 0, 100],
  ["q1", "query", "root", 1, 10],
  ["in1", "fetch", "q1", 2, 3],
  ["x", "parse", "root", 11, 12],
  ["q2", "query", "root", 20, 30],
  ["in2", "fetch", "q2", 21, 22],
  ["y", "query", "x", 11, 12],
] satisfies NamedSpanLine[]);
const layout = layoutTrace(outline);
const repeats = findRepeats(outline, layout, 2);
const open: ReadonlySet<number> = new Set([0]);
const rowsAfter = (...cuts: Cut[]): number[] => [...rowsToShow(layout, repeats, new Set(), open, cutAway(outline, layout, repeats, cuts))];

const cases: [what: string, cuts: Cut[], rows: number[]][] = [
  ["nothing cut away", [], [0, 1, 2, 3, 6, 4, 5]],
  ["a span goes with what is below it", [{ kind: "hide", row: 1 }], [0, 3, 6, 4, 5]],
  ["all alike go, wherever they are", [{ kind: "alike", row: 1 }], [0, 3]],
  ["a group of siblings goes, others of their name stay", [{ kind: "repeats", row: 1 }], [0, 3, 6]],
  ["only one and what is below it stay", [{ kind: "only", row: 3 }], [3, 6]],
  ["one cut after the other", [{ kind: "only", row: 1 }, { kind: "hide", row: 2 }], [1]],
];
for (const [what, cuts, rows] of cases) test(what, () => assert.deepEqual(rowsAfter(...cuts), rows));

test("what everything was cut away from is the last of them", () => {
  assert.equal(cutDownTo([]), undefined);
  assert.equal(cutDownTo([{ kind: "only", row: 0 }, { kind: "hide", row: 4 }, { kind: "only", row: 3 }, { kind: "hide", row: 6 }]), 3);
});

test("a row that is wanted back takes back only the cuts that it is missing for", () => {
  const cuts: Cut[] = [{ kind: "hide", row: 1 }, { kind: "hide", row: 4 }];
  assert.equal(cutsSparing(outline, layout, repeats, cuts, 3), cuts);
  assert.deepEqual(cutsSparing(outline, layout, repeats, cuts, 5), [{ kind: "hide", row: 1 }]);
});

test("the address has them, and forgives what it does not know", () => {
  const cuts: Cut[] = [{ kind: "only", row: 3 }, { kind: "hide", row: 6 }];
  assert.equal(cutsText(outline, cuts), "only.0000000000000004,hide.0000000000000007");
  assert.deepEqual(parseCuts(outline, cutsText(outline, cuts)), cuts);
  assert.deepEqual(parseCuts(outline, "eat.0000000000000004,hide.ffffffffffffffff,hide.,only"), []);
  assert.deepEqual(parseCuts(outline, undefined), []);
});
