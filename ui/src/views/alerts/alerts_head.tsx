// The head of the views about alerts: which of them is shown, and what it holds.

import type { ComponentChildren } from "preact";
import { path } from "../../state/location";

const parts = [
  { path: "/alerts", title: "Triggers" },
  { path: "/alerts/slos", title: "SLOs" },
  { path: "/alerts/history", title: "History" },
  { path: "/alerts/recipients", title: "Recipients" },
  { path: "/alerts/deliveries", title: "Deliveries" },
];

export function AlertsHead({ children }: { children?: ComponentChildren }) {
  return (
    <div class="view-head">
      <h1>Alerts</h1>
      <nav class="parts" aria-label="Alerts">
        {parts.map((part) => (
          <a key={part.path} href={part.path} aria-current={part.path === path.value ? "page" : undefined}>
            {part.title}
          </a>
        ))}
      </nav>
      {children}
    </div>
  );
}
