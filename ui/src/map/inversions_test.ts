import assert from "node:assert/strict";
import { test } from "node:test";
import { inversions } from "./inversions";

test("pairs in the wrong order are counted, equal ones are not", () => {
  assert.equal(inversions([]), 0);
  assert.equal(inversions([0, 1, 1, 2]), 0);
  assert.equal(inversions([3, 2, 1, 0]), 6);
  assert.equal(inversions([1, 0, 1, 0]), 3);
});

test("as many as comparing each with each finds", () => {
  let seed = 5;
  const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
  for (let round = 0; round < 20; round++) {
    const values = Array.from({ length: random(60) }, () => random(25));
    let expected = 0;
    values.forEach((one, index) => values.slice(index + 1).forEach((other) => (expected += one > other ? 1 : 0)));
    assert.equal(inversions(values), expected);
  }
});
