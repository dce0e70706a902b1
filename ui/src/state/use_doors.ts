// A number that grows when something happened at the doors: data of any kind arrived, or a sender was turned away.

import { useEffect, useState } from "preact/hooks";
import { arrivalCount, isLive, refusedRequests } from "../api/live";

/** Counters and ages move on even when nothing is told. */
const anyway = 5000;

export function useDoors(): number {
  const [beat, setBeat] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      if (isLive.peek() && !document.hidden) setBeat((count) => count + 1);
    }, anyway);
    return () => clearInterval(timer);
  }, []);
  const told = arrivalCount.traces.value + arrivalCount.logs.value + arrivalCount.metrics.value + refusedRequests.value;
  return told + beat;
}
