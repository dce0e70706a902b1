// How values are spread at each time, as a picture: time from left to right, values upwards, the darker (on dark ground:
// the lighter) the more there are. Dragging selects a box; the arrow keys move a cursor, with shift they select.

import { useMemo, useRef, useState } from "preact/hooks";
import { after, formatClock, formatDay, moment, type Moment, nanoseconds, toDate, zoneOffsetMinutes } from "../base/time";
import { formatCount } from "../base/numbers";
import { densityRamp } from "../chart/density_ramp";
import { boxBetween, countAt, countIn, placeOfValue, rasterHeatmap, type CellBox, type HeatmapCells } from "../chart/heatmap_cells";
import { clockTicks, linearScale, logScale } from "../chart/scale";
import type { AnswerColumn } from "../api/answers";
import { measureText } from "../query/result";
import { cssColour, themeCount } from "../state/theme";
import { HeatmapLegend } from "./heatmap_legend";
import { useCanvas } from "./use_canvas";

export interface HeatmapProps {
  title: string;
  cells: HeatmapCells;
  start: Moment;
  stepNs: number;
  unit: AnswerColumn["unit"];
  selected?: CellBox | undefined;
  onSelect: (box: CellBox | undefined) => void;
}

interface Cell {
  step: number;
  bucket: number;
}

const left = 64;
const right = 16;
const top = 6;
const bottom = 22;

export function Heatmap({ title, cells, start, stepNs, unit, selected, onSelect }: HeatmapProps) {
  const [hovered, setHovered] = useState<Cell | undefined>();
  const [dragged, setDragged] = useState<CellBox | undefined>();
  const anchor = useRef<Cell | undefined>(undefined);
  const cached = useRef<{ key: unknown[]; image: ImageData } | undefined>(undefined);
  const ticks = useMemo(() => valueTicks(cells), [cells]);

  const { ref } = useCanvas((context, { width, height }) => {
    const room = { width: width - left - right, height: height - top - bottom };
    if (room.width <= 0 || room.height <= 0) return;
    drawAxes(context, { width, height, cells, ticks, start, stepNs, unit });
    const density = window.devicePixelRatio || 1;
    const size = { width: Math.round(room.width * density), height: Math.round(room.height * density) };
    const key = [cells, size.width, size.height, themeCount.peek(), selected?.firstStep, selected?.endStep, selected?.firstBucket, selected?.endBucket];
    if (!cached.current || key.some((part, index) => part !== cached.current!.key[index])) {
      const ramp = densityRamp(document.documentElement.dataset.theme === "dark");
      const pixels = rasterHeatmap(cells, size.width, size.height, ramp, selected);
      cached.current = { key, image: new ImageData(pixels, size.width, size.height) };
    }
    context.putImageData(cached.current.image, Math.round(left * density), Math.round(top * density));
  });

  const cellAt = (event: PointerEvent): Cell => {
    const canvas = ref.current!;
    const corner = canvas.getBoundingClientRect();
    const across = (event.clientX - corner.left - left) / (canvas.clientWidth - left - right);
    const upwards = 1 - (event.clientY - corner.top - top) / (canvas.clientHeight - top - bottom);
    return { step: Math.floor(across * cells.steps), bucket: Math.floor(upwards * cells.buckets) };
  };
  const isInside = ({ step, bucket }: Cell): boolean => step >= 0 && step < cells.steps && bucket >= 0 && bucket < cells.buckets;
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (move) {
      const from = hovered ?? { step: cells.steps - 1, bucket: 0 };
      const to = { step: clamp(from.step + move[0]!, cells.steps), bucket: clamp(from.bucket + move[1]!, cells.buckets) };
      if (event.shiftKey) setDragged(boxBetween(cells, (anchor.current ??= from), to));
      else {
        anchor.current = undefined;
        setDragged(undefined);
      }
      setHovered(to);
    } else if (event.key === "Enter" && (dragged ?? hovered)) {
      onSelect(dragged ?? boxBetween(cells, hovered!, hovered!));
      setDragged(undefined);
      anchor.current = undefined;
    } else if (event.key === "Escape") {
      setDragged(undefined);
      anchor.current = undefined;
      if (!dragged) onSelect(undefined);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const box = dragged ?? selected;
  const said = dragged ? sayBox(cells, dragged, start, stepNs, unit) : hovered && isInside(hovered) ? sayCell(cells, hovered, start, stepNs, unit) : "";
  return (
    <figure class="panel heatmap">
      <figcaption>
        <strong>{title}</strong>
        <span class="soft" role="status">{said}</span>
        <span class="grow" />
        <HeatmapLegend most={cells.most} />
      </figcaption>
      <div
        class="heatmap-plot"
        tabIndex={0}
        role="application"
        aria-label={`Heat map of ${title}, ${cells.steps} steps of time by ${cells.buckets} of values. Arrow keys move, shift selects, Enter compares the selection. The table below has the same numbers`}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          const cell = cellAt(event);
          if (event.button !== 0 || !isInside(cell)) return;
          anchor.current = cell;
          event.currentTarget.setPointerCapture(event.pointerId);
          setDragged(boxBetween(cells, cell, cell));
        }}
        onPointerMove={(event) => {
          const cell = cellAt(event);
          if (dragged && anchor.current) setDragged(boxBetween(cells, anchor.current, cell));
          else setHovered(isInside(cell) ? cell : undefined);
        }}
        onPointerUp={(event) => {
          if (!dragged || !anchor.current) return;
          const cell = cellAt(event);
          const isClick = cell.step === anchor.current.step && cell.bucket === anchor.current.bucket;
          // A click in the dark, or on a selection, takes the selection back.
          onSelect(isClick && (selected || countIn(cells, dragged) === 0) ? undefined : dragged);
          setDragged(undefined);
          anchor.current = undefined;
        }}
        onPointerCancel={() => setDragged(undefined)}
        onPointerLeave={() => setHovered(undefined)}
      >
        <canvas ref={ref} />
        {box && <span class={`heatmap-box${dragged ? " is-dragged" : ""}`} style={placeOfBox(cells, box)} />}
        {hovered && isInside(hovered) && !dragged && <span class="heatmap-cell" style={placeOfBox(cells, boxBetween(cells, hovered, hovered))} />}
      </div>
    </figure>
  );
}

