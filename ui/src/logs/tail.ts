// The log lines on display while more arrive: what was fetched last is put before what is kept, and where lines were missed
// in between there is a gap to be seen.

import type { LogRecord } from "../api/answers";

export interface Tail {
  /** The newest first. */
  records: readonly LogRecord[];
  /** Before the record at this index lines are missing. */
  gaps: readonly number[];
}

export const emptyTail: Tail = { records: [], gaps: [] };

/** More than this is not scrolled through by anybody, and memory is to stay steady. */
export const mostKept = 20_000;

const nameOf = (record: LogRecord): string => `${record.time_ns} ${record.span_id ?? ""} ${record.service ?? ""} ${record.body ? String(record.body.value) : (record.event_name ?? "")}`;

/**
 * `fresh` are the newest lines, of `total`; when there are more of them than were fetched and none of them is known yet, lines
 * went by unseen.
 */
export function withNewer(tail: Tail, fresh: readonly LogRecord[], total: number): Tail {
  if (tail.records.length === 0) return { records: fresh, gaps: [] };
  const newestKept = BigInt(tail.records[0]!.time_ns);
  const known = new Set<string>();
  for (const record of tail.records) {
    if (BigInt(record.time_ns) < newestKept) break;
    known.add(nameOf(record));
  }
  const news = fresh.filter((record) => BigInt(record.time_ns) > newestKept || (BigInt(record.time_ns) === newestKept && !known.has(nameOf(record))));
  if (news.length === 0) return tail;
  const isGap = news.length === fresh.length && total > fresh.length;
  const records = [...news, ...tail.records].slice(0, mostKept);
  const gaps = [...(isGap ? [news.length] : []), ...tail.gaps.map((gap) => gap + news.length)].filter((gap) => gap < records.length);
  return { records, gaps };
}
