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
 * The step for a name beside others: its own, unless that one is taken, or so near a taken one that the two could be
 * taken for each other while the wheel still has room for both.
 */
export function chooseStep(name: string, taken: readonly number[]): number {
  const own = stepOfName(name);
  for (const apart of [3, 2, 1]) {
    if ((taken.length + 1) * apart > wheelSteps) continue;
    // A stride of 7 visits all 24 steps and lands far from the neighbour it collided with.
    for (let tries = 0, step = own; tries < wheelSteps; tries++, step = (step + 7) % wheelSteps) {
      if (taken.every((other) => Math.abs(step - other) >= apart)) return step;
    }
  }
  return own;
}

/** Hues for names that stand side by side once, such as the lines of a chart. */
export function assignHues(names: readonly string[]): Map<string, number> {
  const steps = new Map<string, number>();
  for (const name of [...new Set(names)].sort()) steps.set(name, chooseStep(name, [...steps.values()]));
  return new Map([...steps].map(([name, step]) => [name, hueOfStep(step)]));
}

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
