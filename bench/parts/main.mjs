// The table of the budget: two runs of half a million spans, then the questions; ClickHouse beside it when it was measured.
import { askAll, questions } from "../questions.mjs";
import { digits, megabytes, table, thousands, verdict } from "./table.mjs";

export const name = "main";
export const runs = 2;
export const spansOfRun = (quick) => (quick ? 50_000 : 500_000);

export async function measure({ startServer, sendLoad, say, quick }) {
  const server = await startServer();
  try {
    const residentBytesIdle = server.residentBytes();
    const loads = [];
    for (let seed = 1; seed <= runs; ++seed) {
      say(`Sending ${spansOfRun(quick)} spans (${seed} of ${runs})`);
      loads.push(await sendLoad(server, { spans: spansOfRun(quick), connections: 2, batch: 500, seed }));
    }
    const spans = loads.reduce((sum, load) => sum + load.spans, 0);
    const seconds = loads.reduce((sum, load) => sum + load.seconds, 0);
    say("Waiting for merges to end");
    await server.settle();
    const counters = await server.counters();
    const result = {
      spans,
      spansPerSecond: Math.round(spans / seconds),
      loads,
      cpuSecondsPerMillion: (server.cpuSeconds() / spans) * 1e6,
      threads: server.cpuSecondsOfThreads(),
      diskBytesPerSpan: server.diskBytes() / spans,
      residentBytesIdle,
      residentBytes: server.residentBytes(),
      peakResidentBytes: server.peakResidentBytes(),
      requestsPerSync: counters.clew_wal_records_total / counters.clew_wal_syncs_total,
      counters,
    };
    say("Asking");
    result.milliseconds = await askAll(server, { from: "now-1h", to: "now+1h" });
    result.residentBytesAfterQuestions = server.residentBytes();
    return result;
  } finally {
    await server.stop();
  }
}

export function report(clew, { clickhouse }) {
  const beside = (value) => (clickhouse ? [value(clickhouse)] : []);
  const row = (title, value, show, other, aims) => [
    title,
    show(value),
    ...beside(other),
    aims.must === undefined ? "–" : thousandsOrPlain(aims.must),
    aims.wants === undefined ? "–" : thousandsOrPlain(aims.wants),
    verdict(value, aims),
  ];
  const rows = [
    row("taking in, spans/s", clew.spansPerSecond, thousands, (other) => `${thousands(other.insertSpansPerSecond)} (inserts only)`, { must: 450e3, wants: 800e3, more: true }),
    row("CPU seconds a million spans", clew.cpuSecondsPerMillion, digits, (other) => `${digits(other.cpuSecondsPerMillion)} (inserts and merges only)`, { must: 3, wants: 1.5 }),
    row("bytes on disk a span", clew.diskBytesPerSpan, digits, (other) => digits(other.diskBytesPerSpan), { must: 36, wants: 24 }),
    row("resident memory, MB", clew.residentBytes / 1e6, thousands, (other) => megabytes(other.residentBytes), { must: 200, wants: 100 }),
    ...questions.map((question, i) =>
      row(`${question.name}, ms`, clew.milliseconds[i], digits, (other) => `${digits(other.milliseconds[i])} (${digits(other.milliseconds[i] / clew.milliseconds[i])}×)`, question),
    ),
  ];
  const head = ["", "clew", ...(clickhouse ? [`ClickHouse ${clickhouse.version}`] : []), "must", "wants", "reaches"];
  return `${table(head, rows)}

Of the CPU seconds a million spans took ${threads(clew)}.

Memory at its peak was ${megabytes(clew.peakResidentBytes)} MB, ${megabytes(clew.residentBytesIdle)} MB before the first span and ${megabytes(clew.residentBytesAfterQuestions)} MB after the questions; ${digits(clew.requestsPerSync)} requests shared a sync.`;
}

const stages = {
  "clew-door": "the doors (receiving, decoding into columns, answering)",
  "clew-log": "the log (writing, syncing)",
  "clew-seal": "sealing (ordering rows, encoding, compressing)",
  "clew-merge": "merging",
};
const threads = ({ threads: seconds, spans }) =>
  Object.entries(stages).map(([thread, title]) => `${title} ${digits(((seconds[thread] ?? 0) / spans) * 1e6)}`).join(", ");

const thousandsOrPlain = (number) => (number >= 1000 ? thousands(number) : String(number));
