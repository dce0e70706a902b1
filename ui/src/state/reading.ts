// What a view has of an answer that takes several calls: read again whenever `again` changes, the former kept meanwhile.

import { useEffect, useState } from "preact/hooks";
import { ApiFailure } from "../api/client";

export function useReading<T>(read: (signal: AbortSignal) => Promise<T>, again: unknown): { answer?: T; failure?: ApiFailure } {
  const [seen, setSeen] = useState<{ answer?: T; failure?: ApiFailure }>({});
  useEffect(() => {
    const abort = new AbortController();
    read(abort.signal).then(
      (answer) => setSeen({ answer }),
      (problem: unknown) => {
        if (abort.signal.aborted) return;
        const failure = problem instanceof ApiFailure ? problem : new ApiFailure(String(problem), "internal");
        setSeen(({ answer }) => ({ failure, ...(answer !== undefined ? { answer } : {}) }));
      },
    );
    return () => abort.abort();
  }, [again]);
  return seen;
}
