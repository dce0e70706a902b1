// Colours for how much there is: lightness alone tells more from less, so that the ramp can be read in grey, too.

import { rgbOfOklch, type Rgb } from "../base/colour";

export interface DensityRamp {
  /** From the least that is not nothing to the most. */
  colours: readonly Rgb[];
  /** The same, for what is selected. */
  selected: readonly Rgb[];
}

const shades = 64;

interface End {
  lightness: number;
  chroma: number;
  hue: number;
}

function between(low: End, high: End): Rgb[] {
  return Array.from({ length: shades }, (_, index) => {
    const share = index / (shades - 1);
    const mix = (from: number, to: number): number => from + (to - from) * share;
    return rgbOfOklch(mix(low.lightness, high.lightness), mix(low.chroma, high.chroma), mix(low.hue, high.hue));
  });
}

/** On a light ground more is darker, on a dark ground more is lighter. */
export function densityRamp(isDark: boolean): DensityRamp {
  return isDark
    ? {
        colours: between({ lightness: 0.34, chroma: 0.07, hue: 265 }, { lightness: 0.9, chroma: 0.1, hue: 200 }),
        selected: between({ lightness: 0.4, chroma: 0.08, hue: 62 }, { lightness: 0.92, chroma: 0.13, hue: 92 }),
      }
    : {
        colours: between({ lightness: 0.86, chroma: 0.055, hue: 235 }, { lightness: 0.32, chroma: 0.14, hue: 275 }),
        selected: between({ lightness: 0.86, chroma: 0.1, hue: 80 }, { lightness: 0.45, chroma: 0.13, hue: 50 }),
      };
}

/** Which shade: by the order of magnitude, since few cells hold most of what there is. */
export function shadeOf(count: number, most: number): number {
  if (!(count > 0)) return 0;
  const share = most > 0 ? Math.log1p(count) / Math.log1p(most) : 1;
  return Math.max(0, Math.min(shades - 1, Math.round(share * (shades - 1))));
}
