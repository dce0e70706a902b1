// The other views, as a person walks through them, with a shop's traffic behind them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Clew } from "../clients/clew.js";
import { Exporter } from "../../examples/shop/otlp.mjs";
import { visit } from "../../examples/shop/shop.mjs";
import { becomes, Browser, dragOver, pressInTurn, sizeOf } from "./browser.mjs";
import { checkout, send } from "./traffic.mjs";

let clew;
let browser;
let page;
let failed;
let visits;

before(async () => {
  [clew, browser] = await Promise.all([Clew.start(), Browser.start()]);
  const now = Date.now();
  visits = Array.from({ length: 120 }, (_, index) => visit(now - 5000 - index * 20_000));
  const exporter = new Exporter(clew.http);
  await exporter.send("traces", visits.flatMap((one) => one.spans));
  const logs = visits.flatMap((one) => one.logs);
  if (logs.length > 0) await exporter.send("logs", logs);
  failed = checkout();
  await send(clew, "traces", failed.traces);
  await send(clew, "logs", failed.logs);
  page = await browser.open(`${clew.http}/`);
});
after(async () => {
  await browser?.stop();
  await clew?.stop();
});

test("home tells what is stored and shows the newest failures", async () => {
  await page.getByText("Newest failures").waitFor();
  await page.getByRole("link", { name: "POST /checkout" }).first().waitFor();
});

test("services, with their rate, errors and durations", async () => {
  await pressInTurn(page, "g s");
  await page.waitForURL("**/services");
  const row = page.getByRole("row").filter({ hasText: "payment" });
  await becomes(() => row.first().innerText(), /\d.*(\/s|\/min|\/h)[\s\S]*%[\s\S]*(ms|µs|s)/);
  await page.locator(".spark").first().waitFor();
});

test("the map draws who calls whom, with numbers, and leads to the traces of a node", async () => {
  await pressInTurn(page, "g m");
  await page.waitForURL("**/map");
  await page.getByRole("link", { name: /^payment p50 .*(\/s|\/min|\/h)/ }).waitFor();
  const database = page.getByRole("link", { name: /^shop p50/ });
  await database.press("Enter"); // reachable by keyboard
  await page.waitForURL("**/traces?q=**db.namespace**");
  await page.getByText(/^(newest 200 of|all) \d+ in the last hour$/).waitFor();
});

test("a call on the map tells how long it took, and leads to the traces behind, in the time and with the filter that were chosen", async () => {
  const filter = "http.response.status_code >= 200";
  await page.goto(`${clew.http}/map?from=now-6h&q=${encodeURIComponent(filter)}`);
  await page.getByTitle(/^checkout to payment: \d/).click();
  const call = page.getByRole("complementary", { name: "Call" });
  await call.getByRole("heading", { name: "checkout to payment" }).waitFor();
  const all = Number(/^\d+/.exec(await becomes(() => call.getByRole("status").innerText(), /^\d+ calls?$/))[0]);
  const bars = call.locator(".time-bars");
  const { width, height } = await sizeOf(bars);
  await dragOver(bars, [width / 2, height / 2], [width - 2, height / 2]);
  await page.waitForURL((url) => url.searchParams.has("min") && url.searchParams.has("max"));
  await becomes(() => call.getByRole("status").innerText(), (text) => /^\d+ calls? selected$/.test(text) && parseInt(text, 10) < all);
  await page.reload(); // all of it is in the address
  await call.getByRole("button", { name: "All response times" }).click();
  await page.keyboard.press("Escape");
  await call.waitFor({ state: "detached" });
  await page.goBack();
  await call.getByRole("link", { name: "Their traces" }).click();
  await page.waitForURL((url) => url.pathname === "/traces" && url.searchParams.get("from") === "now-6h" && url.searchParams.get("service") === "payment" && url.searchParams.get("q") === `${filter} AND parent.service.name = "checkout"`);
  await page.getByText(/in the last 6 hours$/).waitFor();
  await page.getByRole("link", { name: "POST /checkout" }).first().waitFor();
});

