// Traces as points: time from left to right, duration upwards, failed ones as crosses. A click opens.

import { useState } from "preact/hooks";
import type { TraceSummary } from "../api/answers";
import { after, between, formatClock, formatDuration, moment, type Moment, nanoseconds, toDate, zoneOffsetMinutes } from "../base/time";
import { clockTicks, logScale } from "../chart/scale";
import { serviceHue } from "../state/service_hues";
import { cssColour } from "../state/theme";
import { useCanvas } from "./use_canvas";

export interface ScatterProps {
  traces: readonly TraceSummary[];
  from: Moment;
  to: Moment;
  onOpen: (trace: TraceSummary) => void;
}

const left = 56;
const right = 12;
const top = 8;
const bottom = 20;
const reach = 14;

export function Scatter({ traces, from, to, onOpen }: ScatterProps) {
  const [hovered, setHovered] = useState<number | undefined>();
  const span = Math.max(1, between(from, to));
  const durations = traces.map((trace) => Math.max(1, trace.duration_ns));
  const scale = logScale(Math.min(...durations, 1e9), Math.max(...durations, 1));
  const place = (trace: TraceSummary, width: number, height: number): { x: number; y: number } => ({
    x: left + (between(from, moment(trace.start_ns)) / span) * (width - left - right),
    y: top + (1 - scale.place(trace.duration_ns)) * (height - top - bottom),
  });
  const { ref } = useCanvas((context, { width, height }) => {
    context.font = `11px ${cssColour("--font")}`;
    context.textBaseline = "middle";
    const ticks = scale.ticks.length > 5 ? scale.ticks.filter((_, index) => index % 2 === 0) : scale.ticks;
    for (const tick of ticks) {
      const y = top + (1 - scale.place(tick)) * (height - top - bottom);
      context.fillStyle = cssColour("--grid");
      context.fillRect(left, Math.round(y), width - left - right, 1);
      context.fillStyle = cssColour("--text-faint");
      context.textAlign = "right";
      context.fillText(formatDuration(nanoseconds(tick)).replace(/\.0+ /, " "), left - 8, y);
    }
    const originMs = toDate(from).getTime();
    const clock = clockTicks(originMs, span, Math.max(2, Math.floor(width / 110)), zoneOffsetMinutes(toDate(from)));
    context.textAlign = "center";
    for (const tick of clock.at) {
      const x = left + (tick / span) * (width - left - right);
      context.fillStyle = cssColour("--grid");
      context.fillRect(Math.round(x), top, 1, height - top - bottom);
      context.fillStyle = cssColour("--text-faint");
      const text = formatClock(after(from, nanoseconds(tick)), "none");
      if (x > left + 20 && x < width - 30) context.fillText(clock.step >= 60e9 ? text.slice(0, 5) : text, x, height - 8);
    }
    const lightness = cssColour("--service-lightness");
    const chroma = cssColour("--service-chroma");
    traces.forEach((trace, index) => {
      const { x, y } = place(trace, width, height);
      const hue = serviceHue(trace.root?.service ?? trace.services[0] ?? "no service.name");
      context.globalAlpha = hovered === undefined || hovered === index ? 0.85 : 0.4;
      if (trace.errors > 0) {
        context.strokeStyle = cssColour("--error");
        context.lineWidth = 2;
        context.beginPath();
        context.moveTo(x - 3.5, y - 3.5);
        context.lineTo(x + 3.5, y + 3.5);
        context.moveTo(x + 3.5, y - 3.5);
        context.lineTo(x - 3.5, y + 3.5);
        context.stroke();
      } else {
        context.fillStyle = `oklch(${lightness} ${chroma} ${hue})`;
        context.beginPath();
        context.arc(x, y, hovered === index ? 5.5 : Math.min(5, 3 + Math.log10(trace.spans) / 2), 0, Math.PI * 2);
        context.fill();
      }
      context.globalAlpha = 1;
    });
  });
  const nearest = (event: MouseEvent): number | undefined => {
    const canvas = ref.current!;
    const corner = canvas.getBoundingClientRect();
    let best: number | undefined;
    let bestDistance = reach;
    traces.forEach((trace, index) => {
      const { x, y } = place(trace, canvas.clientWidth, canvas.clientHeight);
      const distance = Math.hypot(event.clientX - corner.left - x, event.clientY - corner.top - y);
      if (distance < bestDistance) {
        best = index;
        bestDistance = distance;
      }
    });
    return best;
  };
  const trace = hovered === undefined ? undefined : traces[hovered];
  return (
    <div class="scatter">
      <canvas
        ref={ref}
        role="img"
        aria-label={`Duration of ${traces.length} traces over time; the same traces are listed below`}
        class={trace ? "pointing" : undefined}
        onPointerMove={(event) => setHovered(nearest(event))}
        onPointerLeave={() => setHovered(undefined)}
        onClick={(event) => {
          const found = nearest(event);
          if (found !== undefined) onOpen(traces[found]!);
        }}
      />
      {trace && (
        <p class="scatter-label">
          <strong>{trace.root?.name ?? "root not received"}</strong> {trace.root?.service} · {formatDuration(nanoseconds(trace.duration_ns))} · {formatClock(moment(trace.start_ns))}
          {trace.errors > 0 && <span class="error-text"> · {trace.errors} errors</span>}
        </p>
      )}
    </div>
  );
}
