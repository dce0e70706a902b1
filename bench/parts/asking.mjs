// Taking in while somebody asks: the same load, and one person's questions one after the other.
import { askAll, questions } from "../questions.mjs";
import { digits, table, thousands } from "./table.mjs";

export const name = "asking";

export async function measure({ startServer, sendLoad, say, quick }) {
  say("Sending while questions are asked");
  const server = await startServer();
  try {
    await sendLoad(server, { spans: quick ? 50_000 : 500_000, connections: 2, batch: 500, seed: 1 });
    let sending = true;
    const loading = sendLoad(server, { spans: quick ? 100_000 : 2_000_000, connections: 2, batch: 500, seed: 2 }).finally(() => (sending = false));
    const rounds = [];
    while (sending) rounds.push(await askAll(server, { from: "now-1h", to: "now+1h" }));
    const load = await loading;
    return { ...load, rounds: rounds.length, milliseconds: questions.map((_, i) => median(rounds.map((round) => round[i]))) };
  } finally {
    await server.stop();
  }
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

export function report(asking) {
  return `While ${thousands(asking.spans)} spans came in at ${thousands(asking.spans_per_second)} spans/s (P99 of a request ${digits(asking.p99_ms)} ms), the questions, asked without a pause over half a million to two and a half million spans, took (median, ms):

${table(questions.map(({ name: title }) => title), [asking.milliseconds.map(digits)])}`;
}
