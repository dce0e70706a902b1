// Copies a text, and shows that it did.

import { useState } from "preact/hooks";
import { Icon } from "./icon";
import { copyText } from "./toast";

export function CopyButton({ text, what, label }: { text: string; what: string; label?: string }) {
  const [done, setDone] = useState(false);
  const copy = (): void => {
    void copyText(text, what);
    setDone(true);
    setTimeout(() => setDone(false), 1500);
  };
  // What is spoken begins with what is written.
  const spoken = label && !`Copy ${what}`.startsWith(label) ? `${label}: ${what}` : `Copy ${what}`;
  return (
    <button class={label ? "small" : "small plain"} onClick={copy} title={`Copy ${what}`} aria-label={spoken}>
      <Icon name={done ? "check" : "copy"} size={14} />
      {label}
    </button>
  );
}
