// Log lines over time by severity; dragging over them selects a range, and the picker at the top does the same for keys.

import { useRef, useState } from "preact/hooks";
import { formatCount } from "../base/numbers";
import { formatClock, formatDay, moment, toDate, zoneOffsetMinutes } from "../base/time";
import { clockTicks } from "../chart/scale";
import { rangeOfDrag, severityOrder, type LogHistogram } from "../logs/histogram";
import { useWidth } from "./use_width";

const height = 64;
const labelHeight = 18;

export function SeverityHistogram({ histogram, onSelect }: { histogram: LogHistogram; onSelect: (range: { from: string; to: string }) => void }) {
  const { ref, width } = useWidth();
  const began = useRef<number | undefined>(undefined);
  const [drag, setDrag] = useState<{ from: number; to: number } | undefined>();
  const { steps, highest, start, step } = histogram;
  const wide = width / Math.max(1, steps.length);
  const shareOf = (event: PointerEvent): number => (event.clientX - ref.current!.getBoundingClientRect().left) / Math.max(1, width);
  const end = (event: PointerEvent): void => {
    if (began.current === undefined) return;
    onSelect(rangeOfDrag(histogram, began.current, shareOf(event)));
    began.current = undefined;
    setDrag(undefined);
  };
  const span = Number(step) * steps.length;
  const begin = toDate(moment(start));
  const clock = clockTicks(begin.getTime(), span, Math.max(2, Math.floor(width / 130)), zoneOffsetMinutes(begin));
  const lines = steps.reduce((sum, bands) => sum + bands.reduce((all, count) => all + count, 0), 0);
  return (
    <div
      class="severity-histogram"
      ref={ref}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        began.current = shareOf(event);
        event.currentTarget.setPointerCapture(event.pointerId);
        event.preventDefault();
      }}
      onPointerMove={(event) => began.current !== undefined && setDrag({ from: began.current, to: shareOf(event) })}
      onPointerUp={end}
      onPointerCancel={() => {
        began.current = undefined;
        setDrag(undefined);
      }}
    >
      <svg width={width} height={height + labelHeight} role="img" aria-label={`${formatCount(lines)} log lines over time; drag to select a range, or set it at the top`}>
        {steps.map((bands, index) => {
          let top = height;
          return bands.map((count, band) => {
            if (count === 0) return null;
            const tall = Math.max(1.5, (count / highest) * (height - 4));
            top -= tall;
            return (
              <rect key={`${index} ${band}`} class={`severity-${severityOrder[band]}`} x={index * wide} y={top} width={Math.max(1, wide - 1)} height={tall}>
                <title>{`${formatCount(count)} ${severityOrder[band]} from ${formatClock(moment(start + BigInt(index) * step), "none")}`}</title>
              </rect>
            );
          });
        })}
        <line class="severity-axis" x1={0} x2={width} y1={height + 0.5} y2={height + 0.5} />
        {clock.at.map((tick) => {
          const x = (tick / span) * width;
          const at = moment(start + BigInt(Math.round(tick)));
          return x > 24 && x < width - 24 ? (
            <text key={tick} x={x} y={height + 13} text-anchor="middle">
              {clock.step >= 86400e9 ? formatDay(at).slice(5) : formatClock(at, "none").slice(0, clock.step >= 60e9 ? 5 : 8)}
            </text>
          ) : null;
        })}
        {drag && <rect class="severity-drag" x={Math.min(drag.from, drag.to) * width} y={0} width={Math.abs(drag.to - drag.from) * width} height={height} />}
      </svg>
    </div>
  );
}
