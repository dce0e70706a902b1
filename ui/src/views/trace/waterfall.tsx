// The waterfall: two canvases over a scrolling box. The lower one is drawn when rows, window or theme change, the upper
// one with the pointer. Nothing is drawn while nothing changes.

import { effect, useSignal, type Signal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { nanoseconds } from "../../base/time";
import { themeCount } from "../../state/theme";
import { childCount } from "../../trace/layout";
import { clampWindow, panned, zoomed } from "../../trace/viewport";
import { paintSharp } from "../../widgets/use_canvas";
import { useKeys } from "../../widgets/use_keys";
import { paintOverlay, type PointerState } from "./paint_overlay";
import { paintRows } from "./paint_waterfall";
import { SpanTip, type HoveredSpan } from "./span_tip";
import { fitted, groupLedBy, indexOfRow, select, toggleFold, toggleRepeats, type TraceState } from "./trace_state";
import { TreeRows } from "./tree_rows";
import {
  contentHeight,
  foldMarkWidth,
  foldMarkX,
  indentOf,
  indexAtY,
  rowHeight,
  rulerHeight,
  scrollScale,
  timeOfX,
  timeWidth,
  type WaterfallView,
} from "./waterfall_geometry";
import { readWaterfallTheme } from "./waterfall_theme";
import { waterfallKeys } from "./waterfall_keys";
import type { WindowMotion } from "./window_motion";

const wheelZoom = 0.0022;
const dragThreshold = 4;

export interface WaterfallProps {
  state: TraceState;
  motion: WindowMotion;
  nameWidth: Signal<number>;
}

export function Waterfall({ state, motion, nameWidth }: WaterfallProps) {
  useKeys(() => waterfallKeys(state, motion), [state, motion]);
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const sight = useSignal({ top: 0, height: 600 });
  const hover = useSignal<HoveredSpan | undefined>(undefined);
  const pointer = useRef<PointerState | undefined>(undefined);

  const surface = useMemo(() => {
    let theme = readWaterfallTheme(state.hues);
    let isContentDue = false;
    let isOverlayDue = false;
    let frame: number | undefined;
    const view = (): WaterfallView => {
      const element = box.current!;
      const rows = state.rows.value.length;
      return {
        width: element.clientWidth,
        height: element.clientHeight,
        nameWidth: nameWidth.value,
        top: element.scrollTop * scrollScale(rows, element.clientHeight),
        window: state.window.value,
      };
    };
    const paint = (): void => {
      frame = undefined;
      if (!box.current || !content.current || !overlay.current) return;
      const now = view();
      if (isContentDue) paintSharp(content.current, (context) => paintRows(context, now, theme, state));
      if (isContentDue || isOverlayDue) {
        paintSharp(overlay.current, (context) => paintOverlay(context, now, theme, state, pointer.current));
      }
      isContentDue = false;
      isOverlayDue = false;
    };
    return {
      view,
      paint,
      invalidate(what: "content" | "overlay") {
        if (what === "content") isContentDue = true;
        else isOverlayDue = true;
        frame ??= requestAnimationFrame(paint);
      },
      readTheme: () => (theme = readWaterfallTheme(state.hues)),
      stop: () => frame !== undefined && cancelAnimationFrame(frame),
    };
  }, [state]);

  useEffect(() => {
    const element = box.current!;
    const readSight = (): void => {
      const view = surface.view();
      sight.value = { top: view.top, height: view.height };
    };
    const observer = new ResizeObserver(() => {
      if (!box.current) return; // taken away in the same frame
      readSight();
      surface.invalidate("content");
      surface.paint(); // before the browser does, so that a resize never shows an empty canvas
    });
    observer.observe(element);
    const onScroll = (): void => {
      if (!box.current) return;
      surface.invalidate("content");
      readSight();
    };
    element.addEventListener("scroll", onScroll, { passive: true });
    const stops = [
      effect(() => {
        state.rows.value;
        state.window.value;
        state.found.value;
        state.isPathShown.value;
        nameWidth.value;
        surface.invalidate("content");
      }),
      effect(() => {
        state.selected.value;
        surface.invalidate("overlay");
      }),
      effect(() => {
        themeCount.value;
        surface.readTheme();
        surface.invalidate("content");
      }),
      effect(() => {
        const row = state.selected.value;
        // The box is as high as its rows only once they are drawn: the selection may have opened some.
        if (row !== undefined) requestAnimationFrame(() => element.isConnected && bringIntoSight(element, state, row));
      }),
    ];
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", onScroll);
      for (const stop of stops) stop();
      surface.stop();
    };
  }, [surface]);

  const place = (event: MouseEvent): { x: number; y: number } => {
    const corner = box.current!.getBoundingClientRect();
    return { x: event.clientX - corner.left, y: event.clientY - corner.top };
  };

  const onPointerMove = (event: PointerEvent): void => {
    const { x, y } = place(event);
    const view = surface.view();
    const index = indexAtY(view, y, state.rows.value.length);
    const before = pointer.current;
    pointer.current = { x, y, index, dragFrom: before?.dragFrom };
    hover.value = index !== undefined && x > view.nameWidth && before?.dragFrom === undefined ? { row: state.rows.value[index], x, y, within: view } : undefined;
    surface.invalidate("overlay");
  };

  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const { x, y } = place(event);
    const view = surface.view();
    if (x >= box.current!.clientWidth) return; // the scroll bar
    if (Math.abs(x - view.nameWidth) < 5) dragNameWidth(event, nameWidth);
    else if (x > view.nameWidth) dragTime(event, x, y);
    else clickRow(x, y);
  };

  const clickRow = (x: number, y: number): void => {
    const view = surface.view();
    const index = indexAtY(view, y, state.rows.value.length);
    if (index === undefined) return;
    const row = state.rows.value[index];
    const { layout } = state.trace;
    const mark = foldMarkX(layout.depth[row] - state.topDepth.value, indentOf(view, layout.deepest));
    if (x >= mark - 4 && x <= mark + foldMarkWidth && childCount(layout, row) > 0) toggleFold(state, row);
    else select(state, row);
  };

  /** What a double click on the names opens or shuts: the group that the row stands for, or what is below it. */
  const toggle = (row: number): void => {
    const group = groupLedBy(state, row);
    if (group !== undefined) toggleRepeats(state, group);
    else toggleFold(state, row);
  };

  const dragTime = (event: PointerEvent, x: number, y: number): void => {
    const element = box.current!;
    const start = state.window.value;
    const isPan = event.shiftKey;
    element.setPointerCapture(event.pointerId);
    let isDrag = false;
    const move = (next: PointerEvent): void => {
      const to = place(next).x;
      if (!isDrag && Math.abs(to - x) < dragThreshold) return;
      isDrag = true;
      if (isPan) motion.jumpTo(panned(start, (x - to) / timeWidth(surface.view()), state.trace.layout.extent));
      else if (pointer.current) pointer.current.dragFrom = x;
      surface.invalidate("overlay");
    };
    const up = (last: PointerEvent): void => {
      element.removeEventListener("pointermove", move);
      element.removeEventListener("pointerup", up);
      element.removeEventListener("pointercancel", up);
      if (pointer.current) pointer.current.dragFrom = undefined;
      surface.invalidate("overlay");
      if (!isDrag) {
        clickRow(x, y);
        return;
      }
      if (isPan) return;
      const view = surface.view();
      const [from, to] = [timeOfX(view, x), timeOfX(view, place(last).x)].sort((left, right) => left - right);
      motion.moveTo(clampWindow({ from: nanoseconds(from), to: nanoseconds(to) }, state.trace.layout.extent));
    };
    element.addEventListener("pointermove", move);
    element.addEventListener("pointerup", up);
    element.addEventListener("pointercancel", up);
  };

  useEffect(() => {
    const element = box.current!;
    const onWheel = (event: WheelEvent): void => {
      const view = surface.view();
      const { extent } = state.trace.layout;
      const isSideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || (event.shiftKey && !event.ctrlKey);
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const anchor = (place(event).x - view.nameWidth) / timeWidth(view);
        motion.jumpTo(zoomed(state.window.value, Math.exp(event.deltaY * wheelZoom), Math.max(0, Math.min(1, anchor)), extent));
      } else if (isSideways) {
        event.preventDefault();
        motion.jumpTo(panned(state.window.value, (event.deltaX || event.deltaY) / timeWidth(view), extent));
      }
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [surface]);

  const onLeave = (): void => {
    pointer.current = undefined;
    hover.value = undefined;
    surface.invalidate("overlay");
  };

  const onDoubleClick = (event: MouseEvent): void => {
    const { x, y } = place(event);
    const view = surface.view();
    const index = indexAtY(view, y, state.rows.value.length);
    if (index === undefined) return;
    if (x > view.nameWidth) motion.moveTo(fitted(state, state.rows.value[index]));
    else toggle(state.rows.value[index]);
  };

  return (
    <div class="waterfall">
      <div
        class="waterfall-box"
        ref={box}
        onPointerMove={onPointerMove}
        onPointerDown={onPointerDown}
        onPointerLeave={onLeave}
        onDblClick={onDoubleClick}
      >
        <div class="waterfall-stage">
          <canvas ref={content} aria-hidden="true" />
          <canvas ref={overlay} aria-hidden="true" />
        </div>
        <Height state={state} />
      </div>
      <TreeRows state={state} sight={sight} />
      <SpanTip state={state} hover={hover} />
    </div>
  );
}

