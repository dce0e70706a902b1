// The whole trace as a small picture: time from left to right, spans from top to bottom in display order, each pixel
// the colour of the span it shows. Errors win a pixel, then the longer span. Where a span has a line of its own, an error
// is marked at its start; where many share one, it colours the whole, and so much that it is seen.

import type { Rgb } from "../base/colour";
import type { TraceLayout } from "./layout";
import type { TraceOutline } from "./outline";

export interface MinimapColours {
  /** By index of service. */
  services: Rgb[];
  error: Rgb;
}

/** Pixels of red at the start of a failed span. */
const markWidth = 4;

/** RGBA bytes of a width × height picture on a transparent ground. */
export function rasterMinimap(
  outline: TraceOutline,
  layout: TraceLayout,
  width: number,
  height: number,
  colours: MinimapColours,
): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(width * height * 4);
  const strength = new Float64Array(width * height);
  const extent = Math.max(layout.extent, 1);
  // Few spans get a thicker line each, many share one.
  const lineHeight = Math.max(1, Math.min(4, Math.floor(height / Math.max(1, outline.rows)) - 1));
  const spread = outline.rows > 1 ? (height - lineHeight) / (outline.rows - 1) : 0;
  for (let at = 0; at < outline.rows; at++) {
    const row = layout.order[at];
    const failed = (outline.flags[row] & 1) !== 0;
    const top = Math.floor(at * Math.min(spread, 6));
    const left = Math.min(width - 1, Math.floor((outline.start[row] / extent) * width));
    const right = Math.max(left + 1, Math.min(width, Math.ceil(((outline.start[row] + outline.duration[row]) / extent) * width)));
    const weight = (failed ? 1e18 : 0) + outline.duration[row] + 1;
    const marked = failed ? (lineHeight > 1 ? left + markWidth : Math.max(right, left + markWidth)) : left;
    for (let y = top; y < Math.min(height, top + lineHeight); y++) {
      for (let x = left; x < Math.min(width, Math.max(right, marked)); x++) {
        const pixel = y * width + x;
        if (strength[pixel] >= weight) continue;
        strength[pixel] = weight;
        const colour = x < marked ? colours.error : colours.services[outline.service[row]];
        pixels[pixel * 4] = colour.red;
        pixels[pixel * 4 + 1] = colour.green;
        pixels[pixel * 4 + 2] = colour.blue;
        pixels[pixel * 4 + 3] = 255;
      }
    }
  }
  return pixels;
}
