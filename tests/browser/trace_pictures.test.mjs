// The other ways to look at a trace: flame graph, table, against another one, out of a file; and what can be taken away.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Clew } from "../clients/clew.js";
import { becomes, Browser } from "./browser.mjs";
import { checkout, newSpanId, newTraceId, send, span, tracesOf } from "./traffic.mjs";

let clew;
let browser;
let earlier;
let sent;
let page;
let folder;

const pane = () => page.getByRole("complementary", { name: "Span" });
const downloaded = async (act) => {
  const [download] = await Promise.all([page.waitForEvent("download"), act()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
};

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "clew-trace-files-"));
  [clew, browser] = await Promise.all([Clew.start(), Browser.start()]);
  earlier = checkout({ start: Date.now() - 60_000 });
  sent = checkout({ linkedTo: earlier });
  for (const { traces, logs } of [earlier, sent]) {
    await send(clew, "traces", traces);
    await send(clew, "logs", logs);
  }
  page = await browser.open(`${clew.http}/t/${sent.traceId}`);
  await page.getByRole("treegrid").waitFor({ state: "attached" });
});
after(async () => {
  await browser?.stop();
  await clew?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("v goes from the waterfall to the flame graph, a click there selects", async () => {
  await page.keyboard.press("v");
  await page.waitForURL((url) => url.searchParams.get("view") === "flame");
  const flames = page.getByRole("img", { name: /Flame graph/ });
  await flames.waitFor();
  await flames.click({ position: { x: 40, y: 11 } });
  await pane().getByRole("heading", { name: "POST /checkout" }).waitFor();
  // What it is zoomed into is in the address, as everything is.
  await page.waitForURL((url) => url.searchParams.get("focus") === sent.ids.root && url.searchParams.get("span") === sent.ids.root);
  await page.reload();
  await page.getByRole("button", { name: "Whole trace" }).click();
  await page.waitForURL((url) => !url.searchParams.has("focus"));
});

test("the table puts spans together by name and by service, with the same selection", async () => {
  await page.keyboard.press("v");
  const groups = page.getByRole("list", { name: "Groups of spans" });
  await groups.getByRole("button", { name: "charge card" }).click();
  await pane().getByRole("heading", { name: "charge card" }).waitFor();
  await page.getByRole("button", { name: "By service" }).click();
  const payment = groups.getByRole("listitem").filter({ hasText: "payment" });
  await payment.filter({ hasText: /all spans\s*2/ }).waitFor();
  await becomes(() => groups.getByRole("listitem").count(), 3);
});

test("a span is placed among its kind", async () => {
  await pane().getByText("2 of its kind").waitFor();
});

test("a span tells which spans link to it", async () => {
  await page.goto(`${clew.http}/t/${earlier.traceId}?span=${earlier.ids.root}`);
  const from = pane().locator("details", { hasText: "Linked from" });
  await from.getByRole("link", { name: new RegExp(sent.traceId) }).click();
  await page.waitForURL((url) => url.pathname === `/t/${sent.traceId}` && url.searchParams.get("span") === sent.ids.charge);
  await pane().getByRole("heading", { name: "charge card" }).waitFor();
});

test("t compares with a typical one, and leads back to a span of either", async () => {
  await pane().getByText("payment.provider").waitFor();
  await page.keyboard.press("t");
  await page.getByRole("heading", { name: "Comparison" }).waitFor();
  await page.getByText("Typical: the middle of 1 of its kind").waitFor();
  const tree = page.getByRole("list", { name: "Both traces as one tree" });
  await becomes(() => tree.getByRole("listitem").count(), 4);
  await tree.getByRole("listitem").filter({ hasText: "charge card" }).getByRole("link").last().click();
  await page.waitForURL((url) => url.pathname === `/t/${sent.traceId}`);
});

test("x on two traces of the list compares them", async () => {
  await page.goto(`${clew.http}/traces`);
  await page.getByRole("list", { name: "Traces" }).waitFor();
  const current = page.locator(".table-row.is-current");
  await page.keyboard.press("j");
  await current.waitFor();
  await page.keyboard.press("x");
  await page.getByText("is marked").waitFor();
  await page.keyboard.press("j");
  await page.locator(".table-row.is-current:nth-child(2)").waitFor();
  await page.keyboard.press("x");
  await page.getByRole("heading", { name: "Comparison" }).waitFor();
  await page.getByText("both took the same time").waitFor();
});

test("so does x in one trace, and in another that is gone to", async () => {
  await page.goto(`${clew.http}/t/${sent.traceId}?span=${sent.ids.charge}`);
  await pane().getByRole("link", { name: new RegExp(earlier.traceId) }).waitFor();
  await page.keyboard.press("x");
  await page.getByText("Marked: x in another trace").waitFor();
  await pane().getByRole("link", { name: new RegExp(earlier.traceId) }).click();
  await pane().getByRole("heading", { name: "POST /checkout" }).waitFor();
  await page.keyboard.press("x");
  await page.waitForURL((url) => url.searchParams.get("a") === sent.traceId && url.searchParams.get("b") === earlier.traceId);
  await page.getByRole("heading", { name: "Comparison" }).waitFor();
});

test("a trace of a kind of its own has nothing to compare with, and says so", async () => {
  const traceId = newTraceId();
  await send(clew, "traces", tracesOf({ lonely: [span(traceId, { name: "only one", start: Date.now() - 1000, took: 5 })] }));
  // On a page of its own: the browser notes the refusal on its console.
  const other = await browser.open(`${clew.http}/t/${traceId}`);
  await other.getByRole("link", { name: "Compare" }).click();
  await other.getByRole("heading", { name: "There is nothing to compare with" }).waitFor();
  await other.context().close();
});

test("siblings that repeat have one line until they are opened", async () => {
  const traceId = newTraceId();
  const root = newSpanId();
  const start = Date.now() - 5000;
  const queries = Array.from({ length: 60 }, (_, index) => span(traceId, { parent: root, name: "SELECT item", start: start + index * 10, took: 5 }));
  await send(clew, "traces", tracesOf({ shop: [span(traceId, { id: root, name: "list items", start, took: 700 }), ...queries] }));
  await page.goto(`${clew.http}/t/${traceId}`);
  const treeOf = (rows) => page.locator(`[role=treegrid][aria-rowcount="${rows}"]`);
  await page.getByRole("button", { name: "Repeats folded" }).waitFor();
  await treeOf(2).waitFor({ state: "attached" });
  await page.keyboard.press("r");
  await page.waitForURL((url) => url.searchParams.get("repeats") === "open");
  await treeOf(61).waitFor({ state: "attached" });
});

test("zooming leaves a trail that leads back", async () => {
  await page.goto(`${clew.http}/t/${sent.traceId}?span=${sent.ids.charge}`);
  await page.getByRole("treegrid").waitFor({ state: "attached" });
  for (const key of ["f", "f"]) await page.keyboard.press(key);
  const trail = page.getByRole("navigation", { name: "Zoom" });
  await trail.getByRole("button", { name: "220 ms", exact: true }).first().click();
  await page.waitForURL((url) => !url.searchParams.has("w"));
});

let otlp;
let jaeger;
let incident;

test("a trace is taken away as OTLP, as Jaeger's JSON and as an incident", async () => {
  const menu = page.locator(".drop-panel", { hasText: "Download" });
  await menu.locator("summary").click();
  otlp = await downloaded(() => menu.getByRole("link", { name: "OTLP JSON" }).click());
  const spans = JSON.parse(otlp.text).resourceSpans.flatMap((resource) => resource.scopeSpans.flatMap((scope) => scope.spans));
  assert.equal(spans.length, 4);
  jaeger = await downloaded(() => menu.getByRole("button", { name: "Jaeger JSON" }).click());
  const [trace] = JSON.parse(jaeger.text).data;
  assert.equal(trace.traceID, sent.traceId);
  assert.deepEqual(Object.values(trace.processes).map((process) => process.serviceName).sort(), ["cart", "frontend", "payment"]);
  await menu.getByRole("textbox", { name: "Notes" }).fill("the bank says no");
  incident = await downloaded(() => menu.getByRole("button", { name: "Download the incident" }).click());
  assert.match(incident.name, /^incident-.*\.clew\.json$/);
  assert.ok(JSON.parse(incident.text).logs.some((log) => log.body.value === "charge refused by acme"));
});

async function openFile(name, text) {
  const path = join(folder, name);
  await writeFile(path, text);
  await page.goto(`${clew.http}/file`);
  await page.locator("input[type=file]").setInputFiles(path);
  await page.getByText("is shown from this tab").waitFor();
}

/** Lets go of a file over the page, wherever that is. */
async function dropFile(name, text) {
  const dropped = await page.evaluateHandle(
    ([name, text]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], name));
      return transfer;
    },
    [name, text],
  );
  await page.dispatchEvent("body", "drop", { dataTransfer: dropped });
  await page.getByText("is shown from this tab").waitFor();
}

