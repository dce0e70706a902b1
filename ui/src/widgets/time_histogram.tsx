// How long requests took, as bars; dragging over them selects. For those who cannot drag there are two fields.

import { useRef } from "preact/hooks";
import { formatCount } from "../base/numbers";
import { formatDuration, formatTick, parseDuration, type Nanoseconds } from "../base/time";
import { change } from "../state/location";
import { placeOfTime, selectBuckets, timeTicks, type ResponseTimes, type Selection } from "../chart/response_times";
import { useWidth } from "./use_width";

const height = 108;
const bottom = 20;
const left = 16;
const right = 16;

export interface TimeHistogramProps {
  times: ResponseTimes;
  selection: Selection;
  params: Readonly<Record<string, string>>;
  /** What there are many of. */
  what?: string;
}

export function TimeHistogram({ times, selection, params, what = "traces" }: TimeHistogramProps) {
  const { ref, width } = useWidth();
  const drag = useRef<{ bucket: number; hasMoved: boolean } | undefined>(undefined);
  const { counts, edges } = times;
  const room = width - left - right;
  const high = Math.max(1, ...counts);
  const bar = room / Math.max(1, counts.length);
  const bucketAt = (event: PointerEvent): number => Math.floor((event.clientX - ref.current!.getBoundingClientRect().left - left) / bar);
  const select = (event: PointerEvent): void => {
    const start = drag.current!;
    change(selectBuckets(times, start.bucket, bucketAt(event)), start.hasMoved ? "trail" : "step");
    start.hasMoved = true;
  };
  const xOf = (time: Nanoseconds): number => left + placeOfTime(times, time) * room;
  const isAll = selection.min === undefined && selection.max === undefined;
  const from = selection.min === undefined ? left : xOf(selection.min);
  const to = selection.max === undefined ? left + room : xOf(selection.max);
  return (
    <div class="time-histogram">
      <div
        class="time-bars"
        ref={ref}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          drag.current = { bucket: bucketAt(event), hasMoved: false };
          event.currentTarget.setPointerCapture(event.pointerId);
          event.preventDefault();
        }}
        onPointerMove={(event) => drag.current && select(event)}
        onPointerUp={(event) => {
          if (drag.current) select(event);
          drag.current = undefined;
        }}
        onPointerCancel={() => (drag.current = undefined)}
      >
        <svg width={width} height={height} role="img" aria-label={`Response times of ${formatCount(counts.reduce((sum, count) => sum + count, 0))} ${what}. Drag to select, or use the fields below`}>
          {!isAll && <rect class="time-selected" x={from} y={0} width={Math.max(1, to - from)} height={height - bottom} />}
          {counts.map((count, bucket) => {
            if (count === 0) return null;
            const tall = Math.max(2, (count / high) * (height - bottom - 8));
            const middle = left + (bucket + 0.5) * bar;
            return (
              <rect key={bucket} class={isAll || (middle > from && middle < to) ? "time-bar" : "time-bar is-out"} x={left + bucket * bar + 0.5} y={height - bottom - tall} width={Math.max(1, bar - 1)} height={tall}>
                <title>{`${formatCount(count)} from ${formatDuration(edges[bucket]!)} to ${formatDuration(edges[bucket + 1]!)}`}</title>
              </rect>
            );
          })}
          <line class="time-axis" x1={left} x2={left + room} y1={height - bottom + 0.5} y2={height - bottom + 0.5} />
          {apart(timeTicks(times), xOf).map((tick) => (
            <text key={tick} x={xOf(tick)} y={height - 6} text-anchor="middle">
              {formatTick(tick, tick)}
            </text>
          ))}
        </svg>
      </div>
      <p class="time-fields">
        <span class="faint">Response time from</span>
        <TimeField name="min" label="Shortest response time" value={params.min} />
        <span class="faint">to below</span>
        <TimeField name="max" label="Longest response time" value={params.max} />
        {!isAll && (
          <button class="small" onClick={() => change({ min: undefined, max: undefined })}>
            All response times
          </button>
        )}
      </p>
    </div>
  );
}

const leastApart = 52;

/** Those whose texts do not run into each other. */
function apart(ticks: readonly Nanoseconds[], xOf: (time: Nanoseconds) => number): Nanoseconds[] {
  const kept: Nanoseconds[] = [];
  for (const tick of ticks) if (kept.length === 0 || xOf(tick) - xOf(kept.at(-1)!) >= leastApart) kept.push(tick);
  return kept;
}

function TimeField({ name, label, value }: { name: string; label: string; value: string | undefined }) {
  const submit = (text: string): void => {
    if (text.trim() === "" || parseDuration(text) !== undefined) change({ [name]: text.trim() || undefined });
  };
  return (
    <input
      key={value}
      defaultValue={value ?? ""}
      placeholder={name === "min" ? "0 ms" : "any"}
      size={7}
      aria-label={label}
      onKeyDown={(event) => event.key === "Enter" && submit(event.currentTarget.value)}
      onBlur={(event) => submit(event.currentTarget.value)}
    />
  );
}
