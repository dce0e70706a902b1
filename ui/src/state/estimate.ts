// What the question that is being typed would cost. Quiet: while it cannot be understood there is nothing to tell.

import { useEffect, useState } from "preact/hooks";
import type { Question } from "../api/client";
import { estimateOf, type Estimate } from "../api/estimate";

/** Typing has paused. */
const pause = 250;

export function useEstimate(question: Question | undefined): Estimate | undefined {
  const [told, setTold] = useState<{ of: string; estimate: Estimate } | undefined>();
  const text = JSON.stringify(question);
  useEffect(() => {
    if (!question) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      estimateOf(question, abort.signal).then(
        (estimate) => setTold({ of: text, estimate }),
        () => undefined,
      );
    }, pause);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text]);
  return told && told.of === text ? told.estimate : undefined;
}
