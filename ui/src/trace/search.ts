// Search inside a trace: the words are looked for once in each distinct name and service, then spans are marked by
// their codes, so that a million spans take a few milliseconds a keystroke.

import { spanIdText, type TraceOutline } from "./outline";
import type { TraceLayout } from "./layout";

export interface SearchResult {
  /** One byte per row: 1 where it matches. */
  matches: Uint8Array;
  /** Matching rows in display order. */
  rows: Uint32Array;
}

/** Whether the text asks for attributes, as in a filter, rather than giving words to look for. */
export const isCondition = (text: string): boolean => /\S\s*(!?=|[<>]=?)\s*\S|\s(exists|does-not-exist)\s*$|\s(contains|does-not-contain|starts-with|does-not-start-with|matches)\s+\S|\s(in|not-in)\s*\(/i.test(text);

/** The words that are looked for: none when it is a condition. */
export const wordsOf = (text: string): string[] => (isCondition(text) ? [] : text.toLowerCase().split(/\s+/).filter(Boolean));

/** Rows found elsewhere, in display order. */
export function resultOfRows(outline: TraceOutline, layout: TraceLayout, found: readonly number[]): SearchResult {
  const matches = new Uint8Array(outline.rows);
  for (const row of found) matches[row] = 1;
  return { matches, rows: layout.order.filter((row) => matches[row] === 1) };
}

/** Every word must occur in the span's name, service or id; `error` and `status:error` mean failed spans. */
export function searchTrace(outline: TraceOutline, layout: TraceLayout, text: string): SearchResult {
  const words = wordsOf(text);
  const matches = new Uint8Array(outline.rows);
  if (words.length === 0) return { matches, rows: new Uint32Array(0) };
  matches.fill(1);
  for (const word of words) keepMatching(outline, word, matches);
  const rows = new Uint32Array(outline.rows);
  let count = 0;
  for (const row of layout.order) if (matches[row]) rows[count++] = row;
  return { matches, rows: rows.slice(0, count) };
}

function keepMatching(outline: TraceOutline, word: string, matches: Uint8Array): void {
  const { rows, name, service, flags } = outline;
  if (word === "error" || word === "status:error") {
    for (let row = 0; row < rows; row++) matches[row] &= flags[row] & 1;
    return;
  }
  const nameMatches = Uint8Array.from(outline.names, (text) => (text.toLowerCase().includes(word) ? 1 : 0));
  const serviceMatches = Uint8Array.from(outline.services, (text) => (text.toLowerCase().includes(word) ? 1 : 0));
  const idMatches = /^[0-9a-f]{4,16}$/.test(word);
  for (let row = 0; row < rows; row++) {
    if (!matches[row]) continue;
    matches[row] =
      nameMatches[name[row]] | serviceMatches[service[row]] || (idMatches && spanIdText(outline.spanId[row]).startsWith(word)) ? 1 : 0;
  }
}

/** The next row, in display order and around the end, that fulfils the condition; nothing when none does. */
export function nextRow(
  layout: TraceLayout,
  from: number | undefined,
  step: 1 | -1,
  fulfils: (row: number) => boolean,
): number | undefined {
  const count = layout.order.length;
  if (count === 0) return undefined;
  const begin = from === undefined ? (step === 1 ? -1 : count) : layout.position[from];
  for (let distance = 1; distance <= count; distance++) {
    const row = layout.order[(((begin + step * distance) % count) + count) % count];
    if (fulfils(row)) return row;
  }
  return undefined;
}
