import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutTrace } from "./layout";
import { rasterMinimap } from "./minimap";
import { outlineOf } from "./tree_test_support";

const green = { red: 0, green: 200, blue: 0 };
const blue = { red: 0, green: 0, blue: 200 };
const red = { red: 255, green: 0, blue: 0 };

test("errors win a pixel, then the longer span, and the shortest span is still seen", () => {
  const outline = outlineOf([
    ["root", "", 0, 1000],
    ["instant", "root", 500, 500],
    ["failed", "root", 500, 501, "error"],
  ]);
  const pixels = rasterMinimap(outline, layoutTrace(outline), 100, 2, { services: [green, blue], error: red });
  const at = (x: number, y: number): number[] => Array.from(pixels.slice((y * 100 + x) * 4, (y * 100 + x) * 4 + 4));
  assert.deepEqual(at(0, 0), [0, 200, 0, 255]);
  assert.deepEqual(at(50, 1), [255, 0, 0, 255]);
  assert.deepEqual(at(20, 1), [0, 0, 0, 0]);
});
