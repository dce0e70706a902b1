// A number that grows when a list should be asked for again: data arrived, or clew is back after it was gone, the list is
// live, and reaches up to now.

import { effect, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Signal } from "../api/answers";
import { lastOutage } from "../api/connection";
import { arrivalCount, isLive } from "../api/live";

/** Lists that are asked for again more often than this are not easier to read. */
const shortestPause = 1000;

export function useLive(signal: Signal, isOpenEnded: boolean): number {
  const tick = useSignal(0);
  useEffect(() => {
    let timer: number | undefined;
    let last = performance.now();
    let seen = arrivalCount[signal].peek();
    let outage = lastOutage.peek();
    const stop = effect(() => {
      const count = arrivalCount[signal].value;
      const isBack = lastOutage.value !== outage;
      if (!isLive.value || !isOpenEnded || (count === seen && !isBack) || timer !== undefined) return;
      timer = window.setTimeout(
        () => {
          timer = undefined;
          seen = arrivalCount[signal].peek();
          outage = lastOutage.peek();
          last = performance.now();
          tick.value += 1;
        },
        Math.max(0, shortestPause - (performance.now() - last)),
      );
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [signal, isOpenEnded]);
  return tick.value;
}
