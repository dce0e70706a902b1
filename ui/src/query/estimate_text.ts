// The cost of a question in a few words, before it is asked.

import type { Estimate } from "../api/estimate";
import { formatBytes, formatShortCount } from "../base/numbers";
import { formatDuration, milliseconds } from "../base/time";

/** "40 ms", not "40.0 ms": it is a guess. */
const roughly = (elapsedMs: number): string => formatDuration(milliseconds(Number(elapsedMs.toPrecision(elapsedMs < 1000 ? 1 : 2)))).replace(/(\.\d*?)0+ /, "$1 ").replace(". ", " ");

/** Below this nobody waits, and the figure is that of the way there. */
const notWorthTelling = 1;

export function estimateText({ rows, bytes, elapsed_ms }: Estimate): string {
  if (rows === 0) return "nothing to look at";
  const parts = [`up to ${formatShortCount(rows)} rows`];
  if (bytes > 0) parts.push(`${formatBytes(bytes)} to read`);
  if (elapsed_ms !== undefined) parts.push(elapsed_ms < notWorthTelling ? "at once" : `about ${roughly(elapsed_ms)}`);
  return parts.join(", ");
}
