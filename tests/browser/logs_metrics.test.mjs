// Logs as they come, over time, as patterns and with what stands around a line; metrics, broken down, and their exemplars.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Clew } from "../clients/clew.js";
import { becomes, Browser, dragOver, sizeOf } from "./browser.mjs";
import { attributes, checkout, nanos, send } from "./traffic.mjs";

let clew;
let browser;
let page;
let sent;

const logsOf = (service, lines) => ({
  resourceLogs: [{ resource: { attributes: attributes({ "service.name": service }) }, scopeLogs: [{ logRecords: lines.map(({ at, text, severity = 9 }) => ({ timeUnixNano: nanos(at), severityNumber: severity, body: { stringValue: text } })) }] }],
});
const lines = () => page.getByRole("list", { name: "Log lines" }).getByRole("listitem");

function metricsOf(now, exemplar) {
  const point = (index, values) => ({ timeUnixNano: nanos(now - (20 - index) * 60_000), startTimeUnixNano: nanos(now - 30 * 60_000), ...values });
  const steps = Array.from({ length: 20 }, (_, index) => index);
  const routes = ["/cart", "/pay"];
  return {
    resourceMetrics: [
      {
        resource: { attributes: attributes({ "service.name": "shop" }) },
        scopeMetrics: [
          {
            scope: {},
            metrics: [
              { name: "pool.size", unit: "1", gauge: { dataPoints: steps.map((index) => point(index, { asDouble: 4 + index })) } },
              { name: "shop.requests", unit: "{request}", sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: steps.flatMap((index) => routes.map((route) => point(index, { asInt: String(index * 5), attributes: attributes({ "http.route": route }) }))) } },
              { name: "shop.duration", unit: "s", histogram: { aggregationTemporality: 1, dataPoints: steps.map((index) => point(index, { count: "2", sum: 0.5, bucketCounts: ["1", "1"], explicitBounds: [0.2], exemplars: index === 7 ? [exemplar] : [] })) } },
            ],
          },
        ],
      },
    ],
  };
}

before(async () => {
  [clew, browser] = await Promise.all([Clew.start(), Browser.start()]);
  const now = Date.now();
  sent = checkout();
  await send(clew, "traces", sent.traces);
  await send(clew, "logs", logsOf("shop", Array.from({ length: 300 }, (_, index) => ({ at: now - 600_000 + index * 1000, text: index % 100 === 50 ? "disk is nearly full" : `user ${index} paid ${index * 3} EUR`, severity: index % 100 === 50 ? 17 : 9 }))));
  await send(clew, "metrics", metricsOf(now, { timeUnixNano: nanos(now - 60_000), asDouble: 0.41, traceId: sent.traceId, spanId: sent.ids.charge }));
  page = await browser.open(`${clew.http}/logs`);
});
after(async () => {
  await browser?.stop();
  await clew?.stop();
});

test("lines stand over time, and a drag there selects a range", async () => {
  const histogram = page.getByRole("img", { name: /300 log lines over time/ });
  const { width } = await sizeOf(histogram);
  await dragOver(histogram, [width * 0.8, 20], [width * 0.9, 20]);
  await page.waitForURL((url) => /^\d{19}$/.test(url.searchParams.get("from") ?? "") && /^\d{19}$/.test(url.searchParams.get("to") ?? ""));
  await page.goBack();
});

test("a line shows what stands around it", async () => {
  await page.goto(`${clew.http}/logs?q=severity+%3D+error`);
  await lines().first().click();
  await page.getByText("Lines around it").click();
  await page.locator(".log-context .is-asked", { hasText: "disk is nearly full" }).waitFor();
  await becomes(() => page.locator(".log-context li").count(), 11);
  await page.getByRole("button", { name: "Earlier lines" }).click();
  await page.locator(".log-context li").nth(20).waitFor();
});

