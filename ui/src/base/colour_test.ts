import assert from "node:assert/strict";
import { test } from "node:test";
import { assignHues, chooseStep, hueOfStep, rgbOfOklch, stepOfName, wheelSteps } from "./colour";

test("no step of the wheel is red", () => {
  for (let step = 0; step < wheelSteps; step++) {
    const hue = hueOfStep(step);
    assert.ok(hue >= 45 && hue <= 350, `step ${step} has hue ${hue}`);
  }
});

test("a name gets its own step unless that is taken or too near", () => {
  const own = stepOfName("checkout");
  assert.equal(chooseStep("checkout", []), own);
  for (const near of [own, own + 1, own - 1]) assert.ok(Math.abs(chooseStep("checkout", [near]) - near) >= 3);
});

test("names side by side have hues of their own until the wheel is full", () => {
  const names = Array.from({ length: wheelSteps }, (_, index) => `service-${index}`);
  assert.equal(new Set(assignHues(names).values()).size, wheelSteps);
  assert.equal(assignHues([...names, "one", "more"]).size, wheelSteps + 2);
});

test("few names are far apart", () => {
  const hues = [...assignHues(["frontend", "checkout", "payment", "inventory", "database", "shipping"]).values()].sort((left, right) => left - right);
  for (let index = 1; index < hues.length; index++) assert.ok(hues[index]! - hues[index - 1]! >= 24);
});

test("OKLCH becomes the sRGB that browsers show", () => {
  assert.deepEqual(rgbOfOklch(1, 0, 0), { red: 255, green: 255, blue: 255 });
  assert.deepEqual(rgbOfOklch(0, 0, 0), { red: 0, green: 0, blue: 0 });
  const red = rgbOfOklch(0.62796, 0.25768, 29.234);
  assert.ok(red.red >= 254 && red.green <= 2 && red.blue <= 2);
});
