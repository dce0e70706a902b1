// Log events through PutLogEvents, in batches of 1,000, at a steady rate of 100,000 a second: a mix of plain lines and of
// JSON messages, each of which becomes a wide event.
import { Agent, request } from "node:http";
import { digits, thousands } from "./table.mjs";

export const name = "cloudwatch_logs";

const perBatch = 1_000, perSecond = 100_000, connections = 4;
const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

export async function measure({ startServer, say, quick }) {
  say("Putting log events");
  const seconds = quick ? 3 : 30;
  const server = await startServer([]);
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const call = (operation, body) => new Promise((done, fail) => {
    const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": `Logs_20140328.${operation}`, "content-length": Buffer.byteLength(body) };
    request({ host: "127.0.0.1", port: server.port, method: "POST", path: "/", headers, agent }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part) => (text += part)).on("end", () => (answer.statusCode === 200 ? done(text) : fail(new Error(`${operation}: ${text}`))));
    }).on("error", fail).end(body);
  });
  try {
    await call("CreateLogGroup", '{"logGroupName":"bench"}');
    const streams = Array.from({ length: connections }, (_, i) => `stream-${i}`);
    for (const stream of streams) await call("CreateLogStream", JSON.stringify({ logGroupName: "bench", logStreamName: stream }));
    // Made beforehand, so that making them is not what is measured.
    const now = Date.now();
    const bodies = Array.from({ length: 40 }, (_, b) => JSON.stringify({
      logGroupName: "bench", logStreamName: streams[b % connections],
      logEvents: Array.from({ length: perBatch }, (_, i) => ({ timestamp: now + i, message: i % 2
        ? `INFO request ${b * perBatch + i} of user ${i % 97} to /cart/${i % 31} took ${(i * 7) % 400} ms`
        : JSON.stringify({ level: i % 50 ? "info" : "error", path: `/cart/${i % 31}`, ms: (i * 7) % 400, user: { id: `u${i % 97}` }, request: b * perBatch + i }) })),
    }));
    const cpuBefore = server.cpuSeconds(), began = performance.now(), times = [];
    const batches = (seconds * perSecond) / perBatch;
    let next = 0;
    // Each connection takes the next batch when its time has come; a batch that is late counts from when it was due.
    await Promise.all(streams.map(async () => {
      for (let batch = next++; batch < batches; batch = next++) {
        const due = began + (batch * perBatch * 1000) / perSecond;
        const early = due - performance.now();
        if (early > 1) await sleep(early);
        await call("PutLogEvents", bodies[batch % bodies.length]);
        times.push(performance.now() - due);
      }
    }));
    const took = (performance.now() - began) / 1000;
    const counters = await server.counters();
    const stored = counters.clew_log_records_accepted_total;
    const lost = batches * perBatch - stored;
    if (lost !== 0) throw new Error(`${stored} of ${batches * perBatch} log events were stored`);
    times.sort((a, b) => a - b);
    return {
      events: stored, seconds: took, per_second: stored / took, bytes_per_event: Math.round(bodies[0].length / perBatch),
      milliseconds: { median: times[times.length >> 1], p99: times[Math.floor(times.length * 0.99)] },
      lost, cpu_seconds: server.cpuSeconds() - cpuBefore, peak_bytes: server.peakResidentBytes(),
    };
  } finally {
    agent.destroy();
    await server.stop();
  }
}

export function report(one) {
  return `${thousands(one.events)} log events (half of them JSON, ${one.bytes_per_event} bytes each in the request) by PutLogEvents in batches of 1,000, due at 100,000 a second: ${thousands(Math.round(one.per_second))} a second for ${digits(one.seconds)} s, a batch stored ${digits(one.milliseconds.median)} ms after it was due, the slowest hundredth ${digits(one.milliseconds.p99)} ms. Each was stored. Processor time of clew ${digits(one.cpu_seconds)} s (${digits(one.cpu_seconds / one.seconds)} of a core), most memory ${thousands(Math.round(one.peak_bytes / 1e6))} MB.`;
}
