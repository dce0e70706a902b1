// Values over time, one chart for each calculation, with the same colours as the table below.

import { useState } from "preact/hooks";
import type { Answer } from "../api/answers";
import { after, formatClock, formatMoment, moment, nanoseconds, toDate } from "../base/time";
import { clockTicks, scaleFromZero } from "../chart/scale";
import { measureText, panelsOf, type Panel } from "../query/result";
import { cssColour } from "../state/theme";
import { lineHues } from "./line_hue";
import { useCanvas } from "./use_canvas";

export interface LineChartProps {
  answer: Answer;
  /** The row of the table that is pointed at. */
  pointed: number | undefined;
  onPoint: (row: number | undefined) => void;
}

export function LineChart({ answer, pointed, onPoint }: LineChartProps) {
  return (
    <div class="panels">
      {panelsOf(answer).map((panel) => (
        <PanelChart key={panel.title} answer={answer} panel={panel} pointed={pointed} onPoint={onPoint} />
      ))}
    </div>
  );
}

const left = 64;
const right = 16;
const top = 10;
const bottom = 22;

function PanelChart({ answer, panel, pointed, onPoint }: LineChartProps & { panel: Panel }) {
  const [step, setStep] = useState<number | undefined>();
  const series = answer.series!;
  const start = moment(series.start_ns);
  const span = series.steps * series.step_ns;
  const hues = lineHues(answer);
  let high = 0;
  for (const line of panel.lines) for (const value of line.values) high = Math.max(high, value ?? 0);
  const scale = scaleFromZero(high, 4);
  const xOf = (index: number, width: number): number => left + ((index + 0.5) / Math.max(1, series.steps)) * (width - left - right);
  const yOf = (value: number, height: number): number => top + (1 - scale.place(value)) * (height - top - bottom);

  const { ref } = useCanvas((context, { width, height }) => {
    context.font = `11px ${cssColour("--font")}`;
    context.textBaseline = "middle";
    context.textAlign = "right";
    for (const tick of scale.ticks) {
      context.fillStyle = cssColour(tick === 0 ? "--line" : "--grid");
      context.fillRect(left, Math.round(yOf(tick, height)), width - left - right, 1);
      context.fillStyle = cssColour("--text-faint");
      context.fillText(measureText(tick, panel.unit).replace(/\.0+ /, " "), left - 8, yOf(tick, height));
    }
    const clock = clockTicks(toDate(start).getTime(), span, Math.max(2, Math.floor(width / 110)), toDate(start).getTimezoneOffset());
    context.textAlign = "center";
    for (const tick of clock.at) {
      const x = left + (tick / span) * (width - left - right);
      if (x < left + 16 || x > width - 24) continue;
      const at = after(start, nanoseconds(tick));
      context.fillText(clock.step >= 86400e9 ? formatMoment(at).slice(5, 10) : formatClock(at, "none").slice(0, clock.step >= 60e9 ? 5 : 8), x, height - 9);
    }
    const lightness = cssColour("--service-lightness");
    const chroma = cssColour("--service-chroma");
    for (const line of panel.lines) {
      context.globalAlpha = pointed === undefined || pointed === line.row ? 1 : 0.18;
      context.strokeStyle = `oklch(${lightness} ${chroma} ${hues.get(line.row)})`;
      context.fillStyle = context.strokeStyle;
      context.lineWidth = pointed === line.row ? 2.4 : 1.6;
      context.lineJoin = "round";
      context.beginPath();
      let isDrawing = false;
      line.values.forEach((value, index) => {
        if (value === null) {
          isDrawing = false;
          return;
        }
        const x = xOf(index, width);
        const y = yOf(value, height);
        // A value between two gaps has no line; it is a dot.
        const isAlone = !isDrawing && (line.values[index + 1] ?? null) === null;
        if (isAlone) context.fillRect(x - 1.5, y - 1.5, 3, 3);
        else if (isDrawing) context.lineTo(x, y);
        else context.moveTo(x, y);
        isDrawing = true;
      });
      context.stroke();
    }
    context.globalAlpha = 1;
    if (step !== undefined) {
      context.fillStyle = cssColour("--line-strong");
      context.fillRect(Math.round(xOf(step, width)), top, 1, height - top - bottom);
    }
  });

  const onMove = (event: PointerEvent): void => {
    const canvas = ref.current!;
    const corner = canvas.getBoundingClientRect();
    const index = Math.floor(((event.clientX - corner.left - left) / (canvas.clientWidth - left - right)) * series.steps);
    if (index < 0 || index >= series.steps) {
      setStep(undefined);
      onPoint(undefined);
      return;
    }
    setStep(index);
    const y = event.clientY - corner.top;
    let best: { row: number; distance: number } | undefined;
    for (const line of panel.lines) {
      const value = line.values[index];
      if (value === null || value === undefined) continue;
      const distance = Math.abs(yOf(value, canvas.clientHeight) - y);
      if (distance < (best?.distance ?? 40)) best = { row: line.row, distance };
    }
    onPoint(best?.row);
  };
  const named = panel.lines.find((line) => line.row === pointed) ?? (panel.lines.length === 1 ? panel.lines[0] : undefined);
  const value = step === undefined ? undefined : named?.values[step];
  return (
    <figure class="panel">
      <figcaption>
        <strong>{panel.title}</strong>
        {step !== undefined && (
          <span class="soft">
            {formatMoment(after(start, nanoseconds(step * series.step_ns))).slice(0, 19)}
            {named && ` · ${named.name}: ${value === null || value === undefined ? "–" : measureText(value, panel.unit)}`}
          </span>
        )}
      </figcaption>
      <canvas
        ref={ref}
        role="img"
        aria-label={`${panel.title} over time; the table below has the same numbers`}
        onPointerMove={onMove}
        onPointerLeave={() => {
          setStep(undefined);
          onPoint(undefined);
        }}
      />
    </figure>
  );
}
