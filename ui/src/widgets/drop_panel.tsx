// A button that opens a small panel below it; it closes with Escape and with a click elsewhere.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

export function DropPanel({ label, title, children }: { label: ComponentChildren; title?: string; children: ComponentChildren }) {
  const ref = useRef<HTMLDetailsElement>(null);
  useLayoutEffect(() => {
    const close = (event: Event): void => {
      const panel = ref.current;
      if (!panel?.open) return;
      if (event instanceof KeyboardEvent ? event.key === "Escape" : !panel.contains(event.target as Node)) {
        panel.open = false;
        if (event instanceof KeyboardEvent) panel.querySelector("summary")!.focus();
      }
    };
    document.addEventListener("pointerdown", close);
    document.addEventListener("keydown", close, true);
    return () => {
      document.removeEventListener("pointerdown", close);
      document.removeEventListener("keydown", close, true);
    };
  }, []);
  return (
    <details class="drop-panel" ref={ref}>
      <summary class="button small" title={title}>
        {label}
      </summary>
      <div class="drop-panel-box">{children}</div>
    </details>
  );
}
