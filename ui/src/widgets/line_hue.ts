// The hue of a line in a chart: that of its name, so that a service looks the same as everywhere else.

import { hueOfStep, stepOfName } from "../base/colour";

/** A second line with the hue of the first would be taken for it; order moves them apart a little. */
export const lineHue = (name: string, order: number): number => (hueOfStep(stepOfName(name)) + (order % 3) * 4) % 360;
