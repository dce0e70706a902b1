// The same question about an earlier period, as long as the one that was answered.

import type { Answer } from "../api/answers";
import type { Question } from "../api/client";
import type { Nanoseconds } from "../base/time";
import { useQuestion } from "./question";

export function useEarlierAnswer(question: Question | undefined, answer: Answer | undefined, shift: Nanoseconds | undefined): Answer | undefined {
  const isAsked = question !== undefined && answer !== undefined && shift !== undefined;
  const earlier = (at: string): string => String(BigInt(at) - BigInt(Math.round(shift!)));
  const asked = useQuestion(isAsked ? { ...question, from: earlier(answer.range.from_ns), to: earlier(answer.range.to_ns) } : undefined, 0);
  return isAsked ? asked.answer : undefined;
}
