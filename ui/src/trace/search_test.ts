import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutTrace } from "./layout";
import { isCondition, nextRow, resultOfRows, searchTrace } from "./search";
import { nameOf, outlineOf } from "./tree_test_support";

const outline = outlineOf([
  ["GET /cart", "", 0, 100],
  ["SELECT items", "GET /cart", 5, 40, "error"],
  ["GET /price", "GET /cart", 50, 60],
]);
const layout = layoutTrace(outline);

test("words are looked for in name, service and id", () => {
  for (const [text, expected] of [
    ["get", ["GET /cart", "GET /price"]],
    ["GET cart", ["GET /cart"]],
    ["store", ["SELECT items"]],
    ["api price", ["GET /price"]],
    ["error", ["SELECT items"]],
    ["0000000000000003", ["GET /price"]],
    ["nothing like it", []],
    ["", []],
  ] as const) {
    const found = Array.from(searchTrace(outline, layout, text).rows, (row) => nameOf(outline, row));
    assert.deepEqual(found, expected, text);
  }
});

test("a condition is told from words", () => {
  for (const text of ["http.route = /pay", "a=b", "a != 1", "n>=5", "user exists", 'name contains "x y"', "a in (1, 2)"]) assert.ok(isCondition(text), text);
  for (const text of ["", "get cart", "status:error", "a =", "= b", "sold in store", "exists", "contains"]) assert.ok(!isCondition(text), text);
});

test("rows found elsewhere are brought into display order", () => {
  assert.deepEqual([...resultOfRows(outline, layout, [2, 0]).rows], [0, 2]);
});

test("going to the next goes around the end", () => {
  const failed = (row: number): boolean => row === 1;
  assert.equal(nextRow(layout, undefined, 1, failed), 1);
  assert.equal(nextRow(layout, 2, 1, failed), 1);
  assert.equal(nextRow(layout, 0, -1, failed), 1);
  assert.equal(nextRow(layout, 0, 1, () => false), undefined);
});
