import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeOutline, provisionalName } from "./decode";
import { generateTrace } from "./generate_test_trace";
import { ancestorsOf, layoutTrace, rowsToFoldAt, siblingOf } from "./layout";
import { isProvisional, rowOfSpan } from "./outline";
import { findRepeats, rowsToShow } from "./repeats";
import { answerOf, nameOf, outlineOf, type SpanLine } from "./tree_test_support";

const shop: SpanLine[] = [
  ["root", "", 0, 100],
  ["cart", "root", 5, 40],
  ["price", "cart", 10, 20],
  ["stock", "cart", 12, 30],
  ["pay", "root", 50, 90],
  ["charge", "pay", 55, 85],
];

const shown = (lines: SpanLine[], folded: string[] = []): string[] => {
  const outline = outlineOf(lines);
  const rows = new Set(folded.map((name) => lines.findIndex((line) => line[0] === name)));
  const layout = layoutTrace(outline);
  return Array.from(rowsToShow(layout, findRepeats(outline, layout), rows, new Set()), (row) => nameOf(outline, row));
};

test("spans are shown depth first, children by start", () => {
  assert.deepEqual(shown(shop), ["root", "cart", "price", "stock", "pay", "charge"]);
});

test("a folded span hides all that is under it", () => {
  assert.deepEqual(shown(shop, ["cart"]), ["root", "cart", "pay", "charge"]);
  assert.deepEqual(shown(shop, ["root"]), ["root"]);
  assert.deepEqual(shown(shop, ["cart", "pay"]), ["root", "cart", "pay"]);
});

test("self time leaves out what children cover, overlaps once", () => {
  const outline = outlineOf(shop);
  const layout = layoutTrace(outline);
  assert.deepEqual(Array.from(layout.selfTime), [25, 15, 10, 18, 10, 30]);
  assert.deepEqual(Array.from(layout.depth), [0, 1, 2, 2, 1, 2]);
  assert.deepEqual(Array.from(layout.subtree), [6, 3, 1, 1, 2, 1]);
  assert.equal(layout.extent, 100);
});

test("a child that outlives its parent covers no more than the parent", () => {
  const layout = layoutTrace(outlineOf([["root", "", 0, 10], ["late", "root", 5, 50]]));
  assert.equal(layout.selfTime[0], 5);
  assert.equal(layout.extent, 50);
});

test("orphans hang under one provisional parent that spans them all", () => {
  const outline = outlineOf([
    ["root", "", 0, 10],
    ["lost", "?", 20, 30],
    ["child", "lost", 22, 28],
    ["other", "?", 25, 60],
  ]);
  const layout = layoutTrace(outline);
  const names = Array.from(layout.order, (row) => nameOf(outline, row));
  assert.deepEqual(names, ["root", provisionalName, "lost", "child", "other"]);
  const provisional = layout.order[1];
  assert.ok(isProvisional(outline, provisional));
  assert.equal(outline.start[provisional], 20);
  assert.equal(outline.duration[provisional], 40);
  assert.deepEqual(Array.from(layout.depth), [0, 0, 1, 2, 1]);
});

test("events stay with their span, in order of time", () => {
  const answer = answerOf([["root", "", 0, 10], ["lost", "?", 2, 6]]);
  answer.events = { span: [1, 0, 1], offset_ns: [3, 4, 5], exception: [0, 0, 1] };
  const { events, names, name } = decodeOutline(answer);
  assert.deepEqual(Array.from(events.row, (row) => names[name[row]!]), ["root", "lost", "lost"]);
  assert.deepEqual(Array.from(events.at), [4, 3, 5]);
  assert.deepEqual(Array.from(events.exception), [0, 0, 1]);
});

test("a ring of parents is cut open, and nothing is lost", () => {
  const outline = outlineOf([["a", "b", 0, 10], ["b", "a", 1, 9], ["c", "b", 2, 8]]);
  const layout = layoutTrace(outline);
  assert.deepEqual(Array.from(layout.order, (row) => nameOf(outline, row)), ["a", "b", "c"]);
});

test("a span that is its own parent becomes a root", () => {
  const layout = layoutTrace(outlineOf([["a", "a", 0, 10]]));
  assert.deepEqual(Array.from(layout.roots), [0]);
});

test("a parent may come after its child in the order", () => {
  const outline = outlineOf([["early", "root", 0, 5], ["root", "", 1, 10]]);
  const layout = layoutTrace(outline);
  assert.deepEqual(Array.from(layout.order, (row) => nameOf(outline, row)), ["root", "early"]);
});

test("parents out of range are taken for none", () => {
  const answer = answerOf([["root", "", 0, 10], ["child", "root", 1, 2]]);
  answer.columns.parent = [-1, 77];
  assert.equal(layoutTrace(decodeOutline(answer)).roots.length, 2);
});

test("siblings, ancestors and spans by id", () => {
  const outline = outlineOf(shop);
  const layout = layoutTrace(outline);
  assert.equal(siblingOf(outline, layout, 1, 1), 4);
  assert.equal(siblingOf(outline, layout, 4, -1), 1);
  assert.equal(siblingOf(outline, layout, 4, 1), undefined);
  assert.deepEqual(ancestorsOf(outline, 5), [0, 4]);
  assert.equal(rowOfSpan(outline, "0000000000000003"), 2);
  assert.equal(rowOfSpan(outline, "00000000000000ff"), undefined);
  assert.equal(rowOfSpan(outline, "nonsense"), undefined);
});

test("folding at a level folds those with children only", () => {
  assert.deepEqual([...rowsToFoldAt(layoutTrace(outlineOf(shop)), 1)], [1, 4]);
});

test("100,000 spans are laid out well within half a second", () => {
  const outline = decodeOutline(generateTrace(100_000));
  let layout = layoutTrace(outline);
  // The quickest of three: what else the machine does is not the layout's fault.
  let quickest = Infinity;
  for (let i = 0; i < 3; ++i) {
    const begin = performance.now();
    layout = layoutTrace(outline);
    quickest = Math.min(quickest, performance.now() - begin);
  }
  assert.ok(quickest < 500, `${quickest} ms`);
  assert.equal(layout.order.length, 100_000);
  assert.equal(new Set(layout.order).size, 100_000);
});
