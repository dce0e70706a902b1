// What a Rollbar client sent, looked into with care: anything may be missing or of another kind.

export const recordOf = (value: unknown): Record<string, unknown> | undefined => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined);

/** The item itself, with or without its envelope. */
export function rollbarData(payload: unknown): Record<string, unknown> | undefined {
  const envelope = recordOf(payload);
  return recordOf(envelope?.data) ?? envelope;
}

export interface TelemetryEntry {
  /** Milliseconds since 1970. */
  at: number;
  level: string;
  kind: string;
  text: string;
}

/** What the client noted before the error, in order of time. */
export function telemetryOf(payload: unknown): TelemetryEntry[] {
  const body = recordOf(rollbarData(payload)?.body);
  const entries = body?.telemetry;
  if (!Array.isArray(entries)) return [];
  return entries
    .flatMap((each): TelemetryEntry[] => {
      const entry = recordOf(each);
      if (!entry) return [];
      const inside = recordOf(entry.body) ?? {};
      return [{ at: Number(entry.timestamp_ms) || 0, level: String(entry.level ?? ""), kind: String(entry.type ?? "manual"), text: textOf(String(entry.type ?? ""), inside) }];
    })
    .sort((left, right) => left.at - right.at);
}

function textOf(kind: string, body: Record<string, unknown>): string {
  const word = (name: string): string => (body[name] === undefined || body[name] === null ? "" : typeof body[name] === "object" ? JSON.stringify(body[name]) : String(body[name]));
  if (kind === "network") return [word("method"), word("url"), word("status_code")].filter(Boolean).join(" ");
  if (kind === "navigation") return `${word("from")} → ${word("to")}`;
  if (kind === "dom") return [word("subtype") || word("type"), word("element")].filter(Boolean).join(" ");
  return word("message") || word("msg") || JSON.stringify(body);
}

/** Names and values of the request, for those who want to send it again. */
export function requestOf(payload: unknown): [name: string, value: string][] {
  const request = recordOf(rollbarData(payload)?.request);
  return Object.entries(request ?? {}).flatMap(([name, value]): [string, string][] => (value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0) ? [] : [[name, typeof value === "object" ? JSON.stringify(value, null, 1) : String(value)]]));
}
