// An answer of the X-Ray API, asked for again whenever `again` changes; the former one stays until the new one is there.

import { useEffect, useState } from "preact/hooks";
import { failureOf } from "../api/client";
import { callXray, type xrayPaths } from "../api/xray";
import type { Asked } from "./answer";
import { useComeback } from "./use_comeback";

export function useXray<T>(operation: keyof typeof xrayPaths, again: unknown = 0): Asked<T> {
  const [asked, setAsked] = useState<Asked<T>>({ isLoading: true });
  const comeback = useComeback(asked.failure);
  useEffect(() => {
    const abort = new AbortController();
    callXray<T>(operation, {}, abort.signal).then(
      (answer) => setAsked({ answer, isLoading: false }),
      (problem: unknown) => {
        if (abort.signal.aborted) return;
        const failure = failureOf(problem);
        setAsked(({ answer }) => ({ failure, isLoading: false, ...(answer === undefined ? {} : { answer }) }));
      },
    );
    return () => abort.abort();
  }, [operation, again, comeback]);
  return asked;
}
