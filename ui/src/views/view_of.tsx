// Which view an address shows.

import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { hrefOf, place, redirect } from "../state/location";
import { Empty } from "../widgets/notice";
import { AlertHistoryView } from "./alerts/alert_history_view";
import { DeliveriesView } from "./alerts/deliveries_view";
import { RecipientsView } from "./alerts/recipients_view";
import { SlosView } from "./alerts/slos_view";
import { TriggersView } from "./alerts/triggers_view";
import { ArrivalsView } from "./arrivals";
import { BoardView } from "./boards/board_view";
import { BoardsView } from "./boards/boards_view";
import { GalleryView } from "./gallery/gallery_view";
import { HistoryView } from "./history";
import { CompareView } from "./compare/compare_view";
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
import { SettingsView } from "./settings/settings_view";
import { TraceView } from "./trace/trace_view";
import { TracesView } from "./traces";
import { GroupsView } from "./xray/groups";
import { SamplingRulesView } from "./xray/sampling_rules";
import { XrayTracesView } from "./xray/xray_traces";

const shown: Readonly<Record<string, () => ComponentChildren>> = {
  "/": () => <HomeView />,
  "/services": () => <ServicesView />,
  "/map": () => <MapView />,
  "/traces": () => <TracesView />,
  "/q": () => <QueryView />,
  "/logs": () => <LogsView />,
  "/xray": () => <XrayTracesView />,
  "/xray/rules": () => <SamplingRulesView />,
  "/xray/groups": () => <GroupsView />,
  "/arrivals": () => <ArrivalsView />,
  "/alerts": () => <TriggersView />,
  "/alerts/slos": () => <SlosView />,
  "/alerts/history": () => <AlertHistoryView />,
  "/alerts/recipients": () => <RecipientsView />,
  "/alerts/deliveries": () => <DeliveriesView />,
  "/boards": () => <BoardsView />,
  "/history": () => <HistoryView />,
  "/settings": () => <SettingsView />,
  "/metric": () => <MetricsView />,
  "/errors": () => <ErrorsView />,
  "/compare": () => <CompareView />,
  "/file": () => <FileView />,
  "/widgets": () => <GalleryView />,
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
