// The head of the X-Ray views: which of them is shown, and what it holds.

import type { ComponentChildren } from "preact";
import { path } from "../../state/location";

const parts = [
  { path: "/xray", title: "Traces" },
  { path: "/xray/rules", title: "Sampling rules" },
  { path: "/xray/groups", title: "Groups" },
];

export function XrayHead({ children }: { children?: ComponentChildren }) {
  return (
    <div class="view-head">
      <h1>X-Ray</h1>
      <nav class="parts" aria-label="X-Ray">
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
