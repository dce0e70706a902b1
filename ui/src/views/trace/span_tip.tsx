// What the pointer rests on, in a few words beside it.

import type { Signal } from "@preact/signals";
import { Fragment } from "preact";
import { formatCount } from "../../base/numbers";
import { formatDuration, nanoseconds } from "../../base/time";
import { timeOnPath } from "../../trace/critical_path";
import { isError, isProvisional } from "../../trace/outline";
import type { TraceState } from "./trace_state";

export interface HoveredSpan {
  row: number;
  /** Where the pointer is in the waterfall. */
  x: number;
  y: number;
  /** How wide and high the waterfall is, so that the tip stays inside. */
  within: { width: number; height: number };
}

const width = 280;
const height = 180;

export function SpanTip({ state, hover }: { state: TraceState; hover: Signal<HoveredSpan | undefined> }) {
  const at = hover.value;
  if (!at) return null;
  const { outline, layout, path } = state.trace;
  const { row } = at;
  const onPath = timeOnPath(path, row);
  const duration = (length: number): string => formatDuration(nanoseconds(length));
  const marks = ([["Events", outline.eventCount[row]], ["Log lines", outline.logCount[row]], ["Links", outline.linkCount[row]]] as [string, number][]).filter(([, count]) => count > 0);
  const left = at.x + width + 20 > at.within.width ? at.x - width - 12 : at.x + 14;
  const top = at.y + height + 24 > at.within.height ? at.y - height - 8 : at.y + 18;
  return (
    <div class="span-tip" style={{ transform: `translate(${Math.max(4, left)}px, ${top}px)`, width: `${width}px` }}>
      <div class="clip">
        <strong>{outline.names[outline.name[row]]}</strong>
      </div>
      <div class="faint clip">{outline.services[outline.service[row]]}</div>
      {isProvisional(outline, row) ? (
        <p>Spans below name a parent that has not arrived: it was not sent, not sampled, or is still on its way.</p>
      ) : (
        <dl>
          <dt>Duration</dt>
          <dd>{duration(outline.duration[row])}</dd>
          <dt>By itself</dt>
          <dd>{duration(layout.selfTime[row])}</dd>
          <dt>Starts at</dt>
          <dd>{duration(outline.start[row])}</dd>
          {onPath > 0 && (
            <>
              <dt>On critical path</dt>
              <dd>{duration(onPath)}</dd>
            </>
          )}
          {marks.map(([what, count]) => (
            <Fragment key={what}>
              <dt>{what}</dt>
              <dd>{formatCount(count)}</dd>
            </Fragment>
          ))}
          {isError(outline, row) && (
            <>
              <dt class="error-text">Failed</dt>
              <dd class="error-text">yes</dd>
            </>
          )}
        </dl>
      )}
    </div>
  );
}
