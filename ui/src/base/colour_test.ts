import assert from "node:assert/strict";
import { test } from "node:test";
import { assignHues, hueOfStep, rgbOfOklch, wheelSteps } from "./colour";

test("no step of the wheel is red", () => {
  for (let step = 0; step < wheelSteps; step++) {
    const hue = hueOfStep(step);
    assert.ok(hue >= 45 && hue <= 350, `step ${step} has hue ${hue}`);
  }
});

test("a service keeps its hue whatever else is in view", () => {
  const alone = assignHues(["checkout"]).get("checkout");
  assert.equal(assignHues(["checkout", "zebra"]).get("checkout"), alone);
});

test("services in one view have hues of their own until the wheel is full", () => {
  const names = Array.from({ length: wheelSteps }, (_, index) => `service-${index}`);
  assert.equal(new Set(assignHues(names).values()).size, wheelSteps);
  assert.equal(assignHues([...names, "one", "more"]).size, wheelSteps + 2);
});

test("OKLCH becomes the sRGB that browsers show", () => {
  assert.deepEqual(rgbOfOklch(1, 0, 0), { red: 255, green: 255, blue: 255 });
  assert.deepEqual(rgbOfOklch(0, 0, 0), { red: 0, green: 0, blue: 0 });
  const red = rgbOfOklch(0.62796, 0.25768, 29.234);
  assert.ok(red.red >= 254 && red.green <= 2 && red.blue <= 2);
});
