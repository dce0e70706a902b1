// What a question is going to cost, told without asking it.

import { apiUrl, post, type Question } from "./client";

export interface Estimate {
  rows: number;
  bytes: number;
  granules: number;
  granules_pruned: number;
  /** Absent until the server has answered something. */
  elapsed_ms?: number;
}

export const estimateOf = (question: Question, signal: AbortSignal): Promise<Estimate> => post<Estimate>(apiUrl("query/estimate"), question, signal);
