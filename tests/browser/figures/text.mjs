// Figures as text.

export const median = (values) => [...values].sort((left, right) => left - right)[values.length >> 1];
export const milliseconds = (value) => (value >= 1000 ? `${(value / 1000).toFixed(2)} s` : `${value.toFixed(value < 10 ? 1 : 0)} ms`);
export const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

/** columns: [title, text of a row] */
export const table = (columns, rows) =>
  [columns.map(([title]) => title), columns.map(() => "---"), ...rows.map((row) => columns.map(([, text]) => text(row)))].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
