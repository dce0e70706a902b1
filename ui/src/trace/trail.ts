// The way into a trace: each window that was zoomed into from a wider one, so that one click leads back.

import { isWhole, type TimeWindow } from "./viewport";

/** A window this much narrower than the last is a step of its own; less is a correction of that. */
const stepFactor = 1.5;
const mostSteps = 5;

const widthOf = (window: TimeWindow): number => window.to - window.from;

/** The trail once the window has come to rest; the whole trace is its silent beginning. */
export function trailAfter(trail: readonly TimeWindow[], window: TimeWindow, extent: number): readonly TimeWindow[] {
  if (isWhole(window, extent)) return [];
  const air = widthOf(window) * 0.25;
  const around = trail.filter((crumb) => crumb.from <= window.from + air && crumb.to >= window.to - air && widthOf(crumb) >= widthOf(window) * stepFactor);
  return [...around, window].slice(-mostSteps);
}
