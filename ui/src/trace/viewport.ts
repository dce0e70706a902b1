// The part of the trace's time that fills the width of the waterfall, and how it moves.

import { nanoseconds, type Nanoseconds } from "../base/time";

/** From and to are offsets from the trace's origin. */
export interface TimeWindow {
  from: Nanoseconds;
  to: Nanoseconds;
}

/** The narrowest window: 100 ns across, well under the shortest span that means anything. */
export const narrowest = nanoseconds(100);

export const widthOf = (window: TimeWindow): Nanoseconds => nanoseconds(window.to - window.from);

/** A little air on the right, so that the label of the last bar has somewhere to go. */
export const wholeWindow = (extent: number): TimeWindow => ({
  from: nanoseconds(0),
  to: nanoseconds(Math.max(extent * 1.02, narrowest)),
});

/** Keeps the window inside the trace and no narrower than the limit. */
export function clampWindow(window: TimeWindow, extent: number): TimeWindow {
  const whole = wholeWindow(extent);
  const width = Math.min(Math.max(window.to - window.from, Math.min(narrowest, whole.to)), whole.to);
  const from = Math.min(Math.max(window.from, 0), whole.to - width);
  return { from: nanoseconds(from), to: nanoseconds(from + width) };
}

/** Zooms so that what lies under the pointer, at `anchor` (0 left … 1 right), stays there. A factor under 1 zooms in. */
export function zoomed(window: TimeWindow, factor: number, anchor: number, extent: number): TimeWindow {
  const width = window.to - window.from;
  const fixed = window.from + width * anchor;
  const newWidth = Math.max(width * factor, narrowest);
  return clampWindow({ from: nanoseconds(fixed - newWidth * anchor), to: nanoseconds(fixed + newWidth * (1 - anchor)) }, extent);
}

/** Moves by a share of the window's width. */
export function panned(window: TimeWindow, share: number, extent: number): TimeWindow {
  const shift = (window.to - window.from) * share;
  const limit = wholeWindow(extent).to;
  const bounded = Math.max(-window.from, Math.min(shift, limit - window.to));
  return { from: nanoseconds(window.from + bounded), to: nanoseconds(window.to + bounded) };
}

/** A window with the span in the middle and air at both sides. */
export function fittedTo(start: number, duration: number, extent: number): TimeWindow {
  const air = Math.max(duration * 0.15, narrowest / 2);
  return clampWindow({ from: nanoseconds(start - air), to: nanoseconds(start + duration + air) }, extent);
}

/** The same width, with the span's middle in the middle. */
export function centredOn(window: TimeWindow, start: number, duration: number, extent: number): TimeWindow {
  const half = (window.to - window.from) / 2;
  const middle = start + duration / 2;
  return clampWindow({ from: nanoseconds(middle - half), to: nanoseconds(middle + half) }, extent);
}

export const isWhole = (window: TimeWindow, extent: number): boolean => {
  const whole = wholeWindow(extent);
  return window.from <= 0 && window.to >= whole.to * 0.999999;
};

/** As written in the address: two whole offsets in nanoseconds. */
export const windowText = (window: TimeWindow): string => `${Math.round(window.from)}-${Math.round(window.to)}`;

export function parseWindow(text: string | undefined, extent: number): TimeWindow {
  const match = /^(\d+)-(\d+)$/.exec(text ?? "");
  if (!match || Number(match[2]) <= Number(match[1])) return wholeWindow(extent);
  return clampWindow({ from: nanoseconds(Number(match[1])), to: nanoseconds(Number(match[2])) }, extent);
}

/** Offsets for grid lines: round numbers, at most `most` of them. */
export function ticksIn(window: TimeWindow, most: number): { step: Nanoseconds; at: Nanoseconds[] } {
  const step = roundStep((window.to - window.from) / Math.max(1, most));
  const at: Nanoseconds[] = [];
  for (let tick = Math.ceil(window.from / step); tick * step <= window.to; tick++) at.push(nanoseconds(tick * step));
  return { step: nanoseconds(step), at };
}

function roundStep(least: number): number {
  // Above a second people count in minutes and hours.
  for (const step of [1e9, 2e9, 5e9, 10e9, 15e9, 30e9, 60e9, 120e9, 300e9, 600e9, 1800e9, 3600e9, 7200e9, 21600e9, 86400e9]) {
    if (least > 0.5e9 && step >= least) return step;
  }
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  for (const factor of [1, 2, 5, 10]) if (power * factor >= least) return power * factor;
  return power * 10;
}
