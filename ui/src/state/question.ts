// A question to the query engine and what has come back of it.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Answer, FirstLook, Progress } from "../api/answers";
import { ApiFailure, ask, failureOf, type Question } from "../api/client";
import { answerOf } from "../query/first_look";
import { useComeback } from "./use_comeback";

export interface AskedQuestion {
  answer?: Answer;
  /** While the answer is on its way: that of the newest part. */
  firstLook?: Answer;
  failure?: ApiFailure;
  progress?: Progress;
  isRunning: boolean;
  cancel: () => void;
}

/** Asks whenever the question or `again` changes; the former answer stays until the new one is there. */
export function useQuestion(question: Question | undefined, again: unknown): AskedQuestion {
  // With the question that it is about.
  const [asked, setAsked] = useState<Omit<AskedQuestion, "cancel"> & { of?: string }>({ isRunning: false });
  const abort = useRef<AbortController | undefined>(undefined);
  const text = JSON.stringify(question) as string | undefined;
  const comeback = useComeback(asked.failure);
  useEffect(() => {
    if (!question || text === undefined) return;
    const controller = new AbortController();
    abort.current = controller;
    setAsked(({ answer }) => ({ of: text, isRunning: true, ...(answer ? { answer } : {}) }));
    const listener = {
      progress: (progress: Progress) => setAsked((before) => ({ ...before, progress })),
      firstLook: (look: FirstLook) => setAsked((before) => ({ ...before, firstLook: answerOf(look) })),
    };
    ask(question, listener, controller.signal).then(
      (answer) => setAsked({ of: text, answer, isRunning: false }),
      (problem: unknown) => {
        if (controller.signal.aborted) return;
        const failure = failureOf(problem);
        // What was there stays while clew is away, and is asked again once it is back.
        setAsked(({ answer }) => ({ of: text, failure, isRunning: false, ...(answer && failure.kind === "network" ? { answer } : {}) }));
      },
    );
    return () => controller.abort();
  }, [text, again, comeback]);
  const cancel = (): void => {
    abort.current?.abort();
    setAsked({ of: text ?? "", isRunning: false, failure: new ApiFailure("Cancelled", "cancelled") });
  };
  const { of, ...known } = asked;
  // Another question is asked as soon as this has been drawn.
  const isAbout = question === undefined || of === text;
  return isAbout ? { ...known, cancel } : { ...(known.answer ? { answer: known.answer } : {}), isRunning: true, cancel };
}
