// Which view an address shows.

import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { hrefOf, place, redirect } from "../state/location";
import { Empty } from "../widgets/notice";
import { ArrivalsView } from "./arrivals";
import { BoardView } from "./boards/board_view";
import { BoardsView } from "./boards/boards_view";
import { HistoryView } from "./history";
import { CompareView } from "./compare/compare_view";
import { Deferred } from "./deferred";
import { ErrorOfGroup } from "./errors/error_of_group";
import { ErrorView } from "./errors/error_view";
import { ErrorsView } from "./errors/errors_view";
import { FileView } from "./file/file_view";
import { HomeView } from "./home/home";
import { views } from "./list";
import { LogsView } from "./logs/logs_view";
import { MapView } from "./map/map_view";
import { MetricsView } from "./metrics/metrics_view";
import { QueryView } from "./query/query_view";
import { ServicesView } from "./services";
import { TraceView } from "./trace/trace_view";
import { TracesView } from "./traces";

const shown: Readonly<Record<string, () => ComponentChildren>> = {
  "/": () => <HomeView />,
  "/services": () => <ServicesView />,
  "/map": () => <MapView />,
  "/traces": () => <TracesView />,
  "/q": () => <QueryView />,
  "/logs": () => <LogsView />,
  "/xray": () => <Deferred key="XrayTracesView" view="XrayTracesView" />,
  "/xray/rules": () => <Deferred key="SamplingRulesView" view="SamplingRulesView" />,
  "/xray/groups": () => <Deferred key="GroupsView" view="GroupsView" />,
  "/arrivals": () => <ArrivalsView />,
  "/alerts": () => <Deferred key="TriggersView" view="TriggersView" />,
  "/alerts/slos": () => <Deferred key="SlosView" view="SlosView" />,
  "/alerts/history": () => <Deferred key="AlertHistoryView" view="AlertHistoryView" />,
  "/alerts/recipients": () => <Deferred key="RecipientsView" view="RecipientsView" />,
  "/alerts/deliveries": () => <Deferred key="DeliveriesView" view="DeliveriesView" />,
  "/boards": () => <BoardsView />,
  "/history": () => <HistoryView />,
  "/settings": () => <Deferred key="SettingsView" view="SettingsView" />,
  "/metric": () => <MetricsView />,
  "/errors": () => <ErrorsView />,
  "/compare": () => <CompareView />,
  "/file": () => <FileView />,
  "/widgets": () => <Deferred key="GalleryView" view="GalleryView" />,
};

export function ViewOf({ path }: { path: string }) {
  const view = views.find((candidate) => candidate.path === path || path.startsWith(`${candidate.path}/`));
  useEffect(() => {
    if (view && view.path !== "/") document.title = `${view.title} – clew`;
  }, [view]);
  // As people guess it.
  useEffect(() => {
    if (path === "/query") redirect(hrefOf("/q", place.value.params));
  }, [path]);
  if (path === "/query") return null;
  if (path.startsWith("/errors/of/")) return <ErrorOfGroup group={decodedReference(path.slice(11))} />;
  if (path.startsWith("/errors/")) return <ErrorView key={path} id={path.slice(8)} />;
  if (path.startsWith("/t/")) return <TraceView reference={decodedReference(path.slice(3))} />;
  if (path.startsWith("/board/")) return <BoardView id={decodedReference(path.slice(7))} />;
  return shown[path]?.() ?? <Nowhere />;
}

/** What was pasted into the address may hold a per cent sign that encodes nothing. */
function decodedReference(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function Nowhere() {
  return (
    <Empty title="There is nothing at this address">
      <div class="actions">
        <a href="/">Home</a>
        <a href="/traces">Recent traces</a>
      </div>
    </Empty>
  );
}
