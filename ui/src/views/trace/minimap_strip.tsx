// The whole trace in a strip above the waterfall, with the window on it: drag to choose another, double-click for all.

import { effect, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { rgbOfOklch, type Rgb } from "../../base/colour";
import { formatTick, nanoseconds } from "../../base/time";
import { cssColour, themeCount } from "../../state/theme";
import { clampWindow, isWhole, ticksIn, wholeWindow } from "../../trace/viewport";
import { paintSharp } from "../../widgets/use_canvas";
import type { TraceLoader } from "./trace_loader";
import { wholeOf, type TraceState } from "./trace_state";
import type { WindowMotion } from "./window_motion";

const labelHeight = 16;

export function MinimapStrip({ state, motion, loader }: { state: TraceState; motion: WindowMotion; loader: TraceLoader }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const picture = useRef<HTMLCanvasElement | undefined>(undefined);
  const drag = useSignal<{ from: number; to: number } | undefined>(undefined);
  const whole = wholeOf(state);

  const paint = (): void => {
    if (!canvas.current) return;
    paintSharp(canvas.current, (context, { width, height }) => {
      const window = drag.value ?? state.window.value;
      const xOf = (offset: number): number => (offset / whole.to) * width;
      const ticks = ticksIn(whole, Math.max(2, Math.floor(width / 160)));
      context.font = `11px ${cssColour("--font")}`;
      context.textBaseline = "middle";
      for (const tick of ticks.at) {
        context.fillStyle = cssColour("--grid");
        context.fillRect(Math.round(xOf(tick)), 0, 1, height);
        context.fillStyle = cssColour("--text-faint");
        const text = formatTick(tick, ticks.step);
        if (xOf(tick) + 60 < width) context.fillText(text, xOf(tick) + 4, labelHeight / 2);
      }
      if (picture.current) {
        context.drawImage(picture.current, 0, labelHeight, xOf(state.trace.layout.extent), height - labelHeight - 4);
      }
      if (isWhole(window as typeof whole, state.trace.layout.extent)) return;
      context.fillStyle = cssColour("--veil");
      context.fillRect(0, 0, xOf(window.from), height);
      context.fillRect(xOf(window.to), 0, width - xOf(window.to), height);
      context.fillStyle = cssColour("--accent");
      context.fillRect(xOf(window.from) - 1, 0, 2, height);
      context.fillRect(xOf(window.to) - 1, 0, 2, height);
    });
  };

  useEffect(() => {
    const request = async (): Promise<void> => {
      const element = canvas.current;
      if (!element) return; // taken away in the same frame
      const density = window.devicePixelRatio || 1;
      const width = Math.max(1, Math.round(element.clientWidth * density));
      const height = Math.max(1, Math.round((element.clientHeight - labelHeight - 4) * density));
      const made = await loader.ask("minimap", { width, height, colours: { services: state.hues.map(serviceRgb), error: errorRgb() } });
      const target = document.createElement("canvas");
      target.width = width;
      target.height = height;
      target.getContext("2d")!.putImageData(new ImageData(made as Uint8ClampedArray<ArrayBuffer>, width, height), 0, 0);
      picture.current = target;
      paint();
    };
    const observer = new ResizeObserver(() => {
      paint();
      void request();
    });
    observer.observe(canvas.current!);
    const stops = [
      effect(() => {
        state.window.value;
        drag.value;
        requestAnimationFrame(paint);
      }),
      themeCount.subscribe(() => void request()),
    ];
    return () => {
      observer.disconnect();
      for (const stop of stops) stop();
    };
  }, [state, loader]);

  const onPointerDown = (event: PointerEvent): void => {
    const element = canvas.current!;
    const left = element.getBoundingClientRect().left;
    const timeAt = (x: number): number => Math.max(0, Math.min(1, (x - left) / element.clientWidth)) * whole.to;
    const begin = timeAt(event.clientX);
    element.setPointerCapture(event.pointerId);
    const move = (next: PointerEvent): void => {
      const end = timeAt(next.clientX);
      drag.value = { from: Math.min(begin, end), to: Math.max(begin, end) };
    };
    const up = (): void => {
      element.removeEventListener("pointermove", move);
      element.removeEventListener("pointerup", up);
      const chosen = drag.value;
      drag.value = undefined;
      const isDrag = chosen && (chosen.to - chosen.from) / whole.to > 3 / element.clientWidth;
      if (isDrag) {
        motion.moveTo(clampWindow({ from: nanoseconds(chosen.from), to: nanoseconds(chosen.to) }, state.trace.layout.extent));
      } else {
        const half = (state.window.value.to - state.window.value.from) / 2;
        motion.moveTo(clampWindow({ from: nanoseconds(begin - half), to: nanoseconds(begin + half) }, state.trace.layout.extent));
      }
    };
    element.addEventListener("pointermove", move);
    element.addEventListener("pointerup", up);
  };

  return (
    <canvas
      class="minimap"
      ref={canvas}
      onPointerDown={onPointerDown}
      onDblClick={() => motion.moveTo(wholeWindow(state.trace.layout.extent))}
      aria-label="The whole trace; the part on display is framed"
      role="img"
    />
  );
}

const serviceRgb = (hue: number): Rgb =>
  rgbOfOklch(Number(cssColour("--service-lightness")), Number(cssColour("--service-chroma")), hue);

function errorRgb(): Rgb {
  const [red = 0, green = 0, blue = 0] = (cssColour("--error").match(/[0-9a-f]{2}/gi) ?? []).map((byte) => parseInt(byte, 16));
  return { red, green, blue };
}
