// Sends the shop's traces, logs and metrics to a running clew: some of the past, and with --live what happens from now on.
import { measurements } from "./meters.mjs";
import { Exporter } from "./otlp.mjs";
import { visit } from "./shop.mjs";

const options = { endpoint: "http://127.0.0.1:4318", page: "http://127.0.0.1:2539", visits: 400, minutes: 30, key: "", live: false };
for (let i = 2; i < process.argv.length; ++i) {
  const name = process.argv[i].replace(/^--/, "");
  if (!(name in options)) fail(`demo does not know '${process.argv[i]}'; it knows ${Object.keys(options).map((known) => `--${known}`).join(", ")}`);
  options[name] = name === "live" ? true : process.argv[++i];
}

const exporter = new Exporter(options.endpoint, options.key);

async function send(visits) {
  const spans = await exporter.send("traces", visits.flatMap((one) => one.spans));
  const logs = visits.flatMap((one) => one.logs);
  return { spans, logs: logs.length === 0 ? 0 : await exporter.send("logs", logs), points: await exporter.send("metrics", measurements(visits)) };
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

try {
  const sent = { spans: 0, logs: 0, points: 0 };
  const count = Number(options.visits), span = Number(options.minutes) * 60_000, now = Date.now();
  for (let from = 0; from < count; from += 50) {
    const visits = [];
    for (let i = from; i < Math.min(from + 50, count); ++i) visits.push(visit(now - 3000 - span * (1 - (i + Math.random()) / count)));
    const { spans, logs, points } = await send(visits);
    sent.spans += spans;
    sent.logs += logs;
    sent.points += points;
  }
  console.log(`Sent ${count} visits to a shop: ${sent.spans} spans, ${sent.logs} log records and ${sent.points} metric points of the last ${options.minutes} minutes.`);
  console.log(`Look at ${options.page}`);
  if (options.live) {
    console.log("More follow, about two a second. Ctrl-C stops.");
    for (;;) {
      const pause = Math.random() * 1000;
      await new Promise((done) => setTimeout(done, pause));
      await send([visit(Date.now() - 1500)]);
    }
  }
} catch (error) {
  fail(error.cause?.code === "ECONNREFUSED" ? `Nobody listens at ${options.endpoint}. Start clew first: ./dev run` : error.message);
}
