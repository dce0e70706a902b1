// Turns results into the tables of docs/performance.md, between the two markers; the rest of the page is by hand.
import { readFileSync, writeFileSync } from "node:fs";

const begin = "<!-- measured: begin -->";
const end = "<!-- measured: end -->";

const thousands = (number) => Math.round(number).toLocaleString("en").replaceAll(",", " ");
const digits = (number) => (number >= 100 ? number.toFixed(0) : number >= 10 ? number.toFixed(1) : number.toFixed(2));
const megabytes = (bytes) => thousands(bytes / 1e6);
const table = (head, rows) => [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

// Writes the page; answers with the tables as text.
export function writeReport(path, result, questions) {
  const text = [
    `Measured ${result.date} at ${result.commit}: ${result.machine.cores} cores (${result.machine.processor}), ` +
      `${thousands(result.machine.memoryBytes / 2 ** 30)} GiB${result.quick ? "; **a quick run, not comparable**" : ""}.`,
    mainTable(result, questions),
    result.loads ? loadTable(result.loads) : "",
  ].filter((part) => part !== "").join("\n\n");
  const page = readFileSync(path, "utf8");
  const from = page.indexOf(begin) + begin.length, to = page.indexOf(end);
  if (from < begin.length || to < 0) throw new Error(`${path} has lost its markers`);
  writeFileSync(path, `${page.slice(0, from)}\n\n${text}\n\n${page.slice(to)}`);
  return text;
}

function mainTable({ clew, clickhouse }, questions) {
  const beside = (value) => (clickhouse ? [value(clickhouse)] : []);
  const verdict = (value, must, wants, better) => (better(value, wants) ? "wants" : better(value, must) ? "must" : "**misses**");
  const less = (a, b) => a <= b, more = (a, b) => a >= b;
  const rows = [
    ["taking in, spans/s", thousands(clew.spansPerSecond), ...beside((other) => `${thousands(other.insertSpansPerSecond)} (inserts only)`), "450 000", "800 000", verdict(clew.spansPerSecond, 450e3, 800e3, more)],
    ["CPU seconds a million spans", digits(clew.cpuSecondsPerMillion), ...beside((other) => `${digits(other.cpuSecondsPerMillion)} (inserts and merges only)`), "3", "1.5", verdict(clew.cpuSecondsPerMillion, 3, 1.5, less)],
    ["bytes on disk a span", digits(clew.diskBytesPerSpan), ...beside((other) => digits(other.diskBytesPerSpan)), "36", "24", verdict(clew.diskBytesPerSpan, 36, 24, less)],
    ["resident memory, MB", megabytes(clew.residentBytes), ...beside((other) => megabytes(other.residentBytes)), "200", "100", verdict(clew.residentBytes, 200e6, 100e6, less)],
    ...questions.map((question, i) => [
      `${question.name}, ms`,
      digits(clew.milliseconds[i]),
      ...beside((other) => `${digits(other.milliseconds[i])} (${digits(other.milliseconds[i] / clew.milliseconds[i])}×)`),
      question.must ?? "–",
      question.wants ?? "–",
      question.must ? verdict(clew.milliseconds[i], question.must, question.wants, less) : "–",
    ]),
  ];
  const head = ["", "clew", ...(clickhouse ? [`ClickHouse ${clickhouse.version}`] : []), "must", "wants", "reaches"];
  return `${table(head, rows)}\n\nMemory at its peak was ${megabytes(clew.peakResidentBytes)} MB, ${megabytes(clew.residentBytesIdle)} MB before the first span; ${digits(clew.requestsPerSync)} requests shared a sync.`;
}

function loadTable(loads) {
  const rows = loads.map((load) => [
    load.connections,
    load.batch,
    thousands(load.spans_per_second),
    thousands(load.requestsPerSecond),
    thousands(load.syncsPerSecond),
    digits(load.p50_ms),
    digits(load.p99_ms),
    digits(load.cpuSecondsPerMillion),
  ]);
  return table(["connections", "spans a request", "spans/s", "requests/s", "syncs/s", "P50, ms", "P99, ms", "CPU s a million spans"], rows);
}
