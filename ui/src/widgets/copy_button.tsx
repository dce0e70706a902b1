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
  return (
    <button class={label ? "small" : "small plain"} onClick={copy} title={`Copy ${what}`} aria-label={`Copy ${what}`}>
      <Icon name={done ? "check" : "copy"} size={14} />
      {label}
    </button>
  );
}
