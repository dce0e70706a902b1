// A trigger as it is typed, and as the API takes it. What a trigger may be is decided by the API; here only what is not a
// number is told apart.

import type { NewTrigger, Recipient, RecipientOfAlert, ThresholdOp, Trigger } from "../api/alerts";
import { numberIn, wholeIn } from "./numbers_typed";

export const thresholdOps: readonly ThresholdOp[] = [">", ">=", "<", "<="];

export interface TypedTrigger {
  name: string;
  description: string;
  op: string;
  value: string;
  minutes: string;
  /** So many looks in a row have to find it. */
  inRow: string;
  /** Told at every look while it is triggered. */
  eachTime: boolean;
  recipients: readonly string[];
}

export const typedTrigger = (trigger: Trigger | undefined): TypedTrigger => ({
  name: trigger?.name ?? "",
  description: trigger?.description ?? "",
  op: trigger?.threshold.op ?? ">",
  value: trigger ? String(trigger.threshold.value) : "",
  minutes: trigger ? String(trigger.frequency / 60) : "5",
  inRow: String(trigger?.threshold.exceeded_limit ?? 1),
  eachTime: trigger?.alert_type === "on_true",
  recipients: (trigger?.recipients ?? []).flatMap(({ id }) => (id ? [id] : [])),
});

/** The members to send, or what is wrong. `before` are recipients that have no id, which a form does not show. */
export function triggerOf(typed: TypedTrigger, before: readonly RecipientOfAlert[] = []): { members: NewTrigger } | { problem: string } {
  const value = numberIn(typed.value);
  const minutes = wholeIn(typed.minutes);
  const inRow = wholeIn(typed.inRow);
  if (!typed.name.trim()) return { problem: "A trigger needs a name" };
  if (value === undefined) return { problem: `The threshold must be a number, not “${typed.value}”` };
  if (minutes === undefined || minutes < 1) return { problem: `The frequency must be whole minutes, not “${typed.minutes}”` };
  if (inRow === undefined || inRow < 1 || inRow > 5) return { problem: `It can be asked of 1 to 5 looks in a row, not of “${typed.inRow}”` };
  const recipients = [...before.filter(({ id }) => !id), ...typed.recipients.map((id) => ({ id }))];
  const description = typed.description.trim();
  return {
    members: {
      name: typed.name.trim(),
      description: description || null,
      threshold: { op: typed.op as ThresholdOp, value, exceeded_limit: inRow },
      frequency: minutes * 60,
      alert_type: typed.eachTime ? "on_true" : "on_change",
      recipients,
    },
  };
}

function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}

/** "email ops@example.com": whom a recipient stands for, in words. */
export function recipientText({ type, details }: Pick<Recipient, "type" | "details">): string {
  const of = (name: string): string => String(details[name] ?? "");
  if (type === "email") return `email ${of("email_address")}`;
  if (type === "pagerduty") return `PagerDuty ${of("pagerduty_integration_name")}`;
  // The rest of the address is a secret.
  if (type === "slack") return `Slack ${hostOf(of("slack_channel"))}`;
  return `${type === "webhook" ? "webhook" : "Teams"} ${of("webhook_name")}`;
}
