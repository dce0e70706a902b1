// Times. A moment is a bigint, since a double cannot tell nanoseconds since 1970 apart; a span of time is a double,
// exact up to 104 days. Neither is ever a bare number: the brands make the compiler hold units apart.

declare const momentBrand: unique symbol;
declare const nanosecondsBrand: unique symbol;

/** Nanoseconds since 1970-01-01 UTC. */
export type Moment = bigint & { readonly [momentBrand]: true };
/** A length of time, or an offset from an agreed start. */
export type Nanoseconds = number & { readonly [nanosecondsBrand]: true };

export const nanoseconds = (count: number): Nanoseconds => count as Nanoseconds;
export const microseconds = (count: number): Nanoseconds => (count * 1e3) as Nanoseconds;
export const milliseconds = (count: number): Nanoseconds => (count * 1e6) as Nanoseconds;
export const seconds = (count: number): Nanoseconds => (count * 1e9) as Nanoseconds;
export const minutes = (count: number): Nanoseconds => seconds(count * 60);
export const hours = (count: number): Nanoseconds => seconds(count * 3600);
export const days = (count: number): Nanoseconds => seconds(count * 86400);

export const moment = (sinceEpoch: bigint | string): Moment => BigInt(sinceEpoch) as Moment;
export const momentOfDate = (date: Date): Moment => (BigInt(date.getTime()) * 1_000_000n) as Moment;
export const now = (): Moment => (BigInt(Date.now()) * 1_000_000n) as Moment;
export const between = (earlier: Moment, later: Moment): Nanoseconds => Number(later - earlier) as Nanoseconds;
export const after = (start: Moment, offset: Nanoseconds): Moment => (start + BigInt(Math.round(offset))) as Moment;
export const before = (end: Moment, offset: Nanoseconds): Moment => (end - BigInt(Math.round(offset))) as Moment;
export const toDate = (at: Moment): Date => new Date(Number(at / 1_000_000n));
export const asMilliseconds = (length: Nanoseconds): number => length / 1e6;
export const asSeconds = (length: Nanoseconds): number => length / 1e9;

const units: readonly { name: string; size: number }[] = [
  { name: "d", size: 86400e9 },
  { name: "h", size: 3600e9 },
  { name: "min", size: 60e9 },
  { name: "s", size: 1e9 },
  { name: "ms", size: 1e6 },
  { name: "µs", size: 1e3 },
  { name: "ns", size: 1 },
];

/** Three significant digits and the unit: "1.24 ms". */
export function formatDuration(length: Nanoseconds): string {
  if (!Number.isFinite(length)) return "–";
  if (length === 0) return "0 ns";
  const sign = length < 0 ? "−" : "";
  const size = Math.abs(length);
  // The half step keeps 999.6 ms from being printed as "1000 ms".
  const unit = units.find((candidate) => size >= candidate.size * (candidate.size > 1 ? 0.9995 : 1)) ?? units[units.length - 1]!;
  const value = size / unit.size;
  const digits = unit.size === 1 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${sign}${value.toFixed(digits)} ${unit.name}`;
}

/** For axes: as few digits as tell neighbouring ticks, `step` apart, from each other. */
export function formatTick(offset: Nanoseconds, step: Nanoseconds): string {
  if (offset === 0) return "0";
  const size = Math.abs(offset);
  const unit = units.find((candidate) => size >= candidate.size) ?? units[units.length - 1]!;
  const digits = Math.max(0, Math.min(6, Math.ceil(-Math.log10(step / unit.size) - 1e-9)));
  const text = (size / unit.size).toFixed(digits);
  return `${offset < 0 ? "−" : ""}${digits > 0 ? text.replace(/\.?0+$/, "") : text} ${unit.name}`;
}

const two = (value: number): string => String(value).padStart(2, "0");

let isUtc = false;

/** Whether times are written in UTC instead of the reader's own zone. Before anything is drawn. */
export function writeInUtc(yes: boolean): void {
  isUtc = yes;
}

/** What is added to the time that is shown to come to UTC, as Date.getTimezoneOffset() has it. */
export const zoneOffsetMinutes = (at: Date): number => (isUtc ? 0 : at.getTimezoneOffset());

/** Its UTC parts are what is shown. */
function shownDate(at: Moment): Date {
  const date = toDate(at);
  return new Date(date.getTime() - zoneOffsetMinutes(date) * 60_000);
}

/** 14:02:07.123 in the zone that was chosen. */
export function formatClock(at: Moment, fraction: "none" | "milliseconds" | "nanoseconds" = "milliseconds"): string {
  const date = shownDate(at);
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  if (fraction === "none") return clock;
  const nanos = String(((at % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n).padStart(9, "0");
  return `${clock}.${fraction === "milliseconds" ? nanos.slice(0, 3) : nanos}`;
}

export function formatDay(at: Moment): string {
  const date = shownDate(at);
  return `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
}

export const formatMoment = (at: Moment): string => `${formatDay(at)} ${formatClock(at)}`;

/** "UTC+02:00" */
export function zoneText(offsetMinutes: number): string {
  const ahead = -offsetMinutes;
  return ahead === 0 ? "UTC" : `UTC${ahead > 0 ? "+" : "−"}${two(Math.floor(Math.abs(ahead) / 60))}:${two(Math.abs(ahead) % 60)}`;
}

/** The full truth, for a tooltip: the time to the nanosecond, the zone, and the raw number. */
export function describeMoment(at: Moment): string {
  const zone = zoneText(zoneOffsetMinutes(toDate(at)));
  return `${formatDay(at)} ${formatClock(at, "nanoseconds")} ${zone} (${at} ns)`;
}

/** "3 min ago"; the exact time belongs in a tooltip beside it. */
export function formatAgo(at: Moment, reference: Moment): string {
  const age = between(at, reference);
  if (age < -2e9) return `in ${wholeUnits(nanoseconds(-age))}`;
  if (age < 2e9) return "now";
  return `${wholeUnits(age)} ago`;
}

function wholeUnits(length: Nanoseconds): string {
  const unit = units.find((candidate) => candidate.size >= 1e9 && length >= candidate.size);
  return unit ? `${Math.floor(length / unit.size)} ${unit.name}` : "0 s";
}

/** Reads "250ms", "1.5 s", "80us", "2m"; a number without a unit is milliseconds. Nothing for anything else. */
export function parseDuration(text: string): Nanoseconds | undefined {
  const match = /^\s*(\d+(?:\.\d+)?|\.\d+)\s*(ns|us|µs|ms|s|m|min|h|d)?\s*$/i.exec(text);
  if (!match) return undefined;
  const size: Record<string, number> = { ns: 1, us: 1e3, "µs": 1e3, ms: 1e6, s: 1e9, m: 60e9, min: 60e9, h: 3600e9, d: 86400e9 };
  return nanoseconds(Number(match[1]) * size[(match[2] ?? "ms").toLowerCase()]!);
}
