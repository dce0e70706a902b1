// An SLO and a burn alert as they are typed, and as the API takes them.

import type { BurnAlert, NewBurnAlert, NewSlo, Slo } from "../api/alerts";
import { numberIn, wholeIn } from "./numbers_typed";

export interface TypedSlo {
  name: string;
  description: string;
  /** Per cent. */
  target: string;
  days: string;
}

export const typedSlo = (slo: Slo | undefined): TypedSlo => ({
  name: slo?.name ?? "",
  description: slo?.description ?? "",
  target: slo ? String(slo.target_per_million / 1e4) : "99.9",
  days: slo ? String(slo.time_period_days) : "30",
});

export function sloOf(typed: TypedSlo, alias: string): { members: NewSlo } | { problem: string } {
  const name = typed.name.trim();
  const target = numberIn(typed.target);
  const days = wholeIn(typed.days);
  const description = typed.description.trim();
  if (!name) return { problem: "An SLO needs a name" };
  if (target === undefined || target < 0 || target >= 100) return { problem: `The target must be a percentage below 100, not “${typed.target}”` };
  if (days === undefined || days < 1) return { problem: `The period must be whole days, not “${typed.days}”` };
  return { members: { name, sli: { alias }, time_period_days: days, target_per_million: Math.round(target * 1e4), ...(description ? { description } : {}) } };
}

/** What the column is called that holds an SLO's verdict: "sli.cards_are_quick". */
export const aliasOf = (name: string): string => `sli.${name.trim().toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "") || "good"}`;

export interface TypedBurnAlert {
  kind: string;
  /** Until the budget is gone. */
  hours: string;
  /** Per cent of the budget, in so many hours. */
  share: string;
  window: string;
  description: string;
  recipients: readonly string[];
}

export const typedBurnAlert = (alert: BurnAlert | undefined): TypedBurnAlert => ({
  kind: alert?.alert_type ?? "exhaustion_time",
  hours: String((alert?.exhaustion_minutes ?? 240) / 60),
  share: String((alert?.budget_rate_decrease_threshold_per_million ?? 20_000) / 1e4),
  window: String((alert?.budget_rate_window_minutes ?? 60) / 60),
  description: alert?.description ?? "",
  recipients: (alert?.recipients ?? []).flatMap(({ id }) => (id ? [id] : [])),
});

/** `before`: recipients without an id, which a form does not show. */
export function burnAlertOf(typed: TypedBurnAlert, slo: string, before: BurnAlert["recipients"] = []): { members: NewBurnAlert } | { problem: string } {
  const description = typed.description.trim();
  const shared = { slo: { id: slo }, recipients: [...before.filter(({ id }) => !id), ...typed.recipients.map((id) => ({ id }))], ...(description ? { description } : {}) };
  if (typed.kind === "budget_rate") {
    const share = numberIn(typed.share);
    const window = numberIn(typed.window);
    if (share === undefined || share <= 0 || share > 100) return { problem: `The share must be a percentage of the budget, not “${typed.share}”` };
    if (window === undefined || window < 1) return { problem: `The window must be an hour or more, not “${typed.window}”` };
    return { members: { alert_type: "budget_rate", budget_rate_window_minutes: Math.round(window * 60), budget_rate_decrease_threshold_per_million: Math.max(1, Math.round(share * 1e4)), ...shared } };
  }
  const hours = numberIn(typed.hours);
  if (hours === undefined || hours < 0) return { problem: `The time must be hours, not “${typed.hours}”` };
  return { members: { alert_type: "exhaustion_time", exhaustion_minutes: Math.round(hours * 60), ...shared } };
}
