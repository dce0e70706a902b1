// Answers as they were given, which the server keeps under a name.

import type { Answer } from "./answers";
import { apiUrl } from "./client";

export interface KeptAnswer {
  id: string;
  query: string;
  from: string;
  to: string;
  heatmap_steps: "equal" | "logarithmic";
  person: string;
  at_ns: string;
  answer: Answer;
}

export const keptAnswerUrl = (name: string): string => apiUrl(`answers/${encodeURIComponent(name)}`);
