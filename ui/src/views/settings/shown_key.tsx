// A key that was made just now, with what it is good for; nobody can show it again.

import type { ComponentChildren } from "preact";
import { CopyButton } from "../../widgets/copy_button";

export interface ShownKeyProps {
  title: string;
  lines: readonly { text: string; what: string }[];
  onSeen: () => void;
  children: ComponentChildren;
}

export function ShownKey({ title, lines, onSeen, children }: ShownKeyProps) {
  return (
    <div class="made-key" role="region" aria-label={title}>
      <p>{children}</p>
      {lines.map(({ text, what }) => (
        <p class="command" key={what}>
          <code>{text}</code>
          <CopyButton text={text} what={what} />
        </p>
      ))}
      <button class="small" onClick={onSeen}>
        I have it
      </button>
    </div>
  );
}
