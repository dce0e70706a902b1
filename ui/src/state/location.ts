// The address is the state: which view, and everything that changes what it shows. Views read these signals and write
// through go() and change(); nothing else touches the history.

import { batch, computed, signal } from "@preact/signals";

export interface Place {
  path: string;
  params: Readonly<Record<string, string>>;
}

export function placeOf(href: string): Place {
  const url = new URL(href, "http://page");
  return { path: url.pathname, params: Object.fromEntries(url.searchParams) };
}

/** An address; parameters that are undefined or empty are left out. */
export function hrefOf(path: string, params: Record<string, string | undefined> = {}): string {
  const kept = Object.entries(params).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "");
  // Colons, slashes and commas are allowed in a query and read better than their codes.
  const text = new URLSearchParams(kept).toString().replace(/%3A/g, ":").replace(/%2F/g, "/").replace(/%2C/g, ",");
  return text ? `${path}?${text}` : path;
}

const start: Place = typeof location === "undefined" ? { path: "/", params: {} } : placeOf(location.href);

export const place = signal<Place>(start);
/** Grows when the address was changed by a link or by the history rather than by the view itself. */
export const visits = signal(0);
export const path = computed(() => place.value.path);
export const param = (name: string): string | undefined => place.value.params[name];

const writers = new Set<() => void>();

/** For what reaches the address a moment late: `write` is called before another address opens. Returns how to stop. */
export function beforeLeaving(write: () => void): () => void {
  writers.add(write);
  return () => writers.delete(write);
}

/** Opens another address: a step that "back" undoes. */
export function go(href: string): void {
  for (const write of writers) write();
  history.pushState(null, "", href);
  visit(href);
}

/** Opens another address in place of this one. */
export function redirect(href: string): void {
  history.replaceState(null, "", href);
  visit(href);
}

function visit(href: string): void {
  batch(() => {
    place.value = placeOf(href);
    visits.value += 1;
  });
}

/** Changes parameters of this view. "step" can be undone with "back"; "trail" is for what changes while dragging or typing. */
export function change(params: Record<string, string | undefined>, kind: "step" | "trail" = "step"): void {
  const href = hrefOf(place.value.path, { ...place.value.params, ...params });
  if (href === hrefOf(place.value.path, place.value.params)) return;
  if (kind === "step") history.pushState(null, "", href);
  else history.replaceState(null, "", href);
  place.value = placeOf(href);
}

export function startLocation(): void {
  window.addEventListener("popstate", () => visit(location.href));
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest("a[href]");
    if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute("download")) return;
    if (link.origin !== location.origin || link.pathname.startsWith("/clew/")) return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}
