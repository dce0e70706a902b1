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
}

export interface Journal {
  entries: JournalEntry[];
}

export interface JournalSearch {
  kind?: JournalEntry["kind"] | undefined;
  words?: string | undefined;
  person?: string | undefined;
  before?: string | undefined;
  limit: number;
}

export const journalUrl = ({ kind, words, person, before, limit }: JournalSearch): string => apiUrl("journal", { kind, q: words, person, before, limit });
