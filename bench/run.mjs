// ./dev bench: measures clew, and ClickHouse beside it, and writes bench/results/latest.json and docs/performance.md.
//   node bench/run.mjs <directory with clew and clew_load> [--quick] [--no-clickhouse] [--only main|load|clickhouse]
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { measureClickHouse } from "./clickhouse.mjs";
import { medianOfLastThree, questions } from "./questions.mjs";
import { writeReport } from "./report.mjs";
import { Server } from "./server.mjs";

const [buildDirectory, ...flags] = process.argv.slice(2);
const quick = flags.includes("--quick");
const only = flags.includes("--only") ? flags[flags.indexOf("--only") + 1] : "";
const runs = 2;
const spansOfRun = quick ? 50_000 : 500_000;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const scratch = mkdtempSync(join(tmpdir(), "clew-bench-"));
const binary = join(buildDirectory, "clew");

const say = (text) => console.error(text);
// Not execFileSync: it would hold up the event loop, and with it whatever else this process has to answer.
async function sendLoad(port, options) {
  const text = Object.entries({ port, ...options }).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const { stdout, stderr } = await promisify(execFile)(join(buildDirectory, "clew_load"), text);
  if (stderr) say(stderr.trim());
  return JSON.parse(stdout);
}

// The table itself: two runs of half a million spans, then the questions.
async function measureMain() {
  const server = await Server.start(binary, join(scratch, "data"));
  try {
    const idle = server.residentBytes();
    const loads = [];
    for (let seed = 1; seed <= runs; ++seed) {
      say(`Sending ${spansOfRun} spans (${seed} of ${runs})`);
      loads.push(await sendLoad(server.port, { spans: spansOfRun, connections: 2, batch: 500, seed }));
    }
    const spans = loads.reduce((sum, load) => sum + load.spans, 0);
    const seconds = loads.reduce((sum, load) => sum + load.seconds, 0);
    say("Waiting for merges to end");
    await server.settle();
    const cpuSeconds = server.cpuSeconds();
    const counters = await server.counters();
    const result = {
      spans,
      spansPerSecond: Math.round(spans / seconds),
      loads,
      cpuSecondsPerMillion: (cpuSeconds / spans) * 1e6,
      diskBytesPerSpan: server.diskBytes() / spans,
      residentBytesIdle: idle,
      residentBytes: server.residentBytes(),
      peakResidentBytes: server.peakResidentBytes(),
      requestsPerSync: counters.clew_wal_records_total / counters.clew_wal_syncs_total,
      counters,
    };
    say("Asking");
    result.milliseconds = await askAll(server);
    result.residentBytesAfterQuestions = server.residentBytes();
    return result;
  } finally {
    await server.stop();
  }
}

async function askAll(server) {
  const span = { from: "now-1h", to: "now+1h" };
  const first = async (query) => (await server.ask({ query, ...span })).answer.rows[0][0];
  const user = await first("COUNT WHERE user.id exists GROUP BY user.id ORDER BY COUNT DESC LIMIT 1");
  const trace = await first(`COUNT WHERE user.id = "${user}" GROUP BY trace.trace_id LIMIT 1`);
  const times = [];
  for (const question of questions) {
    times.push(
      await medianOfLastThree(async () => {
        if (question.trace) return (await server.get(`/clew/v1/traces/${trace}`)).milliseconds;
        const query = question.clew.replace("{user}", user);
        const { milliseconds, answer: table } = await server.ask({ query, ...span });
        if (table.rows.length === 0) throw new Error(`${query} answered no rows`);
        return milliseconds;
      }),
    );
  }
  return times;
}

// How speed depends on connections and batches; each on an empty directory.
async function measureLoads() {
  const shapes = [
    ...[1, 2, 16, 200].map((connections) => ({ connections, batch: 500 })),
    ...[1, 50, 8000].map((batch) => ({ connections: 2, batch })),
    { connections: 200, batch: 1 },
  ];
  const results = [];
  for (const shape of shapes) {
    const spans = Math.min(quick ? 50_000 : 400_000, shape.batch * shape.connections * 2_000);
    say(`Sending with ${shape.connections} connections in batches of ${shape.batch}`);
    const server = await Server.start(binary, join(scratch, "data"));
    try {
      const cpuBefore = server.cpuSeconds();
      const load = await sendLoad(server.port, { ...shape, spans, seed: 7 });
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

const wanted = (part) => only === "" || only === part;
const latest = join(root, "bench/results/latest.json");
const result = only === "" ? {} : JSON.parse(readFileSync(latest, "utf8"));
try {
  Object.assign(result, {
    date: new Date().toISOString().slice(0, 10),
    commit: execFileSync("git", ["describe", "--always", "--dirty"], { cwd: root, encoding: "utf8" }).trim(),
    machine: { processor: cpus()[0].model, cores: cpus().length, memoryBytes: totalmem() },
    quick,
  });
  if (wanted("main")) result.clew = await measureMain();
  if (wanted("load")) result.loads = await measureLoads();
  if (wanted("clickhouse") && !flags.includes("--no-clickhouse")) {
    say("The same in ClickHouse");
    result.clickhouse = await measureClickHouse({ buildDirectory, runs, spansOfRun });
  }
  mkdirSync(dirname(latest), { recursive: true });
  writeFileSync(latest, `${JSON.stringify(result, null, 2)}\n`);
  say(writeReport(join(root, "docs/performance.md"), result, questions));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
