import assert from "node:assert/strict";
import { test } from "node:test";
import { layOut, type MapMeasures } from "./layout";

const measuresFor = (keys: readonly string[]): MapMeasures => ({ nodeWidths: keys.map(() => 200), nodeHeight: 60, columnGap: 100, rowGap: 20, labelHeight: 20 });
const measures = measuresFor([]);

const of = (letters: string, text: string) => {
  const keys = [...letters];
  const arrows = text.split(" ").filter(Boolean).map((pair) => ({ from: keys.indexOf(pair[0]!), to: keys.indexOf(pair[1]!) }));
  return { keys, arrows, layout: layOut(keys, arrows, measuresFor(keys)) };
};

test("nothing takes no room", () => {
  assert.deepEqual(layOut([], [], measures), { width: 0, height: 0, nodes: [], routes: [] });
});

test("a chain is a straight line", () => {
  const { layout } = of("abc", "ab bc");
  assert.deepEqual(layout.nodes, [{ x: 0, y: 0 }, { x: 300, y: 0 }, { x: 600, y: 0 }]);
  assert.deepEqual(layout.routes[0], { points: [{ x: 200, y: 30 }, { x: 300, y: 30 }], label: { x: 250, y: 30 } });
  assert.equal(layout.width, 800);
  assert.equal(layout.height, 60);
});

test("whoever calls two stands between them", () => {
  const { layout } = of("abc", "ab ac");
  assert.deepEqual(layout.nodes.map(({ y }) => y), [40, 0, 80]);
});

test("calls that would cross are put in order", () => {
  const { layout } = of("abxy", "ay bx");
  const [a, b, x, y] = layout.nodes;
  assert.equal(a!.y < b!.y, y!.y < x!.y);
});

test("a long call has a lane beside the node between", () => {
  const { layout } = of("abc", "ab bc ac");
  const between = layout.nodes[1]!;
  const lane = layout.routes[2]!.points[1]!;
  assert.ok(lane.y < between.y || lane.y > between.y + measures.nodeHeight);
  assert.equal(layout.routes[2]!.points.length, 4);
});

test("a call back goes from right to left", () => {
  const { layout } = of("ab", "ab ba");
  const { points } = layout.routes[1]!;
  assert.ok(points[0]!.x > points.at(-1)!.x);
  const [there, back] = layout.routes.map(({ label }) => label.y);
  assert.ok(Math.abs(there! - back!) >= measures.labelHeight);
});

test("a column is as wide as its widest, and the narrower ones stand where calls leave", () => {
  const { nodes, routes } = layOut(["a", "b", "c"], [{ from: 0, to: 2 }, { from: 1, to: 2 }], { ...measures, nodeWidths: [200, 120, 200] });
  assert.deepEqual(nodes.map(({ x }) => x), [0, 80, 300]);
  assert.deepEqual(routes.map(({ points }) => points[0]!.x), [200, 200]);
});

test("a call to itself stays beside the node", () => {
  const { layout } = of("a", "aa");
  assert.deepEqual(layout.routes[0]!.points.map(({ x }) => x), [200, 200]);
});

test("neither nodes nor labels cover each other, and the order in which they come means nothing", () => {
  let seed = 11;
  const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
  for (let round = 0; round < 30; round++) {
    const count = 2 + random(14);
    const keys = Array.from({ length: count }, (_, index) => `node ${String(index).padStart(2, "0")}`);
    const pairs = new Set(Array.from({ length: random(3 * count) }, () => `${random(count)} ${random(count)}`));
    const arrows = [...pairs].map((pair) => pair.split(" ").map(Number)).map(([from, to]) => ({ from: from!, to: to! }));
    const layout = layOut(keys, arrows, measuresFor(keys));
    layout.nodes.forEach((one, index) => {
      for (const other of layout.nodes.slice(index + 1)) assert.ok(one.x !== other.x || Math.abs(one.y - other.y) >= measures.nodeHeight + measures.rowGap - 1e-6);
    });
    const labels = layout.routes.map(({ label }) => label);
    labels.forEach((one, index) => {
      for (const other of labels.slice(index + 1)) assert.ok(one.x !== other.x || Math.abs(one.y - other.y) >= measures.labelHeight - 1e-6);
    });
    const turned = layOut([...keys].reverse(), arrows.map(({ from, to }) => ({ from: count - 1 - from, to: count - 1 - to })).reverse(), measuresFor(keys));
    assert.deepEqual(turned.nodes.reverse(), layout.nodes);
  }
});
