// What became of requests, as shares: the gravest first, each request counted once.

import type { RequestFigures } from "../api/answers";
import { formatShare } from "../base/numbers";

export type OutcomeName = "fault" | "throttle" | "error" | "ok";

export interface OutcomeShare {
  name: OutcomeName;
  count: number;
  /** Of the circle, from 0 to 1. */
  from: number;
  to: number;
}

/** A share that is there is drawn at least this large. */
const leastSeen = 0.02;

export function outcomeShares({ requests, faults, throttles, errors }: RequestFigures): OutcomeShare[] {
  const counts: [OutcomeName, number][] = [
    ["fault", faults],
    ["throttle", throttles],
    ["error", errors],
    ["ok", Math.max(0, requests - faults - throttles - errors)],
  ];
  const present = counts.filter(([, count]) => count > 0);
  const drawn = present.map(([, count]) => Math.max(leastSeen, count / requests));
  const total = drawn.reduce((sum, share) => sum + share, 0);
  let from = 0;
  return present.map(([name, count], index) => {
    const to = index === present.length - 1 ? 1 : from + drawn[index]! / total;
    const share = { name, count, from, to };
    from = to;
    return share;
  });
}

/** The share of what did not go well, whatever the reason; nothing when all went well. */
export function failedText({ requests, faults, throttles, errors }: RequestFigures): string {
  const failed = faults + throttles + errors;
  return failed > 0 ? formatShare(failed, requests) : "";
}

const words: Readonly<Record<OutcomeName, string>> = { fault: "faults", throttle: "throttled", error: "errors", ok: "ok" };

/** "2.3 % faults, 1 % errors"; nothing when all went well. */
export function outcomeText(figures: RequestFigures): string {
  return outcomeShares(figures)
    .filter(({ name }) => name !== "ok")
    .map(({ name, count }) => `${formatShare(count, figures.requests)} ${words[name]}`)
    .join(", ");
}
