// A count that goes on every so often while somebody looks, for what changes without anything arriving.

import { useEffect, useState } from "preact/hooks";

export function useBeat(everyMs: number): number {
  const [beat, setBeat] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && setBeat((count) => count + 1), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return beat;
}
