// The steps of a pattern's series, those without lines filled in.

import type { LogPattern, LogPatterns } from "../api/answers";

const mostSteps = 200;

export function sparkOf({ patterns, bucket_ns }: Pick<LogPatterns, "patterns" | "bucket_ns">, { series }: LogPattern): number[] {
  const step = BigInt(bucket_ns);
  const times = patterns.flatMap((pattern) => pattern.series.flatMap(({ time_ns }) => [BigInt(time_ns)]));
  if (times.length === 0 || step <= 0n) return [];
  const first = times.reduce((left, right) => (right < left ? right : left));
  const last = times.reduce((left, right) => (right > left ? right : left));
  const values = new Array<number>(Math.min(mostSteps, Number((last - first) / step) + 1)).fill(0);
  for (const { time_ns, lines } of series) {
    const place = Number((BigInt(time_ns) - first) / step);
    if (place < values.length) values[place]! += lines;
  }
  return values;
}
