// Answers that the server keeps, as far as this page has seen them: those it was given, and those that an address names.

import type { Answer } from "../api/answers";
import { ApiFailure, get } from "../api/client";
import { keptAnswerUrl, type KeptAnswer } from "../api/kept_answer";
import { moment, now, type Moment } from "../base/time";
import { samenessOf } from "../query/asked_for";

export interface SeenAnswer {
  /** Of the question that it answers. */
  sameness: string;
  answer: Answer;
  at: Moment;
  person: string;
}

const mostSeen = 30;
const seen = new Map<string, SeenAnswer>();

export const seenAnswer = (name: string): SeenAnswer | undefined => seen.get(name);

function remember(name: string, answer: SeenAnswer): void {
  seen.set(name, answer);
  if (seen.size > mostSeen) seen.delete(seen.keys().next().value!);
}

/** One that has just been given. */
export const noteAnswer = (name: string, sameness: string, answer: Answer): void => remember(name, { sameness, answer, at: now(), person: "" });

/** Undefined: it is not kept any more. */
export async function readAnswer(name: string, signal: AbortSignal): Promise<SeenAnswer | undefined> {
  try {
    const kept = await get<KeptAnswer>(keptAnswerUrl(name), signal);
    remember(name, { sameness: samenessOf(kept), answer: kept.answer, at: moment(kept.at_ns), person: kept.person });
    return seen.get(name);
  } catch (problem) {
    if (problem instanceof ApiFailure && problem.kind === "not_found") return undefined;
    throw problem;
  }
}
