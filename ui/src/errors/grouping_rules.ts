// Grouping rules as people write them in the page, and what a trial of them says.

import type { GroupingTrial } from "../api/errors";

export const exampleRules = `[
  {"condition": {"all": [{"path": "exception.type", "eq": "TimeoutError"},
                         {"path": "service", "eq": "billing"}]},
   "fingerprint": "timeouts of {{ service }}",
   "title": "Billing does not answer"}
]`;

/** The rules, or what is wrong with the text. */
export function readRules(text: string): { rules: unknown[] } | { fault: string } {
  if (text.trim() === "") return { rules: [] };
  try {
    const rules: unknown = JSON.parse(text);
    return Array.isArray(rules) ? { rules } : { fault: "Rules are a list: […]" };
  } catch (problem) {
    return { fault: problem instanceof Error ? problem.message : String(problem) };
  }
}

/** A rule on each few lines, as they are read most easily. */
export const writeRules = (rules: readonly unknown[]): string => (rules.length === 0 ? "" : JSON.stringify(rules, null, 2));

export interface TrialLine {
  title: string;
  reason: string;
  occurrences: number;
  /** The errors that its occurrences belong to now. */
  items: number[];
  /** Parts of it come from several errors, or it takes only a part of one. */
  isChange: boolean;
}

/** What changes first, then what there is most of. */
export function trialLines(trial: GroupingTrial): TrialLine[] {
  const parts = new Map<number, number>();
  for (const group of trial.groups) for (const item of group.items) parts.set(item, (parts.get(item) ?? 0) + 1);
  return trial.groups
    .map(({ title, reason, occurrences, items }) => ({ title, reason, occurrences, items, isChange: items.length > 1 || items.some((item) => parts.get(item)! > 1) }))
    .sort((left, right) => Number(right.isChange) - Number(left.isChange) || right.occurrences - left.occurrences);
}