for (const [kind, way, bring] of [["OTLP", "chosen", openFile], ["OTLP", "dropped", dropFile], ["Jaeger", "dropped", dropFile]]) {
  test(`a file of ${kind} is ${way} and opens, its spans with all they carry`, async () => {
    await page.goto(`${clew.http}/traces`);
    await bring(`${kind}.json`, (kind === "OTLP" ? otlp : jaeger).text);
    await page.getByText("4 spans").waitFor();
    await page.locator("body").press("e");
    await page.keyboard.press("E");
    await pane().getByRole("heading", { name: "charge card" }).waitFor();
    await pane().getByText("the card was declined: insufficient funds").first().waitFor();
    await pane().getByText("payment.provider").waitFor();
    await page.getByRole("textbox", { name: "Find spans in this trace" }).fill("payment.provider = acme");
    await page.locator(".search-count", { hasText: "1 of 1" }).waitFor();
  });
}

test("a trace out of a file is taken away again, each way the same trace, and with notes as an incident", async () => {
  await page.goto(`${clew.http}/traces`);
  await dropFile("again.json", jaeger.text);
  await page.getByText("4 spans").waitFor();
  const menu = page.locator(".drop-panel", { hasText: "Download" });
  await menu.locator("summary").click();
  const spansOf = ({ resourceSpans }) => resourceSpans.flatMap((resource) => resource.scopeSpans.flatMap((scope) => scope.spans)).map(({ spanId, parentSpanId, name, startTimeUnixNano }) => [spanId, parentSpanId ?? "", name, startTimeUnixNano]).sort();
  const asOtlp = await downloaded(() => menu.getByRole("button", { name: "OTLP JSON" }).click());
  assert.deepEqual(spansOf(JSON.parse(asOtlp.text)), spansOf(JSON.parse(otlp.text)));
  const asJaeger = await downloaded(() => menu.getByRole("button", { name: "Jaeger JSON" }).click());
  const named = (text) => JSON.parse(text).data[0].spans.map(({ spanID, operationName, duration, tags }) => [spanID, operationName, duration, tags.length]).sort();
  assert.deepEqual(named(asJaeger.text), named(jaeger.text));
  await menu.getByRole("textbox", { name: "Notes" }).fill("found on a Friday");
  const again = await downloaded(() => menu.getByRole("button", { name: "Download the incident" }).click());
  await dropFile("again.clew.json", again.text);
  await page.getByRole("region", { name: "Incident" }).getByText("found on a Friday").waitFor();
  await page.getByText("4 spans").waitFor();
});

test("an incident is opened by dropping it, with its notes and its logs", async () => {
  await page.goto(`${clew.http}/traces`);
  await dropFile("incident.clew.json", incident.text);
  await page.getByRole("region", { name: "Incident" }).getByText("the bank says no").waitFor();
  await page.getByText("Log lines around it").click();
  await page.getByText("charge refused by acme").first().waitFor();
});

test("a file that is no trace says what was expected", async () => {
  await page.goto(`${clew.http}/file`);
  const path = join(folder, "other.json");
  await writeFile(path, '{"a": 1}');
  await page.locator("input[type=file]").setInputFiles(path);
  await page.getByText("neither OTLP").waitFor();
});

test("nothing on the console, no other host asked", () => assert.deepEqual(page.misdeeds, []));