test("p folds lines into patterns with their counts, and one of them leads to its lines", async () => {
  await page.goto(`${clew.http}/logs`);
  await lines().first().waitFor();
  await page.keyboard.press("p");
  const patterns = page.getByRole("list", { name: "Patterns of log lines" });
  await patterns.getByRole("listitem").filter({ hasText: "297" }).filter({ hasText: "paid" }).waitFor();
  await patterns.getByRole("button", { name: "disk is nearly full" }).click();
  await page.waitForURL((url) => url.searchParams.get("q")?.includes("matches") && !url.searchParams.has("view"));
  await page.getByText("3 in the last hour").waitFor();
});

test("new lines come by themselves, and wait while somebody reads further down", async () => {
  await page.goto(`${clew.http}/logs`);
  await lines().first().waitFor();
  await send(clew, "logs", logsOf("shop", [{ at: Date.now(), text: "a first new line" }]));
  await lines().first().filter({ hasText: "a first new line" }).waitFor();
  const list = page.getByRole("list", { name: "Log lines" });
  await list.evaluate((element) => (element.scrollTop = 2000));
  await page.getByText("a first new line").waitFor({ state: "detached" });
  await send(clew, "logs", logsOf("shop", [{ at: Date.now(), text: "a second new line" }]));
  const pill = page.getByRole("button", { name: "1 new line" });
  await pill.waitFor();
  assert.ok((await list.evaluate((element) => element.scrollTop)) > 1000);
  await pill.click();
  await lines().first().filter({ hasText: "a second new line" }).waitFor();
});

test("a line that comes late is shown too", async () => {
  await page.goto(`${clew.http}/logs`);
  await lines().first().filter({ hasText: "a second new line" }).waitFor();
  await send(clew, "logs", logsOf("shop", [{ at: Date.now() - 400_000, text: "a late line" }]));
  await page.getByText("303 in the last hour").waitFor();
});

test("plain words are looked for in the lines; JSON is shown by its message", async () => {
  await send(clew, "logs", logsOf("till", [{ at: Date.now(), text: '{"msg":"card denied","user":{"id":"u17"},"ms":12}' }]));
  await page.goto(`${clew.http}/logs`);
  const filter = page.getByRole("combobox", { name: "Filter log lines" });
  await filter.fill("card denied");
  await filter.press("Escape");
  await filter.press("Enter");
  await page.waitForURL((url) => url.searchParams.get("q") === 'body contains "card denied"');
  await page.getByText("1 in the last hour").waitFor();
  await lines().first().filter({ hasText: "card denied user.id=u17 ms=12" }).click();
  await page.locator("pre.log-body", { hasText: '"id": "u17"' }).waitFor();
});

test("a metric is picked and drawn, a cumulative one as its growth and broken down", async () => {
  await page.goto(`${clew.http}/metric`);
  await page.getByText("3 with points in the last hour").waitFor();
  await page.getByRole("searchbox", { name: "Find a metric" }).fill("requests");
  await page.getByRole("list", { name: "Metrics" }).getByRole("button").click();
  await page.getByText("increase", { exact: true }).waitFor();
  await page.getByRole("combobox", { name: "Break down by" }).selectOption("http.route");
  await page.getByText("/cart, /pay").or(page.getByText("/pay, /cart")).waitFor();
});

test("each series grows on its own, and buckets tell percentiles", async () => {
  const trend = async (metric) => (await fetch(`${clew.http}/clew/v1/metrics/trend?metric=${metric}`)).json();
  assert.deepEqual((await trend("shop.requests")).rows, [[2 * 95]]);
  const { columns, rows } = await trend("shop.duration");
  assert.deepEqual(columns.map(({ name }) => name), ["count", "mean", "P50", "P90", "P99"]);
  assert.deepEqual(rows, [[40, 0.25, 0.2, 0.2, 0.2]]);
});

test("an exemplar leads to its trace", async () => {
  await page.goto(`${clew.http}/metric?metric=shop.duration`);
  await page.getByRole("region", { name: "Exemplars" }).getByRole("link", { name: sent.traceId }).click();
  await page.waitForURL((url) => url.pathname === `/t/${sent.traceId}` && url.searchParams.get("span") === sent.ids.charge);
});

test("nothing on the console, no other host asked", () => assert.deepEqual(page.misdeeds, []));
