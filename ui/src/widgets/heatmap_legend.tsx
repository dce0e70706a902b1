// What the shades of a heat map mean: from one to the most in any one cell, by order of magnitude.

import { formatShortCount } from "../base/numbers";
import { densityRamp } from "../chart/density_ramp";
import { themeCount } from "../state/theme";

const shown = 8;

export function HeatmapLegend({ most }: { most: number }) {
  themeCount.value; // redrawn when the theme changes
  const { colours } = densityRamp(document.documentElement.dataset.theme === "dark");
  const steps = Array.from({ length: shown }, (_, index) => colours[Math.round((index * (colours.length - 1)) / (shown - 1))]!);
  return (
    <span class="heatmap-legend" aria-label={`Shades: from 1 to ${formatShortCount(Math.round(most))} in a cell`} role="img">
      <span class="faint">1</span>
      {steps.map(({ red, green, blue }, index) => (
        <span key={index} class="shade" style={{ background: `rgb(${red} ${green} ${blue})` }} />
      ))}
      <span class="faint">{formatShortCount(Math.round(most))}</span>
    </span>
  );
}
