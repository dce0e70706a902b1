import assert from "node:assert/strict";
import { test } from "node:test";
import { around, busiestPart } from "./choose";
import { edgeOf, nodeOf } from "./map_test_support";

const nodes = [nodeOf("cart", 10), nodeOf("mail", 1), nodeOf("web", 5), nodeOf("web", 0, "client")];
const edges = [edgeOf(2, 0, 10), edgeOf(2, 1, 1), edgeOf(3, 2, 5)];

test("a small map is drawn whole", () => {
  assert.deepEqual(busiestPart({ nodes, edges }, 4), { nodes, edges });
});

test("of a large one the busiest, with whom calls them from outside", () => {
  const part = busiestPart({ nodes, edges }, 3);
  assert.deepEqual(part.nodes.map(({ name, kind }) => `${kind} ${name}`), ["service cart", "service web", "client web"]);
  assert.deepEqual(part.edges.map(({ from, to }) => [from, to]), [[1, 0], [2, 1]]);
});

test("around a name stand those it has to do with", () => {
  const part = around({ nodes, edges }, " Cart");
  assert.deepEqual(part.nodes.map(({ name }) => name), ["cart", "web"]);
  assert.deepEqual(part.edges.map(({ from, to }) => [from, to]), [[1, 0]]);
  assert.deepEqual(around({ nodes, edges }, "").nodes.length, 4);
  assert.deepEqual(around({ nodes, edges }, "nobody"), { nodes: [], edges: [] });
});
