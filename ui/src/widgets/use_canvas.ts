// A canvas that is always as sharp as the screen, and drawn again only when its size, the theme or what it shows changes.

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { themeCount } from "../state/theme";

export interface CanvasSize {
  width: number;
  height: number;
}

export type Paint = (context: CanvasRenderingContext2D, size: CanvasSize) => void;

export function useCanvas(paint: Paint): { ref: { current: HTMLCanvasElement | null }; repaint: () => void } {
  const ref = useRef<HTMLCanvasElement>(null);
  const latest = useRef(paint);
  latest.current = paint;
  const repaint = useRef(() => {
    const canvas = ref.current;
    if (canvas) paintSharp(canvas, latest.current);
  }).current;
  useLayoutEffect(repaint);
  useEffect(() => {
    // The observer runs before the browser paints, so that a resize never shows an empty canvas.
    const observer = new ResizeObserver(repaint);
    observer.observe(ref.current!);
    const forget = themeCount.subscribe(repaint);
    return () => {
      observer.disconnect();
      forget();
    };
  }, []);
  return { ref, repaint };
}

export function paintSharp(canvas: HTMLCanvasElement, paint: Paint): void {
  const size = { width: canvas.clientWidth, height: canvas.clientHeight };
  const density = window.devicePixelRatio || 1;
  const width = Math.round(size.width * density);
  const height = Math.round(size.height * density);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  if (width === 0 || height === 0) return;
  const context = canvas.getContext("2d")!;
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  paint(context, size);
}
