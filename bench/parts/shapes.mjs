// Traffic that is hard on a column store: many names, many values, long traces, long texts.
import { digits, megabytes, table, thousands } from "./table.mjs";
import { medianOfLastThree } from "../questions.mjs";

export const name = "shapes";

// `question` is one that goes where the difficulty is.
const shapes = [
  { shape: "names", title: "2,000 attribute names", question: "COUNT, AVG(team1.field1) GROUP BY team0.field0 LIMIT 10" },
  { shape: "distinct", title: "1,000,000 values of one attribute", question: "COUNT_DISTINCT(session.id)" },
  { shape: "long-traces", title: "traces of 10,000 spans", batch: 10_000, trace: true },
  { shape: "logs", title: "log records with bodies of 2 KB", batch: 100, items: 200_000, signal: "logs", question: 'COUNT WHERE body contains "timeout=77777"' },
];

export async function measure({ startServer, sendLoad, say, quick }) {
  const results = [];
  for (const { shape, title, question, trace, signal, batch = 500, items = 1_000_000 } of shapes) {
    say(`Sending ${title}`);
    const server = await startServer();
    try {
      const load = await sendLoad(server, { shape, batch, spans: quick ? items / 10 : items, connections: 2, seed: 3 });
      await server.settle();
      const span = { from: "now-1h", to: "now+1h" };
      const result = {
        title,
        ...load,
        cpuSecondsPerMillion: (server.cpuSeconds() / load.spans) * 1e6,
        diskBytesPerItem: server.diskBytes() / load.spans,
        residentBytes: server.residentBytes(),
        peakResidentBytes: server.peakResidentBytes(),
      };
      if (trace) {
        const { answer } = await server.ask({ query: "COUNT GROUP BY trace.trace_id LIMIT 4", ...span });
        let next = 0;
        result.question = "one of the traces, all its spans";
        result.milliseconds = await medianOfLastThree(async () => (await server.get(`/clew/v1/traces/${answer.rows[next++][0]}`)).milliseconds);
      } else {
        result.question = question;
        result.milliseconds = await medianOfLastThree(async () => (await server.ask({ query: question, signal, ...span })).milliseconds);
      }
      results.push(result);
    } finally {
      await server.stop();
    }
  }
  return results;
}

export function report(shapes) {
  const rows = shapes.map((shape) => [
    shape.title,
    thousands(shape.spans_per_second),
    digits(shape.megabytes_per_second),
    digits(shape.cpuSecondsPerMillion),
    digits(shape.diskBytesPerItem),
    `${megabytes(shape.residentBytes)} (peak ${megabytes(shape.peakResidentBytes)})`,
    `${shape.question.startsWith("one") ? shape.question : `\`${shape.question}\``}: ${digits(shape.milliseconds)}`,
  ]);
  return `Traffic that is hard on a column store.

${table(["", "items/s", "MB/s", "CPU s a million", "bytes on disk an item", "memory, MB", "a question, ms"], rows)}`;
}
