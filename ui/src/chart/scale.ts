// From values to places on an axis.

export interface Scale {
  /** 0 at the low end, 1 at the high end. */
  place: (value: number) => number;
  ticks: number[];
}

export function linearScale(low: number, high: number, mostTicks: number): Scale {
  const top = high > low ? high : low + 1;
  const step = niceStep((top - low) / Math.max(1, mostTicks));
  const first = Math.ceil(low / step);
  const ticks: number[] = [];
  for (let tick = first; tick * step <= top + step * 1e-9; tick++) ticks.push(Number((tick * step).toPrecision(12)));
  return { place: (value) => (value - low) / (top - low), ticks };
}

/** A scale for counts and sizes: it begins at nothing and ends at a round number. */
export function scaleFromZero(high: number, mostTicks: number): Scale {
  const step = niceStep(Math.max(high, 1e-12) / Math.max(1, mostTicks));
  return linearScale(0, Math.max(step, Math.ceil(high / step - 1e-9) * step), mostTicks);
}

/** Powers of ten; values under the low end stand on it. */
export function logScale(low: number, high: number): Scale {
  const from = Math.floor(Math.log10(Math.max(low, 1e-9)));
  const to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(high, low, 1e-9))));
  const ticks: number[] = [];
  for (let power = from; power <= to; power++) ticks.push(10 ** power);
  return { place: (value) => (Math.max(Math.log10(Math.max(value, 1e-9)), from) - from) / (to - from), ticks };
}

function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1e-12)));
  for (const factor of [1, 2, 2.5, 5]) if (power * factor >= least * (1 - 1e-9)) return power * factor;
  return power * 10;
}

const timeSteps = [1e6, 2e6, 5e6, 10e6, 20e6, 50e6, 100e6, 200e6, 500e6, 1e9, 2e9, 5e9, 10e9, 15e9, 30e9, 60e9, 120e9, 300e9, 600e9, 900e9, 1800e9, 3600e9, 7200e9, 10800e9, 21600e9, 43200e9, 86400e9, 172800e9, 604800e9];

/** Offsets, in nanoseconds after `origin` ms since 1970, that fall on round times of the reader's clock. */
export function clockTicks(originMs: number, spanNs: number, most: number, zoneMinutes: number): { step: number; at: number[] } {
  const step = timeSteps.find((candidate) => spanNs / candidate <= most) ?? timeSteps.at(-1)!;
  const stepMs = step / 1e6;
  const local = originMs - zoneMinutes * 60_000;
  const at: number[] = [];
  for (let tick = Math.ceil(local / stepMs) * stepMs - local; tick * 1e6 <= spanNs; tick += stepMs) at.push(tick * 1e6);
  return { step, at };
}
