// Remakes the pictures of docs/img from a running clew with a shop's traffic in it, light and dark:
//   npm --prefix tests/browser run screenshots            or only some: … -- trace map
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { Exporter } from "../../examples/shop/otlp.mjs";
import { visit } from "../../examples/shop/shop.mjs";
import { cli, startClew } from "../xray/xray.js";
import { measurements } from "../../examples/shop/meters.mjs";
import { atRest, Browser } from "./browser.mjs";
import { smaller } from "./small_png.mjs";
import { sendBookshop } from "./xray_traffic.mjs";

const target = fileURLToPath(new URL("../../docs/img", import.meta.url));
// The addresses a reader will meet; they have to be free, as they are in a network of its own:
//   unshare -rn sh -c 'ip link set lo up && npm --prefix tests/browser run screenshots'
const usualPorts = [2539, 4317, 4318];
const visits = 900;
const pastMs = 55 * 60_000;

async function fill(clew) {
  const now = Date.now();
  const exporter = new Exporter(clew.http);
  for (let from = 0; from < visits; from += 50) {
    const some = Array.from({ length: 50 }, (_, index) => visit(now - 3000 - pastMs * ((visits - from - index) / visits)));
    await exporter.send("traces", some.flatMap((one) => one.spans));
    const logs = some.flatMap((one) => one.logs);
    if (logs.length > 0) await exporter.send("logs", logs);
    await exporter.send("metrics", measurements(some));
  }
}

/** The failed trace that shows most. */
async function richestTrace(clew) {
  const { traces } = await clew.ask("/traces?errors=1&limit=200");
  return traces.sort((left, right) => right.services.length - left.services.length || right.spans - left.spans)[0].trace_id;
}

/** A board of four questions; its id. */
async function makeBoard(clew) {
  const questions = ["COUNT GROUP BY service.name", "HEATMAP(duration_ms)", "P95(duration_ms) GROUP BY service.name", "COUNT WHERE error = true GROUP BY service.name"];
  const panels = questions.map((query, index) => ({ type: "query", position: { x_coordinate: (index % 2) * 6, y_coordinate: Math.floor(index / 2) * 4, width: 6, height: 4 }, query_panel: { query } }));
  const body = JSON.stringify({ name: "The shop", panels });
  const response = await fetch(`${clew.http}/clew/v1/boards`, { method: "POST", headers: { "content-type": "application/json" }, body });
  return (await response.json()).id;
}

/** Two that are watched; one of them has something to tell. */
async function watch(clew) {
  const post = async (path, body) => (await fetch(clew.http + path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) })).json();
  await post("/1/triggers/__all__", { name: "Cards are declined", query: { calculations: [{ op: "COUNT" }], filters: [{ column: "error", op: "=", value: true }, { column: "service.name", op: "=", value: "payment" }], time_range: 3600 }, frequency: 900, threshold: { op: ">", value: 5 } });
  await post("/1/triggers/__all__", { name: "Nobody buys", query: { calculations: [{ op: "COUNT" }], filters: [{ column: "name", op: "=", value: "POST /checkout" }], time_range: 3600 }, frequency: 900, threshold: { op: "<", value: 1 } });
}

const shown = (page) => page.getByRole("row", { includeHidden: true }).first().waitFor({ state: "attached" });

const emptyScenes = () => [{ name: "first-minutes", path: "/", prepare: (page) => page.getByRole("tab", { name: "Node.js" }).click() }];