test("a table has the numbers of the map, and nodes are found by name", async () => {
  await page.goto(`${clew.http}/map`);
  await page.getByText("The same as tables").click();
  const calls = page.getByRole("table", { name: "Calls" });
  await becomes(() => calls.getByRole("row").filter({ hasText: "storefront" }).first().innerText(), /storefront[\s\S]*ms[\s\S]*%/);
  await page.getByRole("searchbox", { name: "Find a node" }).fill("payment");
  await page.waitForURL("**/map?find=payment");
  await page.getByText(/^\d services (and|in)/).waitFor();
  await page.goto(`${clew.http}/map?q=${encodeURIComponent('name = "no such thing"')}`);
  await page.getByText(/Nothing that matches took part/).waitFor();
  await page.goto(`${clew.http}/services`);
});

test("a click on a service shows its traces", async () => {
  await page.getByRole("link", { name: "cart" }).first().click();
  await page.waitForURL("**/traces?service=cart**");
  await page.getByText(/in the last hour/).waitFor();
});

test("the list says how many there are in all", async () => {
  await page.goto(`${clew.http}/traces?limit=50`);
  await page.getByText(/^newest 50 of \d+ in the last hour$/).waitFor();
});

test("a condition finds the one trace", async () => {
  const filter = page.getByRole("combobox", { name: "Filter traces" });
  await filter.fill('payment.provider = "acme"');
  await filter.press("Escape");
  await filter.press("Enter");
  await page.getByText("1 in the last hour", { exact: true }).waitFor();
  await page.getByRole("link", { name: "POST /checkout" }).click();
  await page.waitForURL(`**/t/${failed.traceId}**`);
  await page.goBack();
  await page.getByText("1 in the last hour", { exact: true }).waitFor();
});

test("a faulty condition is explained", async () => {
  const filter = page.getByRole("combobox", { name: "Filter traces" });
  await filter.fill("payment.provider = = 3");
  await filter.press("Escape");
  await filter.press("Enter");
  await page.getByRole("alert").waitFor();
});

test("errors only, and no faster than", async () => {
  await page.goto(`${clew.http}/traces?errors=1&min=1ms`);
  await page.getByText(/in the last hour/).waitFor();
  await page.getByRole("button", { name: "Errors only", pressed: true }).waitFor();
  await page.getByRole("link", { name: "POST /checkout" }).first().waitFor();
  await page.getByRole("textbox", { name: "Largest duration" }).fill("0.01 ms");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.searchParams.get("max") === "0.01 ms" && url.searchParams.get("min") === "1ms");
  await page.getByText(/No trace matches the filter/).waitFor();
});

test("an empty list says why and offers the click that changes it", async () => {
  await page.goto(`${clew.http}/traces?q=${encodeURIComponent('name = "no such thing"')}`);
  await page.getByText(/No trace matches the filter/).waitFor();
  await page.getByRole("button", { name: "Remove the filter" }).click();
  await page.getByText(/^(newest 200 of|all) \d+ in the last hour$/).waitFor();
});

test("names and values are completed from the data", async () => {
  await page.goto(`${clew.http}/traces`);
  const filter = page.getByRole("combobox", { name: "Filter traces" });
  await filter.pressSequentially("service.na");
  await page.getByRole("option", { name: "service.name" }).waitFor();
  await filter.press("Tab");
  await filter.pressSequentially("= pay");
  await page.getByRole("option", { name: '"payment"' }).waitFor();
  await filter.press("ArrowDown");
  await filter.press("Enter");
  await filter.press("Escape");
  await filter.press("Enter");
  await page.waitForURL((url) => url.searchParams.get("q") === 'service.name = "payment"');
});

test("the list grows by itself while it is live", async () => {
  const another = checkout();
  await page.goto(`${clew.http}/traces?q=${encodeURIComponent(`trace.trace_id = "${another.traceId}"`)}`);
  await page.getByText(/No trace matches/).waitFor();
  await send(clew, "traces", another.traces);
  await page.getByRole("link", { name: "POST /checkout" }).waitFor();
});

