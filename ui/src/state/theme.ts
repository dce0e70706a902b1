// Light or dark: as the system says, unless chosen. Canvases read their colours from the stylesheet, and again when
// `themeCount` changes.

import { signal } from "@preact/signals";

export type ThemeChoice = "system" | "light" | "dark";

const storageName = "clew.theme";
export const themeChoice = signal<ThemeChoice>("system");
export const themeCount = signal(0);

export function chooseTheme(choice: ThemeChoice): void {
  themeChoice.value = choice;
  localStorage.setItem(storageName, choice);
  apply();
}

function apply(): void {
  const dark = themeChoice.value === "dark" || (themeChoice.value === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  themeCount.value += 1;
}

export function startTheme(): void {
  const kept = localStorage.getItem(storageName);
  if (kept === "light" || kept === "dark") themeChoice.value = kept;
  for (const wish of ["(prefers-color-scheme: dark)", "(prefers-contrast: more)", "(forced-colors: active)"]) matchMedia(wish).addEventListener("change", apply);
  apply();
}

/** The value of a colour variable of the stylesheet. */
export const cssColour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
