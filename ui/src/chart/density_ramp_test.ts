import assert from "node:assert/strict";
import { test } from "node:test";
import type { Rgb } from "../base/colour";
import { densityRamp, shadeOf } from "./density_ramp";

const grey = ({ red, green, blue }: Rgb): number => 0.2126 * red + 0.7152 * green + 0.0722 * blue;

test("the ramp can be read in grey: darker on light ground, lighter on dark", () => {
  for (const [isDark, sign] of [[false, -1], [true, 1]] as const) {
    const ramp = densityRamp(isDark);
    for (const colours of [ramp.colours, ramp.selected]) {
      for (let index = 1; index < colours.length; index++) assert.ok(sign * (grey(colours[index]!) - grey(colours[index - 1]!)) >= 0, `${isDark} ${index}`);
      assert.ok(Math.abs(grey(colours.at(-1)!) - grey(colours[0]!)) > 90);
    }
  }
});

test("shades follow the order of magnitude", () => {
  const most = shadeOf(100_000, 100_000);
  assert.ok(shadeOf(1, 100_000) > 0, "a single one is not nothing");
  assert.ok(shadeOf(1000, 100_000) > most / 2);
  assert.equal(shadeOf(0, 10), 0);
  assert.equal(shadeOf(5, 0), most);
});
