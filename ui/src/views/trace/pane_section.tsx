// A part of the pane, with how many things are in it.

import type { ComponentChildren } from "preact";

export function PaneSection(props: { title: string; count?: number; isOpen: boolean; children: ComponentChildren }) {
  return (
    <details class="pane-section" open={props.isOpen}>
      <summary>
        {props.title} {props.count !== undefined && <span class="faint">{props.count}</span>}
      </summary>
      {props.children}
    </details>
  );
}
