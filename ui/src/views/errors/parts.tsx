// What the columns of an error's page are made of.

import type { ComponentChildren } from "preact";

export function Part({ title, isFolded = false, children }: { title: string; isFolded?: boolean; children: ComponentChildren }) {
  return (
    <details class="pane-section" open={!isFolded}>
      <summary>{title}</summary>
      {children}
    </details>
  );
}

export type Fact = readonly [name: ComponentChildren, value: string];

export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl class="attributes">
      {facts.map(([name, value], index) => (
        <div class="attribute" key={index}>
          <dt>{name}</dt>
          <dd class="mono">{value.includes("\n") ? <pre>{value}</pre> : value}</dd>
        </div>
      ))}
    </dl>
  );
}
