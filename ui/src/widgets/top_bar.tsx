// What is global: going to a trace by whatever was pasted, the range of time, live or paused, the theme, the keys.

import { connection } from "../api/connection";
import { isLive } from "../api/live";
import { parseReference } from "../base/ids";
import { go, hrefOf, path } from "../state/location";
import { chooseTheme, themeChoice, themeCount } from "../state/theme";
import { hasRange } from "../views/list";
import { Icon } from "./icon";
import { isKeySheetOpen } from "./key_sheet";
import { isPaletteOpen } from "./palette";
import { RangePicker } from "./range_picker";
import { toast } from "./toast";

export function TopBar() {
  return (
    <header class="top-bar">
      <Omnibox />
      {hasRange(path.value) && <RangePicker />}
      <LiveButton />
      <ThemeButton />
      <button class="plain" title="Palette (ctrl+k)" aria-label="Palette" onClick={() => (isPaletteOpen.value = true)}>
        <Icon name="command" />
      </button>
      <button class="plain optional" title="Keys (?)" aria-label="Keys" onClick={() => (isKeySheetOpen.value = true)}>
        <Icon name="keyboard" />
      </button>
    </header>
  );
}

function Omnibox() {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const input = (event.currentTarget as HTMLFormElement).elements.namedItem("reference") as HTMLInputElement;
    const found = parseReference(input.value);
    if (found) {
      go(hrefOf(`/t/${found.traceId}`, { span: found.spanId }));
      input.value = "";
      input.blur();
    } else if (input.value.trim()) toast("No trace id found in that text");
  };
  return (
    <form class="omnibox" role="search" aria-label="All traces" onSubmit={submit}>
      <Icon name="search" size={14} />
      <input name="reference" id="omnibox" placeholder="Open a trace: paste an id, a traceparent or a log line" aria-label="Open a trace by id" autocomplete="off" spellcheck={false} />
      <kbd class="optional">:</kbd>
    </form>
  );
}

function LiveButton() {
  const live = isLive.value;
  const lost = connection.value === "lost" || connection.value === "refused";
  const words = lost ? "Not connected" : live ? "Live" : "Paused";
  return (
    <button onClick={() => (isLive.value = !live)} aria-pressed={false} title={`${words}. Press space to ${live ? "pause" : "resume"}`}>
      <span class={`live-dot${lost ? " lost" : live ? "" : " paused"}`} />
      {words}
    </button>
  );
}

function ThemeButton() {
  themeCount.value; // redrawn when the theme changes
  const isDark = document.documentElement.dataset.theme === "dark";
  return (
    <button class="plain" title={`Theme: ${themeChoice.value}`} aria-label={isDark ? "Use light colours" : "Use dark colours"} onClick={() => chooseTheme(isDark ? "light" : "dark")}>
      <Icon name={isDark ? "sun" : "moon"} />
    </button>
  );
}
