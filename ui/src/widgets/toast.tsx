// A word at the bottom of the page that goes away by itself.

import { signal } from "@preact/signals";

const shown = signal<string | undefined>(undefined);
let timer: number | undefined;

export function toast(text: string): void {
  shown.value = text;
  clearTimeout(timer);
  timer = window.setTimeout(() => (shown.value = undefined), 2200);
}

export async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copyBySelection(text);
  }
  toast(`Copied ${what}`);
}

/** The clipboard interface exists on secure origins only; a page reached by a plain address copies like this. */
function copyBySelection(text: string): void {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "for-screen-readers";
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

export function Toast() {
  return <div role="status">{shown.value && <div class="toast">{shown.value}</div>}</div>;
}
