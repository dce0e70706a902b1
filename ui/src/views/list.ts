// The views of the page: the one place to add another. The rail, the keys and the page itself read this list.

import type { IconName } from "../widgets/icon";

export interface View {
  /** Not "/metrics": that is what Prometheus reads. */
  path: string;
  title: string;
  /** `g` and this key open it. */
  key: string;
  icon: IconName;
  /** Whether the range of time in the top bar means anything here. */
  hasRange: boolean;
  owns: (path: string) => boolean;
}

const exactly =
  (own: string) =>
  (path: string): boolean =>
    path === own;

export const views: readonly View[] = [
  { path: "/", title: "Home", key: "h", icon: "home", hasRange: false, owns: exactly("/") },
  { path: "/services", title: "Services", key: "s", icon: "services", hasRange: true, owns: exactly("/services") },
  { path: "/map", title: "Map", key: "m", icon: "map", hasRange: true, owns: exactly("/map") },
  { path: "/traces", title: "Traces", key: "t", icon: "traces", hasRange: true, owns: (path) => ["/traces", "/compare", "/file"].includes(path) || path.startsWith("/t/") },
  { path: "/q", title: "Query", key: "q", icon: "query", hasRange: true, owns: exactly("/q") },
  { path: "/logs", title: "Logs", key: "l", icon: "logs", hasRange: true, owns: exactly("/logs") },
  { path: "/metric", title: "Metrics", key: "n", icon: "metrics", hasRange: true, owns: exactly("/metric") },
  { path: "/errors", title: "Errors", key: "e", icon: "error", hasRange: false, owns: (path) => path === "/errors" || path.startsWith("/errors/") },
  { path: "/xray", title: "X-Ray", key: "x", icon: "xray", hasRange: true, owns: (path) => path === "/xray" || path.startsWith("/xray/") },
  { path: "/boards", title: "Boards", key: "b", icon: "boards", hasRange: false, owns: (path) => path === "/boards" || path.startsWith("/board/") },
  { path: "/alerts", title: "Alerts", key: "w", icon: "alerts", hasRange: false, owns: (path) => path === "/alerts" || path.startsWith("/alerts/") },
  { path: "/history", title: "History", key: "y", icon: "history", hasRange: false, owns: exactly("/history") },
  { path: "/arrivals", title: "Arrivals", key: "a", icon: "arrivals", hasRange: false, owns: exactly("/arrivals") },
  { path: "/settings", title: "Settings", key: ",", icon: "settings", hasRange: false, owns: exactly("/settings") },
];

export const hasRange = (path: string): boolean => path.startsWith("/board/") || views.some((view) => view.hasRange && view.path === path);
