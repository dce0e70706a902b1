// A long question is answered first over its newest rows alone, while the rest is still being read.

import type { Answer, FirstLook } from "../api/answers";
import { formatAgo, formatMoment, moment, now } from "../base/time";

export function answerOf({ from_ns, answer }: FirstLook): Answer {
  const since = moment(from_ns);
  return {
    ...answer,
    read_from_ns: from_ns,
    partial: true,
    partial_reason: `what came since ${formatMoment(since).slice(11, 19)} (${formatAgo(since, now())}); the rest is being read`,
  };
}

/** How many of the first steps of a series are not read, or not whole. */
export function unreadSteps({ series, read_from_ns }: Answer): number {
  if (!series || read_from_ns === undefined) return 0;
  const before = Number(BigInt(read_from_ns) - BigInt(series.start_ns));
  return Math.min(series.steps, Math.max(0, Math.ceil(before / series.step_ns)));
}
