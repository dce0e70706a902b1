// ./dev bench: measures clew, part by part, and writes bench/results/latest.json and docs/performance.md.
//   node bench/run.mjs <directory with clew and clew_load> [--quick] [--no-clickhouse] [--only <part>[,<part>…]]
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as asking from "./parts/asking.mjs";
import * as clickhouse from "./parts/clickhouse.mjs";
import * as cloudwatchLogs from "./parts/cloudwatch_logs.mjs";
import * as collector from "./parts/collector.mjs";
import * as datagrams from "./parts/datagrams.mjs";
import * as growth from "./parts/growth.mjs";
import * as loads from "./parts/loads.mjs";
import * as main from "./parts/main.mjs";
import * as shapes from "./parts/shapes.mjs";
import { writeReport } from "./report.mjs";
import { freePort, Server } from "./server.mjs";

// In the order of the page. A part has a name, measures, and reports what it measured as Markdown.
const parts = [main, clickhouse, loads, asking, growth, shapes, collector, datagrams, cloudwatchLogs];

const [buildDirectory, ...flags] = process.argv.slice(2);
const only = flags.includes("--only") ? flags[flags.indexOf("--only") + 1].split(",") : [];
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const scratch = mkdtempSync(join(tmpdir(), "clew-bench-"));
for (const wanted of only) {
  if (!parts.some(({ name }) => name === wanted)) throw new Error(`there is no part ${wanted}: ${parts.map(({ name }) => name).join(", ")}`);
}

const context = {
  buildDirectory,
  freePort,
  scratch,
  quick: flags.includes("--quick"),
  say: (text) => console.error(text),
  // On an empty directory.
  startServer: (extra) => Server.start(join(buildDirectory, "clew"), join(scratch, "data"), extra),
  // Not execFileSync: it would hold up the event loop, and with it whatever else this process has to answer.
  async sendLoad(server, options) {
    const text = Object.entries({ port: server.port, ...options }).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const { stdout, stderr } = await promisify(execFile)(join(buildDirectory, "clew_load"), text);
    if (stderr) console.error(stderr.trim());
    return JSON.parse(stdout);
  },
};

const latest = join(root, "bench/results/latest.json");
const result = only.length > 0 && existsSync(latest) ? JSON.parse(readFileSync(latest, "utf8")) : {};
try {
  Object.assign(result, {
    date: new Date().toISOString().slice(0, 10),
    commit: execFileSync("git", ["describe", "--always", "--dirty"], { cwd: root, encoding: "utf8" }).trim(),
    machine: { processor: cpus()[0].model, cores: cpus().length, memoryBytes: totalmem() },
    quick: context.quick,
  });
  for (const part of parts) {
    if (only.length > 0 ? !only.includes(part.name) : part === clickhouse && flags.includes("--no-clickhouse")) continue;
    result[part.name] = await part.measure(context);
  }
  mkdirSync(dirname(latest), { recursive: true });
  writeFileSync(latest, `${JSON.stringify(result, null, 2)}\n`);
  console.error(writeReport(join(root, "docs/performance.md"), result, parts));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
