// When a burn alert tells people, in words.

import type { BurnAlert } from "../api/alerts";
import { significant } from "../base/numbers";
import { formatDuration, minutes } from "../base/time";

const lengthOf = (count: number): string => formatDuration(minutes(count)).replace(/\.0+ /, " ");

export function burnAlertText(alert: BurnAlert): string {
  if (alert.alert_type === "budget_rate") {
    const share = significant((alert.budget_rate_decrease_threshold_per_million ?? 0) / 1e4);
    return `${share} % of the budget goes in ${lengthOf(alert.budget_rate_window_minutes ?? 60)}`;
  }
  return alert.exhaustion_minutes ? `the budget will be gone within ${lengthOf(alert.exhaustion_minutes)}` : "the budget is gone";
}
