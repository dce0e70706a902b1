// What a view has of an answer: the newest, whether a newer one is on its way, and why the last attempt failed.

import { useEffect, useRef, useState } from "preact/hooks";
import { failureOf, get, type ApiFailure } from "../api/client";
import { useComeback } from "./use_comeback";

export interface Asked<T> {
  answer?: T;
  failure?: ApiFailure;
  isLoading: boolean;
}

/** Gets a URL, again whenever it or `again` changes; the former answer stays until the new one is there. */
export function useAnswer<T>(url: string | undefined, again: unknown = 0): Asked<T> {
  const [asked, setAsked] = useState<Asked<T> & { url?: string | undefined }>({ isLoading: url !== undefined });
  const latest = useRef(asked);
  latest.current = asked;
  const comeback = useComeback(asked.failure);
  useEffect(() => {
    if (url === undefined) return;
    const abort = new AbortController();
    setAsked({ ...latest.current, isLoading: true });
    get<T>(url, abort.signal).then(
      (answer) => setAsked({ answer, isLoading: false, url }),
      (problem: unknown) => {
        if (abort.signal.aborted) return;
        const failure = failureOf(problem);
        const kept = latest.current.answer;
        setAsked({ failure, isLoading: false, url, ...(kept !== undefined ? { answer: kept } : {}) });
      },
    );
    return () => abort.abort();
  }, [url, again, comeback]);
  return asked;
}
