// Service colours: a name keeps its hue for ever, on a 24-step wheel in OKLCH that leaves out red, which means error.

export const wheelSteps = 24;
const firstHue = 52;
const lastHue = 345;

/** The hue, in degrees, of a step of the wheel. */
export const hueOfStep = (step: number): number =>
  Math.round(firstHue + ((lastHue - firstHue) * (step % wheelSteps)) / (wheelSteps - 1));

/** FNV-1a with a final mix, so that names that differ in their last letter lie far apart. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

export const stepOfName = (name: string): number => hashText(name) % wheelSteps;

/**
 * Hues for the services of one view. Each gets the step of its name; where two fall together, or so near that one could
 * be taken for the other while the wheel still has room, the later one in the alphabet moves on.
 */
export function assignHues(names: readonly string[]): Map<string, number> {
  const hues = new Map<string, number>();
  const distinct = [...new Set(names)].sort();
  const taken: number[] = [];
  const apart = distinct.length <= wheelSteps / 3 ? 2 : 1;
  for (const name of distinct) {
    let step = stepOfName(name);
    // A stride of 7 visits all 24 steps and lands far from the neighbour it collided with.
    for (let tries = 0; tries < wheelSteps && taken.some((other) => distance(step, other) < apart); tries++) step = (step + 7) % wheelSteps;
    taken.push(step);
    hues.set(name, hueOfStep(step));
  }
  return hues;
}

/** The wheel has a gap where red would be, so its ends are not neighbours. */
const distance = (left: number, right: number): number => Math.abs(left - right);

export interface Rgb {
  red: number;
  green: number;
  blue: number;
}

/** OKLCH to sRGB bytes, for pixels that are written one by one. */
export function rgbOfOklch(lightness: number, chroma: number, hue: number): Rgb {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return {
    red: byteOfLinear(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
    green: byteOfLinear(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
    blue: byteOfLinear(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
  };
}

function byteOfLinear(value: number): number {
  const encoded = value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
  return Math.max(0, Math.min(255, Math.round(encoded * 255)));
}
