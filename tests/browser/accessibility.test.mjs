// What axe-core finds wrong with each view for people who use other senses or other means: nothing, in light and in dark.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { Clew } from "../clients/clew.js";
import { atRest, Browser } from "./browser.mjs";
import { checkout, nanos, send } from "./traffic.mjs";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

let full;
let empty;
let browser;
let earlier;
let sent;
let board;
let slo;

before(async () => {
  [full, empty, browser] = await Promise.all([Clew.start(), Clew.start(), Browser.start()]);
  earlier = checkout();
  sent = checkout({ linkedTo: earlier });
  for (const { traces } of [earlier, sent]) await send(full, "traces", traces);
  await send(full, "logs", sent.logs);
  const panels = [{ type: "query", query_panel: { query: "COUNT GROUP BY service.name" } }, { type: "query", query_panel: { query: "COUNT GROUP BY name", query_style: "table" } }, { type: "text", text_panel: { content: "Call Ada" } }];
  board = await (await fetch(`${full.http}/clew/v1/boards`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ name: "Shop", panels }) })).json();
  sent.logTime = sent.logs.resourceLogs[0].scopeLogs[0].logRecords[0].timeUnixNano;
  const gauge = { name: "pool.size", unit: "1", gauge: { dataPoints: [3, 5].map((asDouble, index) => ({ timeUnixNano: nanos(Date.now() - 60_000 * (2 - index)), asDouble })) } };
  await send(full, "metrics", { resourceMetrics: [{ resource: {}, scopeMetrics: [{ scope: {}, metrics: [gauge] }] }] });
  const post = async (path, body) => (await fetch(full.http + path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) })).json();
  const recipient = await post("/1/recipients", { type: "webhook", details: { webhook_name: "nobody", webhook_url: "http://127.0.0.1:9/" } });
  await post("/1/triggers/__all__", { name: "Errors", query: { calculations: [{ op: "COUNT" }] }, frequency: 60, threshold: { op: ">", value: 0 }, recipients: [{ id: recipient.id }] });
  await post("/1/derived_columns/payment", { alias: "quick", expression: "LT($duration_ms, 120)" });
  slo = await post("/1/slos/payment", { name: "Quick", sli: { alias: "quick" }, time_period_days: 30, target_per_million: 900_000 });
  await post("/1/burn_alerts/payment", { alert_type: "exhaustion_time", exhaustion_minutes: 0, slo: { id: slo.id }, recipients: [] });
  await post("/clew/v1/retention", { value: "payment", days: 7 });
  await post("/clew/v1/query", { query: "COUNT", remember: true });
  await fetch(`${full.http}/v1/trace`, { method: "POST", body: "{}" }); // so that there is a refusal to read
});
after(async () => {
  await browser?.stop();
  await full?.stop();
  await empty?.stop();
});

/** All of the last hour but for its lowest values. */
const selectedBox = () => `${Date.now() - 3_500_000}000000..${Date.now()}000000,50..`;

const views = [
  { name: "first minutes", address: () => `${empty.http}/`, shown: "heading" },
  { name: "home", address: () => `${full.http}/`, shown: "heading" },
  { name: "services", address: () => `${full.http}/services`, shown: "table" },
  { name: "the map", address: () => `${full.http}/map`, shown: "group" },
  { name: "traces", address: () => `${full.http}/traces`, shown: "list" },
  { name: "a trace", address: () => `${full.http}/t/${sent.traceId}?span=${sent.ids.charge}`, shown: "complementary" },
  { name: "a part of a trace", address: () => `${full.http}/t/${sent.traceId}?span=${sent.ids.pay}&cut=hide.${sent.ids.cart},only.${sent.ids.pay}&find=pay`, shown: "complementary" },
  { name: "a flame graph", address: () => `${full.http}/t/${sent.traceId}?view=flame`, shown: "img" },
  { name: "a trace as a table", address: () => `${full.http}/t/${sent.traceId}?view=table`, shown: "list" },
  { name: "two traces", address: () => `${full.http}/compare?a=${earlier.traceId}&b=${sent.traceId}`, shown: "list" },
  { name: "no file", address: () => `${full.http}/file`, shown: "heading" },
  { name: "a question", address: () => `${full.http}/q?q=COUNT+GROUP+BY+service.name`, shown: "table" },
  { name: "a heat map and what sets a part of it apart", address: () => `${full.http}/q?q=HEATMAP(duration_ms)&sel=${selectedBox()}`, shown: "complementary" },
  { name: "bars", address: () => `${full.http}/q?q=COUNT+GROUP+BY+service.name&shape=bars&compare=1h`, shown: "table" },
  { name: "boards", address: () => `${full.http}/boards`, shown: "link" },
  { name: "a board", address: () => `${full.http}/board/${board.id}`, shown: "region" },
  { name: "the history", address: () => `${full.http}/history`, shown: "heading" },
  { name: "settings", address: () => `${full.http}/settings`, shown: "table" },
  { name: "the palette", address: () => `${full.http}/`, shown: "heading", prepare: (page) => page.keyboard.press("Control+k") },
  { name: "all widgets", address: () => `${full.http}/widgets`, shown: "region" },
  { name: "logs", address: () => `${full.http}/logs`, shown: "list" },
  { name: "patterns of logs", address: () => `${full.http}/logs?view=patterns`, shown: "list" },
  { name: "a log line", address: () => `${full.http}/logs?at=${sent.logTime}`, shown: "complementary" },
  { name: "a metric", address: () => `${full.http}/metric?metric=pool.size`, shown: "list" },
  { name: "errors", address: () => `${full.http}/errors`, shown: "list" },
  { name: "an error", address: () => `${full.http}/errors/1`, shown: "complementary" },
  { name: "traces of X-Ray", address: () => `${full.http}/xray`, shown: "list" },
  { name: "a sampling rule", address: () => `${full.http}/xray/rules?edit=Default`, shown: "form" },
  { name: "a new group", address: () => `${full.http}/xray/groups?new=1`, shown: "form" },
  { name: "nothing watched", address: () => `${empty.http}/alerts`, shown: "heading" },
  { name: "triggers and a new one", address: () => `${full.http}/alerts?new=1`, shown: "form" },
  { name: "SLOs", address: () => `${full.http}/alerts/slos`, shown: "table" },
  { name: "a new SLO", address: () => `${full.http}/alerts/slos?new=1`, shown: "form" },
  { name: "a new burn alert", address: () => `${full.http}/alerts/slos?of=${slo.id}`, shown: "form" },
  { name: "the history of alerts", address: () => `${full.http}/alerts/history`, shown: "heading" },
  { name: "recipients and a new one", address: () => `${full.http}/alerts/recipients?new=webhook`, shown: "form" },
  { name: "deliveries", address: () => `${full.http}/alerts/deliveries`, shown: "table" },
  { name: "arrivals", address: () => `${full.http}/arrivals`, shown: "table" },
];

for (const colorScheme of ["light", "dark"]) {
  for (const { name, address, shown, prepare } of views) {
    test(`${name}, ${colorScheme}`, async () => {
      const page = await browser.open(address(), { colorScheme, bypassCSP: true });
      await page.getByRole(shown).first().waitFor();
      await prepare?.(page);
      await atRest(page);
      await page.addScriptTag({ path: axe });
      const found = await page.evaluate(async () => (await globalThis.axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`));
      await page.context().close();
      assert.deepEqual(found, []);
    });
  }
}
