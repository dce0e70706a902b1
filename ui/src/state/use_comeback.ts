// A number that grows when clew is back after a question found nobody there: time to ask it again.

import { useRef } from "preact/hooks";
import type { ApiFailure } from "../api/client";
import { lastOutage } from "../api/connection";

export function useComeback(failure: ApiFailure | undefined): number {
  const outage = lastOutage.value;
  const seen = useRef(outage);
  const count = useRef(0);
  if (outage !== seen.current) {
    seen.current = outage;
    if (failure?.kind === "network") count.current += 1;
  }
  return count.current;
}
