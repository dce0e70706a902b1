import assert from "node:assert/strict";
import { test } from "node:test";
import { spread } from "./spread";

test("what is far enough apart stays where it is", () => {
  assert.deepEqual(spread([0, 10, 25], [0, 10, 10]), [0, 10, 25]);
});

test("what is too near is moved apart around its middle", () => {
  assert.deepEqual(spread([5, 5], [0, 10]), [0, 10]);
  assert.deepEqual(spread([5, 5, 5], [0, 10, 10]), [-5, 5, 15]);
});

test("the order stays, whatever is wanted", () => {
  assert.deepEqual(spread([10, 0], [0, 4]), [3, 7]);
});

test("only those concerned move", () => {
  assert.deepEqual(spread([0, 100, 100], [0, 10, 10]), [0, 95, 105]);
  assert.deepEqual(spread([], []), []);
});
