import assert from "node:assert/strict";
import { test } from "node:test";
import type { BoardPanel } from "../api/boards";
import { inOrder, laidOut, moved, namesOf, resized, widthOf } from "./arrange";

const text = (content: string, width = 6): BoardPanel => ({ type: "text", text_panel: { content }, position: { x_coordinate: 0, y_coordinate: 0, width, height: 4 } });
const names = (panels: readonly BoardPanel[]): string => panels.map((panel) => panel.text_panel!.content).join("");
const places = (panels: readonly BoardPanel[]): number[][] => panels.map(({ position }) => [position!.x_coordinate, position!.y_coordinate, position!.width]);

test("rows are as full as they get, and nothing lies over anything", () => {
  assert.deepEqual(places(laidOut([text("a"), text("b"), text("c", 4), text("d", 4), text("e", 4), text("f", 12)])), [[0, 0, 6], [6, 0, 6], [0, 4, 4], [4, 4, 4], [8, 4, 4], [0, 8, 12]]);
});

test("panels are read from left to right and from top to bottom; new ones come last", () => {
  const arranged = laidOut([text("a"), text("b"), text("c")]);
  assert.equal(names(inOrder([arranged[2]!, { type: "text", text_panel: { content: "n" } }, arranged[1]!, arranged[0]!])), "abcn");
});

test("moving and resizing", () => {
  const panels = laidOut([text("a"), text("b"), text("c")]);
  assert.equal(names(moved(panels, 2, 0)), "cab");
  assert.equal(names(moved(panels, 0, 2)), "bca");
  assert.equal(names(moved(panels, 0, 9)), "abc");
  const wide = resized(panels, 0, "full");
  assert.deepEqual(places(wide), [[0, 0, 12], [0, 4, 6], [6, 4, 6]]);
  assert.equal(widthOf(wide[0]!), "full");
});

test("a panel keeps its name where it is moved and however it is drawn", () => {
  const panels = laidOut([text("a"), text("b"), text("a")]);
  const [first, second, third] = namesOf(panels);
  assert.equal(new Set([first, second, third]).size, 3);
  assert.deepEqual(namesOf(moved(panels, 1, 0)), [second, first, third]);
  const asked = (query_style: string): BoardPanel => ({ type: "query", query_panel: { query: "COUNT", query_style } });
  assert.deepEqual(namesOf([asked("bars")]), namesOf([asked("table")]));
});
