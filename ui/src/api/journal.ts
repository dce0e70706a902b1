// What people asked and changed, as the server keeps it for all of an environment.

import { apiUrl } from "./client";

export interface JournalEntry {
  id: number;
  kind: "question" | "change";
  /** Of a question. */
  query?: string;
  /** Of a change. */
  what?: string;
  person: string;
  key?: { id: string; name: string };
  at_ns: string;
  times: number;
  from?: string;
  to?: string;
  rows?: number;
  rows_scanned?: number;
  elapsed_ms?: number;
  /** The name of the latest answer, when it is kept. */
  answer?: string;
}

export interface Journal {
  entries: JournalEntry[];
  /** What the server calls whoever asked for this. */
  you: string;
}

export interface JournalSearch {
  kind?: JournalEntry["kind"] | undefined;
  words?: string | undefined;
  isMine?: boolean;
  before?: string | undefined;
  limit: number;
}

export const journalUrl = ({ kind, words, isMine, before, limit }: JournalSearch): string => apiUrl("journal", { kind, q: words, mine: isMine ? "true" : undefined, before, limit });
