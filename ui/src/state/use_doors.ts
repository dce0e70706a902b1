// A number that grows when something happened at the doors: data of any kind arrived, or a sender was turned away.

import { effect, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { arrivalCount, isLive, refusedRequests } from "../api/live";

/** Counters and ages move on even when nothing is told. */
const longestPause = 5000;
const shortestPause = 1000;

export function useDoors(): number {
  const beat = useSignal(0);
  useEffect(() => {
    let last = 0;
    let timer: number | undefined;
    const strike = (): void => {
      clearTimeout(timer);
      timer = window.setTimeout(strike, longestPause);
      last = performance.now();
      if (isLive.peek() && !document.hidden) beat.value += 1;
    };
    const told = (): number => arrivalCount.traces.value + arrivalCount.logs.value + arrivalCount.metrics.value + refusedRequests.value;
    let known: number | undefined;
    const stop = effect(() => {
      const now = told();
      const isNews = known !== undefined && now !== known;
      known = now;
      clearTimeout(timer);
      timer = window.setTimeout(strike, isNews ? Math.max(0, last + shortestPause - performance.now()) : longestPause);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, []);
  return beat.value;
}