const shopScenes = (trace, board, error) => [
  { name: "home", path: "/" },
  { name: "services", path: "/services" },
  { name: "map", path: "/map" },
  { name: "traces", path: "/traces?limit=1000" },
  {
    name: "trace",
    path: `/t/${trace}`,
    async prepare(page) {
      await shown(page);
      await page.keyboard.press("E"); // the last error is the one that caused the others
      await page.getByRole("complementary", { name: "Span" }).getByText("Raw").waitFor();
    },
  },
  { name: "flame-graph", path: `/t/${trace}?view=flame` },
  { name: "trace-table", path: `/t/${trace}?view=table` },
  { name: "comparison", path: `/compare?a=typical&b=${trace}` },
  { name: "errors", path: "/errors" },
  { name: "error", path: `/errors/${error}` },
  { name: "alerts", path: "/alerts", prepare: (page) => page.getByText("triggered", { exact: true }).first().waitFor() },
  { name: "metrics", path: "/metric?metric=http.server.request.duration" },
  { name: "query", path: `/q?q=${encodeURIComponent("COUNT, P95(duration_ms) GROUP BY service.name EVERY 2m")}` },
  {
    name: "bubbleup",
    path: `/q?q=${encodeURIComponent("HEATMAP(duration_ms)")}`,
    async prepare(page) {
      const plot = page.locator(".heatmap-plot");
      await plot.waitFor();
      const box = await plot.boundingBox();
      await page.mouse.move(box.x + box.width * 0.3, box.y + 8);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.85, box.y + 6 + (box.height - 28) * 0.2, { steps: 4 });
      await page.mouse.up();
      await page.getByText(/differs by/).first().waitFor();
    },
  },
  { name: "board", path: `/board/${board}` },
  {
    name: "palette",
    path: "/",
    async prepare(page) {
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: "Go to, do, ask or find" }).fill("che");
      await page.getByRole("option", { name: /service/ }).first().waitFor();
    },
  },
  { name: "settings", path: "/settings" },
  { name: "widgets", path: "/widgets" },
  { name: "logs", path: "/logs" },
  { name: "arrivals", path: "/arrivals" },
  { name: "history", path: "/history" }, // of what was asked for the pictures before
];

const bookshopScenes = (report) => [
  {
    name: "segment",
    path: `/t/${report}`,
    async prepare(page) {
      await shown(page);
      await page.keyboard.press("E");
      await page.getByRole("complementary", { name: "Span" }).getByText("Raw").waitFor();
    },
  },
  { name: "xray", path: "/xray?min=200ms&max=708ms" },
  { name: "sampling-rules", path: "/xray/rules?edit=Cruddur_SamplingRule" },
];

/** A rule in use: what the CLI made, and a client's report. */
async function useRule(clew) {
  const rule = { RuleName: "Cruddur_SamplingRule", ResourceARN: "*", Priority: 9000, FixedRate: 0.1, ReservoirSize: 5, ServiceName: "backend-flask", ServiceType: "*", Host: "*", HTTPMethod: "*", URLPath: "*", Version: 1 };
  await cli(clew, ["create-sampling-rule", "--sampling-rule", JSON.stringify(rule)]);
  const report = [{ RuleName: rule.RuleName, ClientID: "0123456789abcdef01234567", Timestamp: Math.floor(Date.now() / 1000), RequestCount: 420, SampledCount: 88, BorrowCount: 1 }];
  await cli(clew, ["get-sampling-targets", "--sampling-statistics-documents", JSON.stringify(report)]);
}

const wanted = process.argv.slice(2);

async function take(browser, clew, scenes) {
  for (const colorScheme of ["light", "dark"]) {
    for (const { name, path, prepare } of scenes) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      const page = await browser.open(clew.http + path, { colorScheme });
      await atRest(page);
      await prepare?.(page);
      await atRest(page);
      const file = join(target, colorScheme === "light" ? `${name}.png` : `${name}-dark.png`);
      writeFileSync(file, smaller(await page.screenshot()));
      console.log(file);
      await page.context().close();
    }
  }
}

/** A refusal for the picture of arrivals: a path that is nearly right. */
const sendWrongly = (clew) =>
  fetch(`${clew.http}/v1/trace`, { method: "POST", headers: { "content-type": "application/json", "user-agent": "OTel-OTLP-Exporter-JavaScript/0.208.0" }, body: "{}" });

async function withClew(act) {
  const clew = await startClew({ ports: usualPorts });
  try {
    await act(clew);
  } finally {
    await clew.stop();
  }
}

mkdirSync(target, { recursive: true });
const browser = await Browser.start();
try {
  await withClew((clew) => take(browser, clew, emptyScenes()));
  await withClew(async (clew) => {
    await fill(clew);
    await sendWrongly(clew);
    await watch(clew);
    const { errors } = await clew.ask("/errors?sort=occurrences");
    await take(browser, clew, shopScenes(await richestTrace(clew), await makeBoard(clew), errors[0].id));
  });
  await withClew(async (clew) => {
    const report = await sendBookshop(clew);
    await useRule(clew);
    await take(browser, clew, bookshopScenes(report));
  });
} finally {
  await browser.stop();
}