function Height({ state }: { state: TraceState }) {
  return <div class="waterfall-height" style={{ height: `${contentHeight(state.rows.value.length)}px` }} />;
}

function bringIntoSight(element: HTMLElement, state: TraceState, row: number): void {
  const scale = scrollScale(state.rows.value.length, element.clientHeight);
  const at = indexOfRow(state, row) * rowHeight;
  const top = element.scrollTop * scale;
  const room = element.clientHeight - rulerHeight;
  if (at < top + rowHeight) element.scrollTop = Math.max(0, at - 2 * rowHeight) / scale;
  else if (at + 2 * rowHeight > top + room) element.scrollTop = (at + 3 * rowHeight - room) / scale;
}

function dragNameWidth(event: PointerEvent, nameWidth: Signal<number>): void {
  const element = event.currentTarget as HTMLElement;
  const start = event.clientX - nameWidth.value;
  element.setPointerCapture(event.pointerId);
  const move = (next: PointerEvent): void => {
    nameWidth.value = Math.max(160, Math.min(element.clientWidth - 200, next.clientX - start));
  };
  const up = (): void => {
    element.removeEventListener("pointermove", move);
    element.removeEventListener("pointerup", up);
    localStorage.setItem("clew.trace.nameWidth", String(Math.round(nameWidth.value)));
  };
  element.addEventListener("pointermove", move);
  element.addEventListener("pointerup", up);
}
