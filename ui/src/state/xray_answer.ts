// An answer of the X-Ray API, asked for again whenever `again` changes; the former one stays until the new one is there.

import { useEffect, useState } from "preact/hooks";
import { ApiFailure } from "../api/client";
import { callXray, type xrayPaths } from "../api/xray";
import type { Asked } from "./answer";

export function useXray<T>(operation: keyof typeof xrayPaths, again: unknown = 0): Asked<T> {
  const [asked, setAsked] = useState<Asked<T>>({ isLoading: true });
  useEffect(() => {
    const abort = new AbortController();
    callXray<T>(operation, {}, abort.signal).then(
      (answer) => setAsked({ answer, isLoading: false }),
      (problem: unknown) => {
        if (abort.signal.aborted) return;
        const failure = problem instanceof ApiFailure ? problem : new ApiFailure(String(problem), "internal");
        setAsked(({ answer }) => ({ failure, isLoading: false, ...(answer === undefined ? {} : { answer }) }));
      },
    );
    return () => abort.abort();
  }, [operation, again]);
  return asked;
}
