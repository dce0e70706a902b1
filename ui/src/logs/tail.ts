// The log lines on display while more arrive: what was fetched last is put where its time belongs among what is kept, late
// lines too, and where lines were missed in between there is a gap to be seen.

import type { LogRecord } from "../api/answers";
import type { Outage } from "../api/connection";

/** Between the record at this index and the one above it lines are missing, or may be. */
export interface Gap {
  at: number;
  /** Nobody could send while clew was gone. */
  outage?: Outage;
}

export interface Tail {
  /** The newest first. */
  records: readonly LogRecord[];
  gaps: readonly Gap[];
  /** How many lines came since the first answer. */
  arrived: number;
}

export const emptyTail: Tail = { records: [], gaps: [], arrived: 0 };

/** More than this is not scrolled through by anybody, and memory is to stay steady. */
export const mostKept = 20_000;

const nameOf = (record: LogRecord): string => `${record.time_ns} ${record.span_id ?? ""} ${record.service ?? ""} ${record.body ? String(record.body.value) : (record.event_name ?? "")}`;

/** Nanoseconds since 1970 as digits, without making numbers of them. */
const isBefore = (left: string, right: string): boolean => (left.length === right.length ? left < right : left.length < right.length);

/** Of the fresh lines those that are not kept yet. Equal ones count: two of them are two lines. */
function newsOf(kept: readonly LogRecord[], fresh: readonly LogRecord[]): LogRecord[] {
  const oldest = fresh.at(-1)!.time_ns;
  const known = new Map<string, number>();
  for (const record of kept) {
    if (isBefore(record.time_ns, oldest)) break;
    const name = nameOf(record);
    known.set(name, (known.get(name) ?? 0) + 1);
  }
  return fresh.filter((record) => {
    const name = nameOf(record);
    const left = known.get(name) ?? 0;
    known.set(name, left - 1);
    return left <= 0;
  });
}

/**
 * `fresh` are the newest lines, of `total`; when there are more of them than were fetched and none of them is known yet, lines
 * went by unseen. `outage`: clew was gone since the last ones were fetched.
 */
export function withNewer(tail: Tail, fresh: readonly LogRecord[], total: number, outage?: Outage): Tail {
  if (tail.records.length === 0) return { records: fresh, gaps: [], arrived: 0 };
  const news = fresh.length === 0 ? [] : newsOf(tail.records, fresh);
  if (news.length === 0) return outage ? { ...tail, gaps: [{ at: 0, outage }, ...tail.gaps.filter(({ at }) => at > 0)] } : tail;
  const wentBy = news.length === fresh.length && total > fresh.length && isBefore(tail.records[0]!.time_ns, fresh.at(-1)!.time_ns);
  const gapsKept = new Map(tail.gaps.map((gap) => [gap.at, gap]));
  if (outage) gapsKept.set(0, { at: 0, outage });
  else if (wentBy && !gapsKept.has(0)) gapsKept.set(0, { at: 0 });
  const records: LogRecord[] = [];
  const gaps: Gap[] = [];
  let next = 0;
  tail.records.forEach((record, index) => {
    while (next < news.length && !isBefore(news[next]!.time_ns, record.time_ns)) records.push(news[next++]!);
    const gap = gapsKept.get(index);
    if (gap) gaps.push({ ...gap, at: records.length });
    records.push(record);
  });
  records.push(...news.slice(next));
  return { records: records.slice(0, mostKept), gaps: gaps.filter(({ at }) => at < mostKept), arrived: tail.arrived + news.length };
}
