import assert from "node:assert/strict";
import { test } from "node:test";
import { layersOf } from "./layers";

const arrowsOf = (keys: readonly string[], text: string) =>
  text.split(" ").filter(Boolean).map((pair) => ({ from: keys.indexOf(pair[0]!), to: keys.indexOf(pair[1]!) }));

const layered = (letters: string, text: string): Record<string, number> => {
  const keys = [...letters];
  const { layer } = layersOf(keys, arrowsOf(keys, text));
  return Object.fromEntries(keys.map((key, index) => [key, layer[index]!]));
};

test("whoever is called stands right of all callers", () => {
  assert.deepEqual(layered("abcd", "ab bc ac cd ad"), { a: 0, b: 1, c: 2, d: 3 });
});

test("a caller that nobody calls stands beside what it calls", () => {
  assert.deepEqual(layered("abcx", "ab bc xc"), { a: 0, b: 1, c: 2, x: 1 });
});

test("a cycle is cut where it comes back", () => {
  const keys = [..."abc"];
  const arrows = arrowsOf(keys, "ab bc ca");
  const { layer, isBackward } = layersOf(keys, arrows);
  assert.deepEqual(layer, [0, 1, 2]);
  assert.deepEqual(isBackward, [false, false, true]);
});

test("two that call each other stand side by side", () => {
  assert.deepEqual(layered("ab", "ab ba"), { a: 0, b: 1 });
});

test("a call to itself moves nothing, and a node may be alone", () => {
  assert.deepEqual(layered("abz", "aa ab"), { a: 0, b: 1, z: 0 });
});

test("every arrow that is not backward goes to the right, whatever the order of the nodes", () => {
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
  for (let round = 0; round < 50; round++) {
    const keys = Array.from({ length: 12 }, (_, index) => `node ${index}`);
    const arrows = Array.from({ length: 20 }, () => ({ from: random(12), to: random(12) })).filter(({ from, to }) => from !== to);
    const { layer, isBackward } = layersOf(keys, arrows);
    arrows.forEach(({ from, to }, index) => {
      if (isBackward[index]) assert.ok(layer[from]! > layer[to]!);
      else assert.ok(layer[from]! < layer[to]!);
    });
    assert.deepEqual(layersOf([...keys].reverse(), arrows.map(({ from, to }) => ({ from: 11 - from, to: 11 - to }))).layer.reverse(), layer);
  }
});
