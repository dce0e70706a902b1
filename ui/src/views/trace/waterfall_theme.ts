// The colours of the waterfall, read from the stylesheet when the theme changes.

import { cssColour } from "../../state/theme";

export interface WaterfallTheme {
  ground: string;
  panel: string;
  line: string;
  grid: string;
  text: string;
  soft: string;
  faint: string;
  error: string;
  errorText: string;
  onError: string;
  critical: string;
  match: string;
  hover: string;
  selected: string;
  accent: string;
  onAccent: string;
  /** Text on a bar of any service. */
  onBar: string;
  sunken: string;
  /** By index of service. */
  services: string[];
  serviceLightness: number;
  serviceChroma: number;
  font: string;
}

export function readWaterfallTheme(hues: readonly number[]): WaterfallTheme {
  const lightness = Number(cssColour("--service-lightness"));
  const chroma = Number(cssColour("--service-chroma"));
  return {
    ground: cssColour("--ground"),
    panel: cssColour("--panel"),
    line: cssColour("--line"),
    grid: cssColour("--grid"),
    text: cssColour("--text"),
    soft: cssColour("--text-soft"),
    faint: cssColour("--text-faint"),
    error: cssColour("--error"),
    errorText: cssColour("--error-text"),
    onError: cssColour("--ground"),
    critical: cssColour("--critical"),
    match: cssColour("--match"),
    hover: cssColour("--hover"),
    selected: cssColour("--selected"),
    accent: cssColour("--accent"),
    onAccent: cssColour("--on-accent"),
    onBar: cssColour("--on-bar"),
    sunken: cssColour("--sunken"),
    services: hues.map((hue) => `oklch(${lightness} ${chroma} ${hue})`),
    serviceLightness: lightness,
    serviceChroma: chroma,
    font: cssColour("--font"),
  };
}
