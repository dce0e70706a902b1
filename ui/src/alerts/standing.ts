// How a trigger or burn alert stands, and which of them want to be seen first.

export type AlertStanding = "triggered" | "failed" | "ok" | "waiting" | "disabled" | "removed";

interface Evaluated {
  disabled?: boolean;
  triggered: boolean;
  evaluated_at?: string;
  evaluation_failure?: string;
}

export function standingOf(alert: Evaluated): AlertStanding {
  if (alert.disabled) return "disabled";
  if (alert.evaluation_failure) return "failed";
  if (alert.triggered) return "triggered";
  return alert.evaluated_at ? "ok" : "waiting";
}

const order: readonly AlertStanding[] = ["triggered", "failed", "waiting", "ok", "disabled", "removed"];

/** What asks for somebody first, then by name. */
export function byUrgency<T extends Evaluated & { name: string }>(alerts: readonly T[]): T[] {
  const rank = (alert: T): number => order.indexOf(standingOf(alert));
  return [...alerts].sort((left, right) => rank(left) - rank(right) || left.name.localeCompare(right.name));
}
