// What sets a selection apart, asked again when the selection or the question changes.

import { useEffect, useState } from "preact/hooks";
import { failureOf } from "../api/client";
import { askBubbleUp, type BubbleUp, type BubbleUpQuestion } from "../api/bubble_up";
import type { Asked } from "./answer";
import { useComeback } from "./use_comeback";

export function useBubbleUp(question: BubbleUpQuestion | undefined): Asked<BubbleUp> {
  const [asked, setAsked] = useState<Asked<BubbleUp>>({ isLoading: true });
  const text = JSON.stringify(question);
  const comeback = useComeback(asked.failure);
  useEffect(() => {
    if (!question) return;
    const abort = new AbortController();
    setAsked(({ answer }) => ({ isLoading: true, ...(answer ? { answer } : {}) }));
    askBubbleUp(question, abort.signal).then(
      (answer) => setAsked({ answer, isLoading: false }),
      (problem: unknown) => {
        if (abort.signal.aborted) return;
        setAsked({ isLoading: false, failure: failureOf(problem) });
      },
    );
    return () => abort.abort();
  }, [text, comeback]);
  return asked;
}
