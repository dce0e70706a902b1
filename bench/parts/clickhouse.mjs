// ClickHouse beside clew: the same spans, in the tables that the OpenTelemetry Collector's ClickHouse exporter makes,
// inserted in files of 10,000, and the same questions.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { medianOfLastThree, questions } from "../questions.mjs";
import { runs, spansOfRun } from "./main.mjs";

// Shown beside clew in the table of main.mjs.
export const name = "clickhouse";

const columns = [
  ["Timestamp", "DateTime64(9)", "Delta, ZSTD(1)"],
  ["TraceId", "String", "ZSTD(1)"],
  ["SpanId", "String", "ZSTD(1)"],
  ["ParentSpanId", "String", "ZSTD(1)"],
  ["TraceState", "String", "ZSTD(1)"],
  ["SpanName", "LowCardinality(String)", "ZSTD(1)"],
  ["SpanKind", "LowCardinality(String)", "ZSTD(1)"],
  ["ServiceName", "LowCardinality(String)", "ZSTD(1)"],
  ["ResourceAttributes", "Map(LowCardinality(String), String)", "ZSTD(1)"],
  ["ScopeName", "String", "ZSTD(1)"],
  ["ScopeVersion", "String", "ZSTD(1)"],
  ["SpanAttributes", "Map(LowCardinality(String), String)", "ZSTD(1)"],
  ["Duration", "UInt64", "ZSTD(1)"],
  ["StatusCode", "LowCardinality(String)", "ZSTD(1)"],
  ["StatusMessage", "String", "ZSTD(1)"],
  ["Events.Timestamp", "Array(DateTime64(9))", "ZSTD(1)"],
  ["Events.Name", "Array(LowCardinality(String))", "ZSTD(1)"],
  ["Events.Attributes", "Array(Map(LowCardinality(String), String))", "ZSTD(1)"],
  ["Links.TraceId", "Array(String)", "ZSTD(1)"],
  ["Links.SpanId", "Array(String)", "ZSTD(1)"],
  ["Links.TraceState", "Array(String)", "ZSTD(1)"],
  ["Links.Attributes", "Array(Map(LowCardinality(String), String))", "ZSTD(1)"],
];
const indexes = [
  "idx_trace_id TraceId TYPE bloom_filter(0.001) GRANULARITY 1",
  ...["Resource", "Span"].flatMap((owner) =>
    ["Keys", "Values"].map((part) => `idx_${owner}_${part} map${part}(${owner}Attributes) TYPE bloom_filter(0.01) GRANULARITY 1`),
  ),
  "idx_duration Duration TYPE minmax GRANULARITY 1",
];
const table = "otel.otel_traces";
const schema = [
  "CREATE DATABASE otel ENGINE = Atomic",
  `CREATE TABLE ${table} (${columns.map(([name, type, codec]) => `\`${name}\` ${type} CODEC(${codec})`).join(", ")}, ${indexes
    .map((index) => `INDEX ${index}`)
    .join(", ")}) ENGINE = MergeTree PARTITION BY toDate(Timestamp) ORDER BY (ServiceName, SpanName, toDateTime(Timestamp)) SETTINGS index_granularity = 8192, ttl_only_drop_parts = 1`,
  `CREATE TABLE ${table}_trace_id_ts (TraceId String CODEC(ZSTD(1)), Start DateTime CODEC(Delta, ZSTD(1)), End DateTime CODEC(Delta, ZSTD(1)), INDEX idx_trace_id TraceId TYPE bloom_filter(0.01) GRANULARITY 1) ENGINE = MergeTree PARTITION BY toDate(Start) ORDER BY (TraceId, Start) SETTINGS index_granularity = 8192`,
  `CREATE MATERIALIZED VIEW ${table}_trace_id_ts_mv TO ${table}_trace_id_ts AS SELECT TraceId, min(Timestamp) AS Start, max(Timestamp) AS End FROM ${table} WHERE TraceId != '' GROUP BY TraceId`,
];

class Shell {
  constructor(program, directory) {
    const library = join(dirname(createRequire(import.meta.url).resolve("@chdb/lib-linux-x64-gnu/package.json")), "libchdb.so");
    this.child = spawn(program, [library, directory], { stdio: ["pipe", "pipe", "inherit"] });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async ask(query) {
    this.child.stdin.write(`${query.replaceAll("\n", " ")}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error("ClickHouse ended");
    const answer = JSON.parse(value);
    if (answer.error) throw new Error(`${query}: ${answer.error}`);
    return answer;
  }

  cpuSeconds() {
    const fields = readFileSync(`/proc/${this.child.pid}/stat`, "utf8").split(") ")[1].split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }

  residentBytes() {
    return 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.child.pid}/status`, "utf8"))[1]);
  }
}

export async function measure({ buildDirectory, say, quick }) {
  say("The same in ClickHouse");
  const directory = mkdtempSync(join(tmpdir(), "clew-bench-clickhouse-"));
  const rows = join(directory, "rows");
  let shell;
  try {
    for (let seed = 1; seed <= runs; ++seed) {
      execFileSync(join(buildDirectory, "clew_load"), ["--clickhouse-rows", rows, "--spans", String(spansOfRun(quick)), "--seed", String(seed)]);
    }
    shell = new Shell(join(buildDirectory, "clew_clickhouse"), join(directory, "data"));
    const version = (await shell.ask("SELECT version()")).text.trim();
    for (const statement of schema) await shell.ask(statement);
    const structure = columns.map(([name, type]) => `\`${name}\` ${type}`).join(", ").replaceAll("'", "\\'");
    const cpuBefore = shell.cpuSeconds();
    let insertSeconds = 0;
    for (const file of readdirSync(rows)) {
      insertSeconds += (await shell.ask(`INSERT INTO ${table} SELECT * FROM file('${join(rows, file)}', 'RowBinary', '${structure}')`)).seconds;
    }
    await shell.ask(`OPTIMIZE TABLE ${table} FINAL`);
    await shell.ask(`OPTIMIZE TABLE ${table}_trace_id_ts FINAL`);
    const cpuSeconds = shell.cpuSeconds() - cpuBefore;
    const spans = runs * spansOfRun(quick);
    const stored = Number((await shell.ask(`SELECT count() FROM ${table}`)).text);
    const disk = Number((await shell.ask("SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = 'otel'")).text);
    const first = async (query) => (await shell.ask(query)).text.trim().split("\t")[0];
    const user = await first(`SELECT SpanAttributes['user.id'] AS user FROM ${table} GROUP BY user ORDER BY count() DESC LIMIT 1`);
    const trace = await first(`SELECT TraceId FROM ${table} WHERE SpanAttributes['user.id'] = '${user}' LIMIT 1`);
    const answers = [];
    for (const question of questions) {
      const sql = question.sql.replaceAll("{t}", table).replaceAll("{trace}", trace).replaceAll("{user}", user);
      answers.push(await medianOfLastThree(async () => (await shell.ask(sql)).seconds * 1000));
    }
    return {
      version,
      spans: stored,
      insertSpansPerSecond: Math.round(spans / insertSeconds),
      cpuSecondsPerMillion: (cpuSeconds / spans) * 1e6,
      diskBytesPerSpan: disk / stored,
      residentBytes: shell.residentBytes(),
      milliseconds: answers,
    };
  } finally {
    shell?.child.stdin.end();
    rmSync(directory, { recursive: true, force: true });
  }
}
