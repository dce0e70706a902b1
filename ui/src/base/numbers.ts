// Numbers as people read them.

/** 48,213 */
export function formatCount(count: number | bigint): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** 48.2k: for places too narrow for every digit. */
export function formatShortCount(count: number): string {
  const size = Math.abs(count);
  if (size < 1000) return Number.isInteger(count) ? String(count) : significant(count);
  for (const [limit, unit, divisor] of [[999_950, "k", 1e3], [999_950_000, "M", 1e6], [Infinity, "G", 1e9]] as const) {
    if (size < limit) return `${significant(count / divisor)}${unit}`;
  }
  return String(count);
}

/** Three significant digits, without trailing zeros. */
export function significant(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return "0";
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  if (magnitude >= 2 && magnitude < 15) return String(Math.round(value));
  if (magnitude < -6 || magnitude >= 15) return value.toExponential(2);
  const text = value.toFixed(Math.min(9, 2 - magnitude));
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** "0.7 %", never "0 %" for something that happened. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0 || part === 0) return "0 %";
  const percent = (part / whole) * 100;
  if (percent < 0.01) return "< 0.01 %";
  return `${percent >= 99.95 ? "100" : percent >= 9.95 ? percent.toFixed(1) : percent.toFixed(2)} %`;
}

/** Events a second, in the unit that reads best: "12.4/s", "3/min", "5/h". */
export function formatRate(perSecond: number): string {
  if (perSecond === 0) return "0";
  if (perSecond >= 0.995) return `${formatShortCount(Number(significant(perSecond)))}/s`;
  if (perSecond * 60 >= 0.995) return `${significant(perSecond * 60)}/min`;
  return `${significant(perSecond * 3600)}/h`;
}

export function formatBytes(count: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = count;
  let unit = 0;
  while (value >= 1023.5 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : significant(value)} ${units[unit]}`;
}