const clamp = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));

/** As shares of the room between the axes, so that the browser keeps it in place when sizes change. */
function placeOfBox(cells: HeatmapCells, box: CellBox): Record<string, string> {
  const share = (value: number, of: number): string => String(value / of);
  return {
    "--left": share(box.firstStep, cells.steps),
    "--wide": share(box.endStep - box.firstStep, cells.steps),
    "--top": share(cells.buckets - box.endBucket, cells.buckets),
    "--tall": share(box.endBucket - box.firstBucket, cells.buckets),
  };
}

function valueTicks(cells: HeatmapCells): number[] {
  const low = cells.bounds[0]!;
  const high = cells.bounds.at(-1)!;
  const powers = cells.isLogarithmic ? logScale(low, high).ticks.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001) : [];
  return powers.length >= 2 ? powers : linearScale(low, high, 4).ticks;
}

interface Axes extends Pick<HeatmapProps, "cells" | "start" | "stepNs" | "unit"> {
  width: number;
  height: number;
  ticks: readonly number[];
}

function drawAxes(context: CanvasRenderingContext2D, { width, height, cells, ticks, start, stepNs, unit }: Axes): void {
  context.font = `11px ${cssColour("--font")}`;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const tick of ticks) {
    const y = top + (1 - placeOfValue(cells, tick)) * (height - top - bottom);
    context.fillStyle = cssColour("--grid");
    context.fillRect(left, Math.round(y), width - left - right, 1);
    context.fillStyle = cssColour("--text-faint");
    context.fillText(measureText(tick, unit).replace(/\.0+ /, " "), left - 8, Math.max(8, y));
  }
  const span = cells.steps * stepNs;
  const date = toDate(start);
  const clock = clockTicks(date.getTime(), span, Math.max(2, Math.floor(width / 110)), zoneOffsetMinutes(date));
  context.textAlign = "center";
  for (const tick of clock.at) {
    const x = left + (tick / span) * (width - left - right);
    if (x < left + 16 || x > width - 24) continue;
    const at = after(start, nanoseconds(tick));
    context.fillText(clock.step >= 86400e9 ? formatDay(at).slice(5) : formatClock(at, "none").slice(0, clock.step >= 60e9 ? 5 : 8), x, height - 9);
  }
  context.fillStyle = cssColour("--line");
  context.fillRect(left, height - bottom + 1, width - left - right, 1);
}

function sayTimes(start: Moment, stepNs: number, first: number, end: number): string {
  const at = (step: number): string => formatClock(moment(after(start, nanoseconds(step * stepNs))), stepNs < 1e9 ? "milliseconds" : "none");
  return `${at(first)} – ${at(end)}`;
}

function sayCell(cells: HeatmapCells, { step, bucket }: Cell, start: Moment, stepNs: number, unit: AnswerColumn["unit"]): string {
  const values = `${measureText(cells.bounds[bucket]!, unit)} to ${measureText(cells.bounds[bucket + 1]!, unit)}`;
  return `${sayTimes(start, stepNs, step, step + 1)} · ${values} · ${formatCount(Math.round(countAt(cells, step, bucket)))}`;
}

function sayBox(cells: HeatmapCells, box: CellBox, start: Moment, stepNs: number, unit: AnswerColumn["unit"]): string {
  const values = `${measureText(cells.bounds[box.firstBucket]!, unit)} to ${measureText(cells.bounds[box.endBucket]!, unit)}`;
  return `${sayTimes(start, stepNs, box.firstStep, box.endStep)} · ${values} · ${formatCount(Math.round(countIn(cells, box)))} selected`;
}
