// The views, at the left edge.

import { path } from "../state/location";
import { refusedRequests } from "../api/live";
import { views } from "../views/list";
import { Icon } from "./icon";

export function Rail() {
  const here = path.value;
  return (
    <nav class="rail" aria-label="Views">
      <a class="brand" href="/" aria-label="clew, home">
        <Icon name="thread" size={26} />
      </a>
      {views.map((view) => (
        <a key={view.path} href={view.path} aria-current={view.owns(here) ? "page" : undefined} title={`${view.title} (g ${view.key})`}>
          <Icon name={view.icon} size={18} />
          {view.title}
          {view.path === "/arrivals" && refusedRequests.value > 0 && <span class="badge" title="Requests were refused" />}
        </a>
      ))}
    </nav>
  );
}
