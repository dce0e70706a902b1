// A list of rows of one height, of which only those in sight exist.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

const overscan = 6;
/** Browsers lose count above some 16 million pixels; longer lists scroll proportionally. */
const tallest = 12_000_000;

export interface VisibleSlice {
  first: number;
  last: number;
  /** Where the first row is drawn, in pixels from the top of the content. */
  top: number;
  contentHeight: number;
}

export function visibleSlice(count: number, rowHeight: number, scrollTop: number, viewHeight: number): VisibleSlice {
  const full = count * rowHeight;
  const contentHeight = Math.min(full, tallest);
  const scale = full > contentHeight && contentHeight > viewHeight ? (full - viewHeight) / (contentHeight - viewHeight) : 1;
  const virtualTop = scrollTop * scale;
  const first = Math.max(0, Math.floor(virtualTop / rowHeight) - overscan);
  const last = Math.min(count, Math.ceil((virtualTop + viewHeight) / rowHeight) + overscan);
  return { first, last, top: first * rowHeight - virtualTop + scrollTop, contentHeight };
}

export interface VirtualListProps {
  count: number;
  rowHeight: number;
  row: (index: number) => ComponentChildren;
  /** Kept in sight when it changes. */
  current?: number | undefined;
  label: string;
  /** Pixels from the top, whenever that changes. */
  onScroll?: (top: number) => void;
}

export function VirtualList({ count, rowHeight, row, current, label, onScroll }: VirtualListProps) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ scrollTop: 0, height: 800 });
  const tell = useRef(onScroll);
  tell.current = onScroll;
  useLayoutEffect(() => {
    const element = box.current!;
    const read = (): void => setView({ scrollTop: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(read);
    observer.observe(element);
    const scrolled = (): void => {
      read();
      tell.current?.(element.scrollTop);
    };
    element.addEventListener("scroll", scrolled, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", scrolled);
    };
  }, []);
  useLayoutEffect(() => {
    const element = box.current!;
    if (current === undefined) return;
    const top = current * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + element.clientHeight) element.scrollTop = top + rowHeight - element.clientHeight;
  }, [current, rowHeight]);
  const slice = visibleSlice(count, rowHeight, view.scrollTop, view.height);
  const rows: ComponentChildren[] = [];
  for (let index = slice.first; index < slice.last; index++) rows.push(row(index));
  return (
    <div class="list" ref={box} role="list" aria-label={label} tabIndex={0}>
      <div style={{ height: `${slice.contentHeight}px` }} />
      <div class="list-rows" style={{ top: `${slice.top}px` }}>
        {rows}
      </div>
    </div>
  );
}
