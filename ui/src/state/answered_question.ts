// The answer to the question in the address. An address that names an answer shows that one, as it was, for as long as the
// rest of it still is the question that was answered; otherwise the question is asked, and the address then names what
// came. So back, reload and a link to somebody else all show the same numbers.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Question } from "../api/client";
import { ApiFailure } from "../api/client";
import type { Moment } from "../base/time";
import { samenessOf } from "../query/asked_for";
import { noteAnswer, readAnswer, seenAnswer } from "./kept_answers";
import { change } from "./location";
import { useComeback } from "./use_comeback";
import { useQuestion, type AskedQuestion } from "./question";

/** What takes longer than so many milliseconds is worth a look at its newest part. */
const longEnough = 300;

export interface AnsweredQuestion extends AskedQuestion {
  /** Of an answer that was not asked for just now: when it was given, and by whom it was asked. */
  given?: { at: Moment; person: string } | undefined;
  /** The address named an answer that is not kept any more: this is a new one. */
  isInstead: boolean;
}

export interface AnsweredQuestionOptions {
  /** As the address names it. */
  name: string | undefined;
  /** Whether the answer is kept, and goes into the history. */
  isKept: boolean;
  /** Whenever it changes, the question is asked again. */
  again: unknown;
}

export function useAnsweredQuestion(question: Question | undefined, { name, isKept, again }: AnsweredQuestionOptions): AnsweredQuestion {
  const sameness = question && samenessOf(question);
  const [reading, setReading] = useState<{ name?: string; gone?: string; failure?: ApiFailure }>({});
  // The latest that was asked for here is news; whatever one comes back to is history.
  const latest = useRef<string | undefined>(undefined);
  const last = useRef<AskedQuestion["answer"]>(undefined);
  const [instead, setInstead] = useState<string | undefined>();

  const comeback = useComeback(reading.failure);
  const seen = name === undefined ? undefined : seenAnswer(name);
  useEffect(() => {
    if (name === undefined || seenAnswer(name) || reading.gone === name) return;
    const abort = new AbortController();
    readAnswer(name, abort.signal).then(
      (found) => {
        if (!found) setInstead(sameness);
        setReading(found ? { name } : { gone: name });
      },
      (problem: unknown) => {
        if (!abort.signal.aborted) setReading({ name, failure: problem instanceof ApiFailure ? problem : new ApiFailure(String(problem), "internal") });
      },
    );
    return () => abort.abort();
  }, [name, comeback]);

  const isUnread = name !== undefined && !seen && reading.gone !== name;
  const fits = seen !== undefined && seen.sameness === sameness ? seen : undefined;
  const isAsked = question !== undefined && !isUnread && !fits;
  const asked = useQuestion(isAsked ? { ...question, first_look_after_ms: longEnough, ...(isKept ? { remember: true } : {}) } : undefined, again);
  useEffect(() => {
    const kept = asked.answer?.kept;
    if (!isAsked || asked.isRunning || kept === undefined || sameness === undefined) return;
    noteAnswer(kept, sameness, asked.answer!);
    latest.current = kept;
    change({ answer: kept }, "trail");
  }, [asked.answer]);

  const failure = isUnread ? (reading.name === name ? reading.failure : undefined) : isAsked ? asked.failure : undefined;
  const answer = fits ? fits.answer : isAsked && !asked.isRunning && !asked.failure ? asked.answer : last.current;
  last.current = answer;
  return {
    // What is there stays when nothing came in its place.
    ...(answer && (!failure || failure.kind === "cancelled" || failure.kind === "network") ? { answer } : {}),
    ...(failure ? { failure } : {}),
    ...(asked.firstLook && isAsked && asked.isRunning ? { firstLook: asked.firstLook } : {}),
    ...(asked.progress && isAsked ? { progress: asked.progress } : {}),
    isRunning: isAsked && asked.isRunning,
    cancel: asked.cancel,
    given: fits && latest.current !== name ? { at: fits.at, person: fits.person } : undefined,
    isInstead: instead !== undefined && instead === sameness,
  };
}
