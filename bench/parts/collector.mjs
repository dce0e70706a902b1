// A collector between a sender and a backend: what passing on costs, and what each processor that looks inside adds. The
// backend is another collector that throws everything away, and is not counted.
import { execFileSync, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { digits, table, thousands } from "./table.mjs";

export const name = "collector";

const batch = "batch: {}";
const ways = [
  { title: "HTTP in, batch, gRPC out, not compressed", processors: { batch } },
  { title: "gRPC in, batch, gRPC out, not compressed", protocol: "grpc", processors: { batch } },
  { title: "HTTP in, batch, gRPC out, gzip", processors: { batch }, compression: "gzip" },
  { title: "HTTP in, batch, gRPC out, zstd", processors: { batch }, compression: "zstd" },
  { title: "HTTP in, batch, HTTP out, not compressed", processors: { batch }, out: "otlphttp" },
  { title: "HTTP in, gRPC out, queue on disk", processors: {}, disk: true },
  {
    title: "… with resource: one attribute set",
    processors: { resource: "resource: {attributes: [{key: deployment.environment, value: production, action: upsert}]}", batch },
  },
  {
    title: "… with attributes: one set",
    processors: { attributes: "attributes: {actions: [{key: region, value: eu, action: upsert}]}", batch },
  },
  {
    title: "… with attributes: one hashed",
    processors: { attributes: "attributes: {actions: [{key: http.route, action: hash}]}", batch },
  },
  {
    title: "… with filter: one condition",
    processors: { filter: `filter: {traces: {span: ['attributes["http.route"] == "/health"']}}`, batch },
  },
  {
    title: "… with transform: one set",
    processors: { transform: `transform: {trace_statements: ['set(span.attributes["region"], "eu")']}`, batch },
  },
  {
    title: "… with redaction: two expressions on every value",
    processors: { redaction: `redaction: {allow_all_keys: true, blocked_values: ["4[0-9]{12}(?:[0-9]{3})?", "(5[1-5][0-9]{14})"]}`, batch },
  },
  {
    title: "… with probabilistic_sampler that keeps all",
    processors: { probabilistic_sampler: "probabilistic_sampler: {sampling_percentage: 100, mode: proportional}", batch },
  },
  {
    title: "… with groupbytrace, one second",
    processors: { groupbytrace: "groupbytrace: {wait_duration: 1s, limit_mib: 4096}", batch },
  },
  {
    title: "… with tail_sampling that keeps all after one second, by three policies",
    processors: {
      tail_sampling: `tail_sampling: {decision_wait: 1s, num_traces: 1000000, limit_mib: 4096, policies: [{name: errors, type: status_code, status_code: {status_codes: [ERROR]}}, {name: slow, type: latency, latency: {threshold_ms: 1000}}, {name: all, type: always_sample}]}`,
      batch,
    },
  },
  {
    title: "… with refinery that keeps all after one second, by three rules",
    processors: {
      refinery: `refinery: {trace_timeout: 1s, num_traces: 1000000, limit_mib: 4096, rules: {Samplers: {__default__: {RulesBasedSampler: {Rules: [{Name: errors, SampleRate: 1, Conditions: [{Field: error, Operator: exists}]}, {Name: slow, SampleRate: 1, Conditions: [{Field: duration_ms, Operator: ">", Value: 1000, Datatype: float}]}, {Name: all, SampleRate: 1}]}}}}}`,
      batch,
    },
  },
  { title: "… and spanmetrics beside it", processors: { batch }, connector: "spanmetrics: {metrics_flush_interval: 1s}" },
  { title: "… and servicegraph beside it", processors: { batch }, connector: "servicegraph: {metrics_flush_interval: 1s}" },
  {
    title: "… through routing, by an attribute of the resource",
    processors: { batch },
    connector: `routing: {default_pipelines: [traces/routed], table: [{context: resource, condition: 'attributes["service.name"] == "nobody"', pipelines: [traces/routed]}]}`,
    between: true,
  },
  {
    title: "… through routing, by an attribute of each span",
    processors: { batch },
    connector: `routing: {default_pipelines: [traces/routed], table: [{context: span, condition: 'attributes["http.route"] == "/health"', pipelines: [traces/routed]}]}`,
    between: true,
  },
];

export async function measure({ buildDirectory, scratch, sendLoad, say, quick }) {
  const spans = quick ? 200_000 : 2_000_000;
  const results = [];
  for (const way of ways) {
    say(`Collector: ${way.title}`);
    const [port, sinkPort, sinkMetrics, metrics] = await freePorts(4);
    const start = (file, text) => Process.start(join(buildDirectory, "clew"), join(scratch, file), text);
    const sink = await start("sink.yaml", sinkConfiguration(sinkPort, sinkMetrics));
    const collector = await start("collector.yaml", configuration(way, port, sinkPort, metrics, scratch));
    try {
      await sendLoad({ port }, { spans: spans / 20, batch: 500, connections: 2, seed: 3, protocol: way.protocol ?? "http" });
      const before = collector.cpuSeconds();
      const began = performance.now();
      const load = await sendLoad({ port }, { spans, batch: 500, connections: 2, seed: 7, protocol: way.protocol ?? "http" });
      const arrived = () => figure(sinkMetrics, "otelcol_receiver_accepted_spans");
      const wanted = spans + spans / 20;
      for (let i = 0; i < 3000 && (await arrived()) < wanted; ++i) await new Promise((done) => setTimeout(done, 20));
      const seconds = (performance.now() - began) / 1000;
      const cpuSeconds = collector.cpuSeconds() - before;
      if ((await arrived()) !== wanted) throw new Error(`${way.title}: ${await arrived()} of ${wanted} spans arrived`);
      results.push({
        title: way.title,
        spansPerSecond: load.spans / seconds,
        cpuSecondsPerMillion: (cpuSeconds / load.spans) * 1e6,
        peakResidentBytes: collector.peakResidentBytes(),
      });
    } finally {
      await collector.stop();
      await sink.stop();
    }
  }
  return results;
}

export function report(results) {
  const rows = results.map((one) => [
    one.title,
    thousands(one.spansPerSecond),
    digits(one.cpuSecondsPerMillion),
    thousands(one.peakResidentBytes / 2 ** 20),
  ]);
  return `\`clew collect\` between a sender (2 connections, 500 spans a request) and a backend that throws everything away; all
three share the machine. The speed counts until
the last span has arrived, the CPU time is that of the collector alone.

${table(["way", "spans/s, arrived", "CPU s a million spans", "MiB at most"], rows)}`;
}

function configuration({ processors, compression = "none", out = "otlp", disk, connector, between }, port, sinkPort, metrics, scratch) {
  const queue = disk ? "{storage: file_storage}" : "{queue_size: 10000}";
  const connectorNames = connector ? [connector.slice(0, connector.indexOf(":"))] : [];
  const chain = Object.keys(processors).join(", ");
  // A connector stands beside the exporter and makes metrics, or between two pipelines of traces.
  const pipelines = between
    ? `traces: {receivers: [otlp], processors: [${chain}], exporters: [${connectorNames}]}
    traces/routed: {receivers: [${connectorNames}], exporters: [${out}]}`
    : `traces: {receivers: [otlp], processors: [${chain}], exporters: [${[out, ...connectorNames].join(", ")}]}
    ${connector ? `metrics: {receivers: [${connectorNames}], exporters: [nop]}` : ""}`;
  return `
receivers:
  otlp: {protocols: {http: {endpoint: "127.0.0.1:${port}"}}}
processors:
${Object.values(processors).map((one) => `  ${one}`).join("\n") || "  batch: {}"}
extensions:
  file_storage: {directory: "${join(scratch, "queues")}"}
${connector ? `connectors: {${connector}}` : ""}
exporters:
  nop: {}
  ${out}: {endpoint: "http://127.0.0.1:${sinkPort}", compression: ${compression}, sending_queue: ${queue}}
service:
  extensions: [file_storage]
  telemetry: {metrics: {address: "127.0.0.1:${metrics}"}}
  pipelines:
    ${pipelines}
`;
}

function sinkConfiguration(port, metrics) {
  return `
receivers:
  otlp: {protocols: {grpc: {endpoint: "127.0.0.1:${port}", max_recv_msg_size_mib: 64}}}
exporters: {nop: {}}
service:
  telemetry: {metrics: {address: "127.0.0.1:${metrics}"}}
  pipelines:
    traces: {receivers: [otlp], exporters: [nop]}
`;
}

const ticksPerSecond = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

class Process {
  static async start(binary, file, text) {
    writeFileSync(file, text);
    const child = spawn(binary, ["collect", `--config=${file}`], { stdio: ["ignore", "pipe", "inherit"] });
    await new Promise((done, fail) => {
      child.stdout.on("data", (said) => String(said).includes("Everything is ready") && done());
      child.once("exit", (code) => fail(new Error(`clew collect ended with ${code}`)));
    });
    return new Process(child);
  }
  constructor(child) {
    this.child = child;
  }
  cpuSeconds() {
    const fields = readFileSync(`/proc/${this.child.pid}/stat`, "utf8").split(") ")[1].split(" ");
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  }
  peakResidentBytes() {
    return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${this.child.pid}/status`, "utf8"))[1]);
  }
  async stop() {
    if (this.child.exitCode !== null) return;
    const ended = new Promise((done) => this.child.once("exit", done));
    this.child.kill("SIGTERM");
    await ended;
  }
}

async function figure(port, metric) {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(new RegExp(`^${metric}\\S* (\\d+)$`, "m").exec(text)?.[1] ?? 0);
}

async function freePorts(count) {
  const probes = await Promise.all(Array.from({ length: count }, () => new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => resolve(probe));
  })));
  const ports = probes.map((probe) => probe.address().port);
  await Promise.all(probes.map((probe) => new Promise((done) => probe.close(done))));
  return ports;
}
