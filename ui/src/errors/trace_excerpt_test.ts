import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeOutline } from "../trace/decode";
import { layoutTrace } from "../trace/layout";
import { answerOf, type SpanLine } from "../trace/tree_test_support";
import { excerptOf } from "./trace_excerpt";

const lines: SpanLine[] = [
  ["root", "", 0, 100],
  ["a", "root", 1, 50],
  ["b", "root", 51, 60],
  ["a1", "a", 2, 10],
  ["a2", "a", 11, 40, "error"],
  ["a2x", "a2", 12, 20],
  ["b1", "b", 52, 55],
];
const outline = decodeOutline(answerOf(lines));
const layout = layoutTrace(outline);
const names = (focus: string, most: number): [string[], number] => {
  const { rows, hidden } = excerptOf(outline, layout, lines.findIndex((line) => line[0] === focus), most);
  return [rows.map((row) => outline.names[outline.name[row]]!), hidden];
};

test("a small trace is there but for the children of others", () => assert.deepEqual(names("a2", 10), [["root", "a", "a1", "a2", "a2x", "b"], 1]));
test("what is nearest comes first", () => assert.deepEqual(names("a2", 4), [["root", "a", "a2", "a2x"], 3]));
test("of a deep way, its end and its beginning", () => assert.deepEqual(names("a2x", 2), [["root", "a2x"], 5]));
test("the root alone", () => assert.deepEqual(names("root", 1), [["root"], 6]));
