// How speed depends on connections, batches and protocol; each on an empty directory, every answer synced.
import { digits, table, thousands } from "./table.mjs";

export const name = "loads";

const shapes = [
  ...[1, 2, 16, 200].map((connections) => ({ connections, batch: 500, protocol: "http" })),
  ...[1, 50, 8000].map((batch) => ({ connections: 2, batch, protocol: "http" })),
  { connections: 200, batch: 1, protocol: "http" },
  ...[2, 16].map((connections) => ({ connections, batch: 500, protocol: "grpc" })),
];

export async function measure({ startServer, sendLoad, say, quick }) {
  const results = [];
  for (const shape of shapes) {
    const spans = Math.min(quick ? 50_000 : 400_000, shape.batch * shape.connections * 2_000);
    say(`Sending with ${shape.connections} connections in batches of ${shape.batch}, ${shape.protocol}`);
    const server = await startServer();
    try {
      const cpuBefore = server.cpuSeconds();
      const load = await sendLoad(server, { ...shape, spans, seed: 7 });
      const cpuSeconds = server.cpuSeconds() - cpuBefore;
      const counters = await server.counters();
      results.push({
        ...shape,
        ...load,
        cpuSecondsPerMillion: (cpuSeconds / load.spans) * 1e6,
        requestsPerSecond: load.requests / load.seconds,
        syncsPerSecond: counters.clew_wal_syncs_total / load.seconds,
      });
    } finally {
      await server.stop();
    }
  }
  return results;
}

export function report(loads) {
  const rows = loads.map((load) => [
    load.protocol,
    load.connections,
    load.batch,
    thousands(load.spans_per_second),
    thousands(load.requestsPerSecond),
    thousands(load.syncsPerSecond),
    digits(load.p50_ms),
    digits(load.p99_ms),
    digits(load.cpuSecondsPerMillion),
  ]);
  return `How taking in depends on connections and batches. Fewer syncs than requests: one sync answers for a group of them.

${table(["protocol", "connections", "spans a request", "spans/s", "requests/s", "syncs/s", "P50, ms", "P99, ms", "CPU s a million spans"], rows)}`;
}
