// The trace that somebody has marked for comparison: another one that is marked is compared with it, wherever either is looked at.

import { signal } from "@preact/signals";
import { go, hrefOf } from "./location";

export const markedTrace = signal<string | undefined>(undefined);

/** The address of two traces side by side: the former at the left. */
export const comparisonOf = (left: string, right: string): string => hrefOf("/compare", { a: left, b: right });

/** Says whether the trace is marked now; with another one that is, the comparison opens. */
export function markTrace(id: string): boolean {
  const other = markedTrace.value;
  markedTrace.value = other === undefined ? id : undefined;
  if (other !== undefined && other !== id) go(comparisonOf(other, id));
  return other === undefined;
}
