// A recipient as it is typed, as the API keeps it, and as a test message is addressed to it.

import type { Recipient, RecipientType } from "../api/alerts";

export interface RecipientField {
  name: string;
  label: string;
  hint: string;
  isOptional?: boolean;
}

export const recipientKinds: readonly { type: RecipientType; title: string; fields: readonly RecipientField[] }[] = [
  { type: "email", title: "E-mail", fields: [{ name: "email_address", label: "Address", hint: "needs a mail server: clew serve --smtp" }] },
  {
    type: "webhook",
    title: "Webhook",
    fields: [
      { name: "webhook_name", label: "Name", hint: "as lists show it" },
      { name: "webhook_url", label: "URL", hint: "gets a POST of JSON" },
      { name: "webhook_secret", label: "Secret", hint: "sent along, so that the other side knows us", isOptional: true },
    ],
  },
  { type: "slack", title: "Slack", fields: [{ name: "slack_channel", label: "Webhook URL", hint: "an incoming webhook of Slack, Mattermost or Discord" }] },
  {
    type: "pagerduty",
    title: "PagerDuty",
    fields: [
      { name: "pagerduty_integration_name", label: "Name", hint: "as lists show it" },
      { name: "pagerduty_integration_key", label: "Integration key", hint: "32 characters, of an Events API v2 integration" },
    ],
  },
];

export function recipientOf(type: string, typed: (name: string) => string): { recipient: Omit<Recipient, "id"> } | { problem: string } {
  const kind = recipientKinds.find((one) => one.type === type);
  if (!kind) return { problem: `There is no way to reach “${type}”` };
  const details: Record<string, string> = {};
  for (const { name, label, isOptional } of kind.fields) {
    const text = typed(name).trim();
    if (text) details[name] = text;
    else if (!isOptional) return { problem: `${label} is missing` };
  }
  return { recipient: { type: kind.type, details } };
}

/** As /clew/v1/notifications/test takes whom to write to. */
export function addressOf({ type, details }: Omit<Recipient, "id">): Record<string, unknown> {
  const of = (name: string): string => String(details[name] ?? "");
  if (type === "email") return { channel: "email", address: of("email_address") };
  if (type === "pagerduty") return { channel: "pagerduty", routing_key: of("pagerduty_integration_key") };
  if (type === "slack") return { channel: "slack", url: of("slack_channel") };
  if (type !== "webhook") return { channel: "slack", url: of("webhook_url") };
  const secret = of("webhook_secret");
  const given = Array.isArray(details.webhook_headers) ? (details.webhook_headers as { header: string; value?: string }[]) : [];
  const headers = Object.fromEntries([...(secret ? [["x-honeycomb-webhook-token", secret]] : []), ...given.map(({ header, value }) => [header.toLowerCase(), value ?? ""])]);
  return { channel: "webhook", url: of("webhook_url"), ...(Object.keys(headers).length > 0 ? { headers } : {}) };
}
