// The trace as a table by name or by service. A row selects the longest span of its group.

import { useEffect, useMemo, useState } from "preact/hooks";
import { formatCount, formatShare } from "../../base/numbers";
import { formatDuration, nanoseconds } from "../../base/time";
import { change, param, place } from "../../state/location";
import type { GroupBy, SpanGroup } from "../../trace/group_table";
import { useListKeys } from "../../widgets/list_keys";
import { ServiceTag } from "../../widgets/service_tag";
import { VirtualList } from "../../widgets/virtual_list";
import { select, type TraceState } from "./trace_state";

const rowHeight = 32;

const figures = [
  ["count", "Spans"],
  ["errors", "Failed"],
  ["self", "By themselves"],
  ["total", "Together"],
  ["onPath", "Critical path"],
  ["median", "Median"],
  ["p95", "P95"],
  ["longest", "Longest"],
] as const;
type Figure = (typeof figures)[number][0];

const textOf = (group: SpanGroup, figure: Figure): string => {
  if (figure === "count" || figure === "errors") return group[figure] === 0 ? "–" : formatCount(group[figure]);
  return group[figure] === 0 ? "–" : formatDuration(nanoseconds(group[figure]));
};

function useGroups(state: TraceState, by: GroupBy): readonly SpanGroup[] {
  const [groups, setGroups] = useState<readonly SpanGroup[]>([]);
  useEffect(() => {
    let isWanted = true;
    void state.source.loader.ask("groups", { by }).then((made) => isWanted && setGroups(made));
    return () => {
      isWanted = false;
    };
  }, [state, by]);
  return groups;
}

export function GroupTable({ state }: { state: TraceState }) {
  const { outline } = state.trace;
  place.value; // what it is grouped and ordered by stands in the address
  const by: GroupBy = param("by") === "service" ? "service" : "name";
  const order = figures.find(([figure]) => figure === param("sort"))?.[0] ?? "self";
  const groups = useGroups(state, by);
  const isSearching = state.searchText.value.trim() !== "";
  const found = state.found.value;
  const keyOf = (service: number, name: number): number => (by === "service" ? service : service * outline.names.length + name);
  const lit = useMemo(() => new Set(isSearching ? Array.from(found.rows, (row) => keyOf(outline.service[row]!, outline.name[row]!)) : []), [found, isSearching, outline, by]);
  const titleOf = (group: SpanGroup): string => (group.name < 0 ? "" : outline.names[group.name]!);
  const shown = groups.filter((group) => !isSearching || lit.has(keyOf(group.service, group.name))).sort((left, right) => right[order] - left[order]);
  const current = useListKeys("Table", shown.length, (index) => select(state, shown[index]!.longestRow));
  const whole = groups.reduce((sum, group) => sum + group.self, 0);
  const selected = state.selected.value;
  const isOf = (group: SpanGroup): boolean => selected !== undefined && outline.service[selected] === group.service && (group.name < 0 || outline.name[selected] === group.name);
  return (
    <div class="group-table">
      <p class="group-by" role="group" aria-label="Group by">
        {(["name", "service"] as const).map((each) => (
          <button key={each} class="small" aria-pressed={by === each} onClick={() => change({ by: each === "name" ? undefined : each })}>
            By {each}
          </button>
        ))}
        <span class="faint">{formatCount(shown.length)} {shown.length === 1 ? "group" : "groups"}; a row selects its longest span</span>
      </p>
      <div class="group-scroll">
        <div class="table-head group-columns">
          <span>{by === "name" ? "Name" : "Service"}</span>
          {figures.map(([figure, title]) => (
            <span class="number" key={figure}>
              <button aria-pressed={order === figure} onClick={() => change({ sort: figure === "self" ? undefined : figure })}>
                {title}
                {order === figure && " ↓"}
              </button>
            </span>
          ))}
        </div>
        <VirtualList
          label="Groups of spans"
          count={shown.length}
          rowHeight={rowHeight}
          current={current}
          row={(index) => {
            const group = shown[index]!;
            return (
              <div class={`table-row group-columns is-link${isOf(group) ? " is-current" : ""}${index === current ? " is-pointed" : ""}`} role="listitem" key={`${group.service} ${group.name}`}>
                <span class="group-name">
                  <ServiceTag name={outline.services[group.service]!} />
                  <button class="plain whole-row clip" onClick={() => select(state, group.longestRow)}>
                    {titleOf(group) || "all spans"}
                  </button>
                </span>
                {figures.map(([figure]) => (
                  <span key={figure} class={`number${figure === "errors" && group.errors > 0 ? " error-mark" : ""}`}>
                    {figure === "self" && <span class="share-bar" style={{ width: `${whole > 0 ? (group.self / whole) * 100 : 0}%` }} title={formatShare(group.self, whole)} />}
                    {textOf(group, figure)}
                  </span>
                ))}
              </div>
            );
          }}
        />
      </div>
    </div>
  );
}