test("a question is answered with lines and a table", async () => {
  await pressInTurn(page, "g q");
  await page.waitForURL("**/q");
  const question = page.getByRole("combobox", { name: "Question" });
  await question.fill("COUNT, P95(duration_ms) GROUP BY service.name");
  await question.press("Escape");
  await question.press("Enter");
  await page.getByRole("cell", { name: "payment", exact: true }).waitFor();
  await becomes(() => page.locator(".panel canvas").count(), 2);
  await page.getByText(/looked at/).waitFor();
});

test("the question is in the address and in the history", async () => {
  await page.reload();
  await page.getByRole("cell", { name: "payment", exact: true }).waitFor();
  const address = page.url();
  await page.getByRole("main").getByRole("link", { name: "History" }).click();
  await page.getByRole("link", { name: /^COUNT, P95\(duration_ms\) GROUP BY service.name/ }).first().click();
  await page.getByText(/As it was at/).waitFor();
  await page.goto(address);
  await page.getByRole("cell", { name: "payment", exact: true }).waitFor();
});

test("from a row of the table to its traces", async () => {
  const row = page.getByRole("row").filter({ hasText: "payment" });
  await row.getByRole("link", { name: "traces" }).click();
  await page.waitForURL((url) => url.pathname === "/traces" && url.searchParams.get("q") === 'service.name = "payment"');
  await page.getByText(/in the last hour/).waitFor();
});

test("log lines, filtered, opened, and joined to their trace", async () => {
  await page.goto(`${clew.http}/logs`);
  await page.getByText("charge refused by acme").first().waitFor();
  await page.getByRole("button", { name: "Errors", exact: true }).click();
  await page.waitForURL("**q=severity+%3D+error**");
  await page.getByText("charge refused by acme").first().click();
  await page.getByRole("complementary", { name: "Log record" }).getByText("attempt").waitFor();
  await page.getByRole("link", { name: `trace ${failed.traceId}` }).click();
  await page.waitForURL(`**/t/${failed.traceId}?span=${failed.ids.charge}`);
});

test("arrivals name the senders", async () => {
  await page.goto(`${clew.http}/arrivals`);
  await page.getByRole("heading", { name: "Senders" }).waitFor();
  await page.getByRole("cell", { name: "127.0.0.1", exact: true }).first().waitFor();
});

test("every key is listed", async () => {
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).getByText("open a trace by id").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog", { name: "Keys" }).waitFor({ state: "detached" });
});

test("a pasted log line opens its trace", async () => {
  await page.keyboard.press(":");
  await page.keyboard.type(`level=error trace_id=${failed.traceId} msg="boom"`);
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/t/${failed.traceId}`);
});

test("light and dark differ, and the choice is kept", async () => {
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.getByRole("button", { name: "Use dark colours" }).click();
  await becomes(ground, (colour) => colour !== light);
  await page.reload();
  await page.getByRole("button", { name: "Use light colours" }).waitFor();
});

test("every view survives a reload in a fresh profile", async () => {
  for (const path of ["/", "/services?from=now-6h", "/map?find=cart", "/traces?errors=1", "/q?q=COUNT&from=now-15m", "/logs?service=payment", "/xray?min=5ms", "/xray/rules?edit=Default", "/xray/groups?new=1", "/arrivals", "/boards", "/history", "/settings"]) {
    const fresh = await browser.open(`${clew.http}${path}`);
    await fresh.locator("main :is(h1, h2, dl)").first().waitFor();
    // A question's address names its answer as soon as there is one.
    await becomes(() => fresh.url().replace(/&answer=\w+$/, ""), `${clew.http}${path}`);
    assert.deepEqual(fresh.misdeeds, [], path);
    await fresh.context().close();
  }
});

test("nothing on the console but the refusal that was asked for, no other host asked", () => {
  const unexpected = page.misdeeds.filter((misdeed) => !/status of 400/.test(misdeed));
  assert.deepEqual(unexpected, []);
});
