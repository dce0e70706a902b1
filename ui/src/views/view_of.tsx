// Which view an address shows.

import { Empty } from "../widgets/notice";
import { TraceView } from "./trace/trace_view";

export function ViewOf({ path }: { path: string }) {
  if (path.startsWith("/t/")) return <TraceView reference={decodeURIComponent(path.slice(3))} />;
  return (
    <Empty title="There is nothing at this address">
      <div class="actions">
        <a href="/">Home</a>
        <a href="/traces">Recent traces</a>
      </div>
    </Empty>
  );
}
