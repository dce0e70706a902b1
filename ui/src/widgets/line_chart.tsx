// Values over time, one chart for each calculation, with the same colours as the table below: as lines, or one upon the
// other. An earlier period that they are compared with is drawn in thin broken lines. A click asks what to do with a point.

import { useState } from "preact/hooks";
import type { Answer } from "../api/answers";
import { after, formatClock, formatMoment, moment, nanoseconds, toDate, zoneOffsetMinutes } from "../base/time";
import { clockTicks, scaleFromZero } from "../chart/scale";
import { unreadSteps } from "../query/first_look";
import { isAdditive, measureText, panelsOf, stackedTops, type Panel } from "../query/result";
import { pointAt, type Point } from "../query/point";
import { cssColour } from "../state/theme";
import { lineHues } from "./line_hue";
import { useCanvas } from "./use_canvas";

export interface LineChartProps {
  answer: Answer;
  /** The row of the table that is pointed at. */
  pointed: number | undefined;
  onPoint: (row: number | undefined) => void;
  isStacked?: boolean;
  before?: Answer | undefined;
  onChoose?: (point: Point, event: PointerEvent) => void;
}

export function LineChart(props: LineChartProps) {
  const before = props.before ? panelsOf(props.before) : [];
  return (
    <div class="panels">
      {panelsOf(props.answer).map((panel) => (
        <PanelChart key={panel.title} {...props} panel={panel} earlier={before.find(({ title }) => title === panel.title)} />
      ))}
    </div>
  );
}

const left = 64;
const right = 16;
const top = 10;
const bottom = 22;

/** What is not read yet: no zero, and no gap in the data. */
function hatch(context: CanvasRenderingContext2D, x: number, y: number, width: number, height: number): void {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.strokeStyle = cssColour("--line");
  context.lineWidth = 1;
  context.beginPath();
  for (let at = x - height; at < x + width; at += 12) {
    context.moveTo(at, y + height);
    context.lineTo(at + height, y);
  }
  context.stroke();
  context.restore();
}

function PanelChart({ answer, panel, pointed, onPoint, isStacked, earlier, onChoose }: LineChartProps & { panel: Panel; earlier: Panel | undefined }) {
  const [step, setStep] = useState<number | undefined>();
  const series = answer.series!;
  const start = moment(series.start_ns);
  const span = series.steps * series.step_ns;
  const hues = lineHues(answer);
  const unread = unreadSteps(answer);
  // Only what adds up may stand one upon the other.
  const tops = isStacked && isAdditive(panel.title) ? stackedTops(panel.lines.map((line) => line.values)) : undefined;
  const drawn = panel.lines.map((line, index) => ({ ...line, values: tops?.[index] ?? line.values }));
  let high = 0;
  for (const line of [...drawn, ...(tops ? [] : (earlier?.lines ?? []))]) for (const value of line.values) high = Math.max(high, value ?? 0);
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
    const clock = clockTicks(toDate(start).getTime(), span, Math.max(2, Math.floor(width / 110)), zoneOffsetMinutes(toDate(start)));
    context.textAlign = "center";
    for (const tick of clock.at) {
      const x = left + (tick / span) * (width - left - right);
      if (x < left + 16 || x > width - 24) continue;
      const at = after(start, nanoseconds(tick));
      context.fillText(clock.step >= 86400e9 ? formatMoment(at).slice(5, 10) : formatClock(at, "none").slice(0, clock.step >= 60e9 ? 5 : 8), x, height - 9);
    }
    if (unread > 0) hatch(context, left, top, (unread / Math.max(1, series.steps)) * (width - left - right), height - top - bottom);
    const lightness = cssColour("--service-lightness");
    const chroma = cssColour("--service-chroma");
    const traceLine = (values: readonly (number | null)[]): void => {
      let isDrawing = false;
      values.forEach((value, index) => {
        if (value === null) {
          isDrawing = false;
          return;
        }
        const x = xOf(index, width);
        const y = yOf(value, height);
        // A value between two gaps has no line; it is a dot.
        const isAlone = !isDrawing && (values[index + 1] ?? null) === null;
        if (isAlone) context.fillRect(x - 1.5, y - 1.5, 3, 3);
        else if (isDrawing) context.lineTo(x, y);
        else context.moveTo(x, y);
        isDrawing = true;
      });
    };
    for (const line of tops ? [] : (earlier?.lines ?? [])) {
      const now = panel.lines.find(({ name }) => name === line.name);
      if (!now || (pointed !== undefined && pointed !== now.row)) continue;
      context.globalAlpha = 0.75;
      context.strokeStyle = context.fillStyle = `oklch(${lightness} ${chroma} ${hues.get(now.row)})`;
      context.lineWidth = 1;
      context.setLineDash([4, 4]);
      context.beginPath();
      traceLine(line.values);
      context.stroke();
      context.setLineDash([]);
    }
    // The upper ones first, so that the lower ones cover what is not theirs.
    for (const line of tops ? [...drawn].reverse() : drawn) {
      context.globalAlpha = pointed === undefined || pointed === line.row ? 1 : 0.18;
      context.strokeStyle = `oklch(${lightness} ${chroma} ${hues.get(line.row)})`;
      context.fillStyle = context.strokeStyle;
      context.lineWidth = pointed === line.row ? 2.4 : 1.6;
      context.lineJoin = "round";
      if (tops) {
        context.beginPath();
        context.moveTo(xOf(0, width), yOf(0, height));
        line.values.forEach((value, index) => context.lineTo(xOf(index, width), yOf(value ?? 0, height)));
        context.lineTo(xOf(series.steps - 1, width), yOf(0, height));
        context.closePath();
        context.fill();
        context.strokeStyle = cssColour("--ground");
        context.lineWidth = 1;
        context.stroke();
        continue;
      }
      context.beginPath();
      traceLine(line.values);
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
    for (const line of drawn) {
      const value = line.values[index];
      if (value === null || value === undefined) continue;
      if (tops && yOf(value, canvas.clientHeight) <= y) {
        best = { row: line.row, distance: 0 }; // the lowest band that reaches up to the pointer
        break;
      }
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
        {panel.groups > panel.lines.length && <span class="soft">first {panel.lines.length} of {panel.groups} groups</span>}
        {isStacked && !tops && <span class="soft">does not add up, so is not stacked</span>}
        {step !== undefined && (
          <span class="soft">
            {formatMoment(after(start, nanoseconds(step * series.step_ns))).slice(0, 19)}
            {named && ` · ${named.name}: ${value === null || value === undefined ? "–" : measureText(value, panel.unit)}`}
          </span>
        )}
      </figcaption>
      <canvas
        ref={ref}
        class={onChoose ? "is-choosable" : undefined}
        onPointerUp={(event) => {
          if (!onChoose || step === undefined || event.button !== 0) return;
          const row = named?.row ?? -1;
          onChoose(pointAt(answer, row, panel.column, step, named?.values[step] ?? null), event);
        }}
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
