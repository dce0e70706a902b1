// What a view has of an answer that takes several calls: read again whenever `again` changes, the former kept meanwhile.

import { useEffect, useState } from "preact/hooks";
import { failureOf, type ApiFailure } from "../api/client";
import { useComeback } from "./use_comeback";

export function useReading<T>(read: (signal: AbortSignal) => Promise<T>, again: unknown): { answer?: T; failure?: ApiFailure } {
  const [seen, setSeen] = useState<{ answer?: T; failure?: ApiFailure }>({});
  const comeback = useComeback(seen.failure);
  useEffect(() => {
    const abort = new AbortController();
    read(abort.signal).then(
      (answer) => setSeen({ answer }),
      (problem: unknown) => {
        if (abort.signal.aborted) return;
        const failure = failureOf(problem);
        setSeen(({ answer }) => ({ failure, ...(answer !== undefined ? { answer } : {}) }));
      },
    );
    return () => abort.abort();
  }, [again, comeback]);
  return seen;
}
