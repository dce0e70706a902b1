// Numbers and tables as docs/performance.md shows them.
export const thousands = (number) => Math.round(number).toLocaleString("en").replaceAll(",", " ");
export const digits = (number) => (number >= 100 ? number.toFixed(0) : number >= 10 ? number.toFixed(1) : number.toFixed(2));
export const megabytes = (bytes) => thousands(bytes / 1e6);
export const table = (head, rows) => [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

// Whether a figure reaches what we hold clew to.
export function verdict(value, { must, wants, more = false }) {
  if (must === undefined) return "–";
  const reaches = (aim) => (more ? value >= aim : value <= aim);
  return reaches(wants) ? "wants" : reaches(must) ? "must" : "**misses**";
}
