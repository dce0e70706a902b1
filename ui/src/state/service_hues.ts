// The colour of each service, the same in every view. A name has a step of the wheel of its own; where that is too near
// another service's, the one that was seen later moves, and this browser remembers where to.

import { chooseStep, hueOfStep } from "../base/colour";

const storageName = "clew.services";
/** Names beyond this many share steps anyway. */
const mostRemembered = 200;

let steps: Map<string, number> | undefined;

function rememberedSteps(): Map<string, number> {
  try {
    const kept = JSON.parse(localStorage.getItem(storageName) ?? "[]") as [string, number][];
    return new Map(kept.filter(([name, step]) => typeof name === "string" && Number.isInteger(step)));
  } catch {
    return new Map();
  }
}

export function serviceHue(name: string): number {
  steps ??= rememberedSteps();
  let step = steps.get(name);
  if (step === undefined) {
    step = chooseStep(name, [...steps.values()]);
    if (steps.size < mostRemembered) {
      steps.set(name, step);
      localStorage.setItem(storageName, JSON.stringify([...steps]));
    }
  }
  return hueOfStep(step);
}
