// The frame around every view, and the keys that work everywhere.

import { isLive } from "../api/live";
import { go, path } from "../state/location";
import { ViewOf } from "../views/view_of";
import { views } from "../views/list";
import { FileDrop } from "./file_drop";
import { isKeySheetOpen, KeySheet } from "./key_sheet";
import { Menu } from "./menu";
import { OutageBar } from "./outage_bar";
import { isPaletteOpen, Palette } from "./palette";
import { Rail } from "./rail";
import { Toast } from "./toast";
import { TopBar } from "./top_bar";
import { useKeys } from "./use_keys";

export function Shell() {
  useKeys(
    () => ({
      title: "Everywhere",
      actions: [
        { keys: ["?"], does: "this list", act: () => (isKeySheetOpen.value = !isKeySheetOpen.value) },
        { keys: ["mod+k"], shown: "ctrl+k", does: "the palette: go anywhere, do anything", act: () => (isPaletteOpen.value = true) },
        { keys: ["/"], does: "search in this view", act: focusSearch },
        { keys: [":"], does: "open a trace by id", act: () => document.getElementById("omnibox")?.focus() },
        { keys: [" "], shown: "space", does: "pause or resume live", act: () => (isLive.value = !isLive.value) },
        ...views.map((view) => ({ keys: [`g ${view.key}`], does: view.title, act: () => go(view.path) })),
      ],
    }),
    [],
  );
  return (
    <div class="shell">
      <Rail />
      <TopBar />
      <main class="view">
        <ViewOf path={path.value} />
      </main>
      <Menu />
      <Palette />
      <FileDrop />
      <KeySheet />
      <OutageBar />
      <Toast />
    </div>
  );
}

function focusSearch(): void {
  const fields = [...document.querySelectorAll<HTMLElement>("[data-search]")].filter((field) => field.offsetParent !== null);
  (fields[0] ?? document.getElementById("omnibox"))?.focus();
}
