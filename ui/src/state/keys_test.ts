import assert from "node:assert/strict";
import { test } from "node:test";
import { matchKeys, type KeyGroup } from "./keys";

const act = (): void => undefined;
const groups: KeyGroup[] = [
  { title: "trace", actions: [{ keys: ["code:KeyW"], does: "zoom in", act }, { keys: ["n"], does: "next match", act }] },
  { title: "everywhere", actions: [{ keys: ["g t"], does: "traces", act }, { keys: ["n"], does: "hidden by the trace", act }] },
];

test("keys find their action", () => {
  for (const [situation, key, code, before, does, begins] of [
    ["a place on the keyboard, whatever letter is on it", "z", "KeyW", undefined, "zoom in", false],
    ["the view goes before the page", "n", "KeyN", undefined, "next match", false],
    ["the first of two", "g", "KeyG", undefined, undefined, true],
    ["the second of two", "t", "KeyT", "g", "traces", false],
    ["a second that leads nowhere", "x", "KeyX", "g", undefined, false],
    ["a letter nobody wants", "q", "KeyQ", undefined, undefined, false],
  ] as const) {
    const match = matchKeys(groups, { key, code }, before);
    assert.equal(match.action?.does, does, situation);
    assert.equal(match.begins, begins, situation);
  }
});

test("what lies over the page has all keys for itself", () => {
  const sheet = { title: "sheet", isAlone: true, actions: [{ keys: ["Escape"], does: "close", act }] };
  assert.equal(matchKeys([sheet, ...groups], { key: "n", code: "KeyN" }, undefined).action, undefined);
  assert.equal(matchKeys([sheet, ...groups], { key: "Escape", code: "Escape" }, undefined).action?.does, "close");
});
