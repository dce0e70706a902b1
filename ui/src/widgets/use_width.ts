// How wide an element is.

import { useLayoutEffect, useRef, useState } from "preact/hooks";

export function useWidth(): { ref: { current: HTMLDivElement | null }; width: number } {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(1200);
  useLayoutEffect(() => {
    const read = (): void => setWidth(ref.current!.clientWidth);
    const observer = new ResizeObserver(read);
    observer.observe(ref.current!);
    read();
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}
