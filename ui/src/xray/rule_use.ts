// What clients reported of a sampling rule: how many requests it decided about, and how many of them were kept.

import type { SamplingUse } from "../api/xray";

export interface RuleUse {
  requests: number;
  sampled: number;
  /** Kept before clew had told the client its share. */
  borrowed: number;
  /** Requests in each minute, the latest last. */
  byMinute: number[];
}

/** Seconds. */
export const useWindow = 600;
const minutes = useWindow / 60;

/** By rule, of the ten minutes before `now` (seconds since 1970). Rules without reports are not there. */
export function useOfRules(reports: readonly SamplingUse[], now: number): Map<string, RuleUse> {
  const uses = new Map<string, RuleUse>();
  for (const { RuleName, Timestamp, RequestCount, SampledCount, BorrowCount } of reports) {
    const age = now - Timestamp;
    if (age < 0 || age >= useWindow) continue;
    const use = uses.get(RuleName) ?? { requests: 0, sampled: 0, borrowed: 0, byMinute: Array.from({ length: minutes }, () => 0) };
    use.requests += RequestCount;
    use.sampled += SampledCount;
    use.borrowed += BorrowCount;
    use.byMinute[minutes - 1 - Math.floor(age / 60)]! += RequestCount;
    uses.set(RuleName, use);
  }
  return uses;
}
