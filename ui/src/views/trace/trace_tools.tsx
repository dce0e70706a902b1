// The line between the head and the picture: which picture, search, critical path, the way back from a zoom, legend.

import { Fragment } from "preact";
import { useMemo } from "preact/hooks";
import { formatCount } from "../../base/numbers";
import { formatDuration, nanoseconds } from "../../base/time";
import { nextRow } from "../../trace/search";
import { Icon } from "../../widgets/icon";
import { ServiceTag } from "../../widgets/service_tag";
import { goneCount, undoAllCuts, undoCut } from "./cutting";
import { select, toggleAllRepeats, traceTabs, wholeOf, type TraceState, type TraceTab } from "./trace_state";
import type { WindowMotion } from "./window_motion";

const tabTitles: Record<TraceTab, string> = { waterfall: "Waterfall", flame: "Flame graph", table: "Table" };

export function TraceTools({ state, motion }: { state: TraceState; motion: WindowMotion }) {
  const isWaterfall = state.tab.value === "waterfall";
  const groups = state.trace.repeats.lead.length;
  return (
    <div class="trace-tools">
      <span class="picture-tabs" role="group" aria-label="Picture">
        {traceTabs.map((tab) => (
          <button key={tab} class="small" aria-pressed={state.tab.value === tab} title="v goes to the next" onClick={() => (state.tab.value = tab)}>
            {tabTitles[tab]}
          </button>
        ))}
      </span>
      <SearchInTrace state={state} />
      {isWaterfall && (
        <>
          <button class="small" aria-pressed={state.isPathShown.value} title="Critical path: what the trace was waiting for (p)" onClick={() => (state.isPathShown.value = !state.isPathShown.value)}>
            Critical path
          </button>
          {state.folded.value.size > 0 && (
            <button class="small" title="Unfold everything (C)" onClick={() => (state.folded.value = new Set())}>
              Unfold all
            </button>
          )}
          {groups > 0 && (
            <button class="small" aria-pressed={state.openRepeats.value.size === 0} title="Siblings that repeat have one line together (r)" onClick={() => toggleAllRepeats(state)}>
              Repeats folded
            </button>
          )}
          <Hidden state={state} motion={motion} />
          <Breadcrumbs state={state} motion={motion} />
        </>
      )}
      <span class="grow" />
      <Legend state={state} />
    </div>
  );
}

/** How much was cut away, and the way back. */
function Hidden({ state, motion }: { state: TraceState; motion: WindowMotion }) {
  if (state.cuts.value.length === 0) return null;
  return (
    <span class="hidden-spans" role="status" aria-label="Hidden spans">
      <span class="soft">{formatCount(goneCount(state))} hidden</span>
      <button class="small" title="Take the last hiding back (u)" onClick={() => undoCut(state, motion)}>
        Undo
      </button>
      {state.cuts.value.length > 1 && (
        <button class="small" title="Show all again (U)" onClick={() => undoAllCuts(state, motion)}>
          Show all
        </button>
      )}
    </span>
  );
}

/** The windows that lie around the one on display; a click leads back. */
function Breadcrumbs({ state, motion }: { state: TraceState; motion: WindowMotion }) {
  const { extent } = state.trace.layout;
  const trail = state.trail.value;
  if (trail.length === 0) return null;
  const crumbs = [wholeOf(state), ...trail];
  return (
    <nav class="breadcrumbs" aria-label="Zoom">
      {crumbs.map((window, index) => {
        const text = formatDuration(nanoseconds(index === 0 ? extent : window.to - window.from));
        return (
          <Fragment key={index}>
            {index > 0 && <span class="faint">›</span>}
            {index === crumbs.length - 1 ? (
              <span class="soft">{text}</span>
            ) : (
              <button class="small plain" title={index === 0 ? "The whole trace (0)" : "Back to this window (⌫)"} onClick={() => motion.moveTo(window)}>
                {text}
              </button>
            )}
          </Fragment>
        );
      })}
    </nav>
  );
}

const mostInLegend = 7;

/** Services by the time they spent themselves; a click finds their spans. */
function Legend({ state }: { state: TraceState }) {
  const { outline, layout } = state.trace;
  const selfTime = useMemo(() => {
    const times = new Float64Array(outline.services.length);
    for (let row = 0; row < outline.rows; row++) if (!(outline.flags[row]! & 2)) times[outline.service[row]!] += layout.selfTime[row]!;
    return times;
  }, [outline]);
  const order = [...outline.services.keys()].sort((left, right) => selfTime[right]! - selfTime[left]!);
  return (
    <span class="legend">
      {order.slice(0, mostInLegend).map((service) => (
        <button key={service} class="small plain" title={`${formatDuration(nanoseconds(selfTime[service]!))} spent by itself; click to find its spans`} onClick={() => (state.searchText.value = state.searchText.value === outline.services[service] ? "" : outline.services[service]!)}>
          <ServiceTag name={outline.services[service]!} />
        </button>
      ))}
      {order.length > mostInLegend && <span class="faint">and {order.length - mostInLegend} more</span>}
    </span>
  );
}

function SearchInTrace({ state }: { state: TraceState }) {
  const { layout } = state.trace;
  const found = state.found.value;
  const isSearching = state.searchText.value.trim() !== "";
  const selected = state.selected.value;
  const place = selected === undefined ? -1 : found.rows.indexOf(selected);
  const goTo = (step: 1 | -1): void => {
    const row = nextRow(layout, selected, step, (candidate) => found.matches[candidate] === 1);
    if (row !== undefined) select(state, row);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter") goTo(event.shiftKey ? -1 : 1);
    if (event.key === "Escape") state.searchText.value = "";
  };
  return (
    <div class={`trace-search${isSearching ? " is-searching" : ""}`} role="search" aria-label="This trace">
      <Icon name="search" size={13} />
      <input
        data-search
        placeholder="Find: name, error, key = value"
        title="Words of name, service or id; error; or a condition on attributes, as in a filter: http.status_code >= 500"
        aria-label="Find spans in this trace"
        value={state.searchText.value}
        onInput={(event) => (state.searchText.value = event.currentTarget.value)}
        onKeyDown={onKeyDown}
        spellcheck={false}
      />
      {isSearching && (
        <>
          <span class="faint search-count" role="status">
            {found.rows.length === 0 ? "none" : `${place >= 0 ? `${formatCount(place + 1)} of ` : ""}${formatCount(found.rows.length)}`}
          </span>
          <button class="small plain" title="Previous match (N)" aria-label="Previous match" onClick={() => goTo(-1)}>
            <Icon name="previous" size={13} />
          </button>
          <button class="small plain" title="Next match (n)" aria-label="Next match" onClick={() => goTo(1)}>
            <Icon name="next" size={13} />
          </button>
          {state.searchRemark.value && (
            <span class="search-remark clip" role="alert" title={state.searchRemark.value}>
              {state.searchRemark.value}
            </span>
          )}
        </>
      )}
    </div>
  );
}
