// How cost grows: the same traffic at 1, 10 and 50 million spans, a million a minute.
import { askAll, questions } from "../questions.mjs";
import { digits, megabytes, table, thousands } from "./table.mjs";

export const name = "growth";

const steps = [1, 10, 50];
const secondsOfMillion = 60;

export async function measure({ startServer, sendLoad, say, quick }) {
  const million = quick ? 20_000 : 1_000_000;
  const begin = Math.floor(Date.now() / 1000) - steps.at(-1) * secondsOfMillion - 60;
  const server = await startServer();
  try {
    const results = [];
    let before = 0;
    for (const [i, upTo] of steps.entries()) {
      say(`Growing to ${upTo} million spans`);
      const cpuBefore = server.cpuSeconds();
      const load = await sendLoad(server, {
        spans: (upTo - before) * million,
        connections: 2,
        batch: 500,
        seed: 100 + i,
        begin: begin + before * secondsOfMillion,
        "seconds-covered": (upTo - before) * secondsOfMillion,
      });
      await server.settle();
      const cpuSecondsPerMillion = ((server.cpuSeconds() - cpuBefore) / load.spans) * 1e6;
      const residentBytes = server.residentBytes();
      const end = begin + upTo * secondsOfMillion;
      const all = { from: `${begin - 60}`, to: `${end + 60}` };
      // The newest minute: about a million spans however many there are.
      const last = { from: `${end - secondsOfMillion}`, to: `${end}` };
      say("Asking");
      results.push({
        millions: upTo,
        spansPerSecond: load.spans_per_second,
        cpuSecondsPerMillion,
        residentBytes,
        diskBytesPerSpan: server.diskBytes() / (upTo * million),
        milliseconds: await askAll(server, all),
        lastMinute: await askAll(server, last),
        residentBytesAfterQuestions: server.residentBytes(),
      });
      before = upTo;
    }
    return results;
  } finally {
    await server.stop();
  }
}

export function report(growth) {
  const rows = [
    ["taking in, spans/s", (step) => thousands(step.spansPerSecond)],
    ["CPU seconds a million spans", (step) => digits(step.cpuSecondsPerMillion)],
    ["bytes on disk a span", (step) => digits(step.diskBytesPerSpan)],
    ["resident memory, MB", (step) => megabytes(step.residentBytes)],
    ["… after the questions", (step) => megabytes(step.residentBytesAfterQuestions)],
    ...questions.map((question, i) => [`${question.name}, ms`, (step) => digits(step.milliseconds[i])]),
    ...[0, 5].map((i) => [`${questions[i].name}, of the newest minute, ms`, (step) => digits(step.lastMinute[i])]),
  ];
  return `How cost grows. Questions are over all spans, but for the last two rows.

${table(["", ...growth.map((step) => `${step.millions} million`)], rows.map(([title, show]) => [title, ...growth.map(show)]))}`;
}
