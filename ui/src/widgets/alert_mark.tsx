// How an alert stands: a word and a shape beside the colour.

import type { AlertStanding } from "../alerts/standing";
import { Icon } from "./icon";

const words: Readonly<Record<AlertStanding, string>> = { triggered: "triggered", ok: "ok", disabled: "disabled", waiting: "not yet evaluated", failed: "cannot be evaluated", removed: "removed" };
const icons = { triggered: "alerts", ok: "check", disabled: "pause", waiting: "clock", failed: "error", removed: "close" } as const;

export function AlertMark({ standing }: { standing: AlertStanding }) {
  return (
    <span class={`alert-mark is-${standing}`}>
      <Icon name={icons[standing]} size={14} />
      {words[standing]}
    </span>
  );
}
