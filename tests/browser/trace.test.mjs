// One trace: the waterfall, its keys, what a span shows, and the address as the state of it all.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Clew } from "../clients/clew.js";
import { becomes, Browser } from "./browser.mjs";
import { checkout, newSpanId, newTraceId, send, span, tracesOf } from "./traffic.mjs";

let clew;
let browser;
let earlier;
let sent;
let page;

const row = (name) => page.getByRole("row", { name, includeHidden: true });
const selected = (text) => becomes(() => page.locator('[role="row"][aria-selected="true"]').allInnerTexts(), ([row, ...others]) => others.length === 0 && text.test(row));
/** The names of the rows on display, as they are read aloud. */
const rowsOf = (shown) => shown.getByRole("row", { includeHidden: true }).allInnerTexts();
const named = async (shown) => (await rowsOf(shown)).map((text) => text.split(",")[0]);
/** A number for the picture: the same for the same one. */
const drawn = (shown) =>
  shown.locator(".waterfall-stage canvas").first().evaluate((canvas) => {
    if (canvas.width === 0 || canvas.height === 0) return 0;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return new Uint32Array(data.buffer).reduce((hash, pixel) => Math.imul(hash ^ pixel, 0x01000193) >>> 0, 0x811c9dc5);
  });
const pane = () => page.getByRole("complementary", { name: "Span" });

before(async () => {
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
});

test("the tree reads as it is drawn", async () => {
  await becomes(() => named(page), ["frontend POST /checkout", "cart load cart", "payment pay", "payment charge card"]);
  await becomes(async () => (await rowsOf(page))[3], /error/);
  await becomes(() => page.getByRole("row", { includeHidden: true }).evaluateAll((all) => all.map((one) => one.getAttribute("aria-level"))), ["1", "2", "2", "3"]);
});

test("the canvas shows bars", async () => {
  const colours = () =>
    page.locator(".waterfall-stage canvas").first().evaluate((canvas) => {
      if (canvas.width === 0 || canvas.height === 0) return 0;
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    });
  await becomes(colours, (count) => count > 20);
});

test("what the pointer rests on is told in a few words", async () => {
  await page.locator(".waterfall-box").hover({ position: { x: 990, y: 28 + 3 * 24 + 12 } });
  await becomes(() => page.locator(".span-tip").innerText(), /charge card[\s\S]*100 ms[\s\S]*Events\s+1[\s\S]*Log lines\s+1[\s\S]*Links\s+1[\s\S]*Failed/);
  await page.mouse.move(2, 2);
  await page.locator(".span-tip").waitFor({ state: "detached" });
});

test("keys move the selection, and the address follows", async () => {
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await selected(/load cart/);
  await page.waitForURL(`**span=${sent.ids.cart}**`);
  await page.keyboard.press("e");
  await selected(/charge card/);
  await page.keyboard.press("{");
  await selected(/payment pay/);
  await page.keyboard.press("}");
  await selected(/charge card/);
});

test("a span shows its attributes, its exception, its link and its log line", async () => {
  await pane().getByRole("heading", { name: "charge card" }).waitFor();
  await pane().getByText("payment.provider").waitFor();
  await pane().getByText("129.95").waitFor();
  await pane().getByText("CardDeclined", { exact: true }).waitFor();
  await pane().getByText("the card was declined: insufficient funds").waitFor();
  await pane().getByText("at charge (pay.js:17:9)").waitFor();
  await pane().getByText("declined", { exact: true }).waitFor();
  await pane().getByText(`trace ${earlier.traceId}`).waitFor();
  await pane().getByText(`span ${earlier.ids.root}`).waitFor();
  await pane().getByText("charge refused by acme").waitFor();
});

test("attributes are found, and filter the list of traces", async () => {
  await pane().getByPlaceholder("Find in attributes").fill("provider");
  await pane().getByText("payment.amount").waitFor({ state: "detached" });
  const filter = () => pane().getByRole("link", { name: "Filter by payment.provider" }).getAttribute("href");
  await becomes(async () => new URL(await filter(), clew.http).searchParams.get("q"), 'payment.provider = "acme"');
});

test("events are listed with their time", async () => {
  await page.keyboard.press("Escape");
  await page.locator(".pane-head").click();
  await page.keyboard.press("{");
  await page.keyboard.press("[");
  await selected(/load cart/);
  await pane().getByText("cache missed").waitFor();
  await pane().getByText("+15.0 ms").waitFor();
});

test("search inside counts, marks and goes to matches", async () => {
  await page.keyboard.press("/");
  await page.keyboard.type("payment");
  await page.locator(".search-count", { hasText: /^2$/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.waitForURL((url) => url.searchParams.get("find") === null);
  await page.keyboard.press("/");
  await page.keyboard.type("charge");
  await page.keyboard.press("Enter");
  await page.getByText("1 of 1").waitFor();
  await page.waitForURL(`**span=${sent.ids.charge}**`);
});

test("zoom and folds are in the address, and a reload shows the same", async () => {
  await page.locator("body").click({ position: { x: 2, y: 500 } });
  for (const key of ["f", "f", "w", "w"]) await page.keyboard.press(key);
  await page.keyboard.press("{");
  await page.keyboard.press("c");
  await page.waitForURL((url) => ["w", "fold", "find", "span"].every((name) => url.searchParams.has(name)));
  const fresh = await browser.open(page.url());
  await fresh.getByRole("treegrid").and(fresh.locator('[aria-rowcount="3"]')).waitFor({ state: "attached" });
  await becomes(async () => [fresh.url(), await drawn(fresh)], async ([address, picture]) => address === page.url() && picture === (await drawn(page)));
  assert.deepEqual(fresh.misdeeds, []);
  await fresh.context().close();
});

const tree = (shown, rows) => shown.locator(`[role=treegrid][aria-rowcount="${rows}"]`).waitFor({ state: "attached" });

test("spans are hidden, all alike or all but one, and taken back one by one; the address has it", async () => {
  await page.goto(`${clew.http}/t/${sent.traceId}?span=${sent.ids.cart}`);
  await tree(page, 4);
  await page.keyboard.press("h");
  await tree(page, 3);
  await becomes(() => named(page), ["frontend POST /checkout", "payment pay", "payment charge card"]);
  await selected(/payment pay/); // what came after it
  await page.getByRole("group", { name: "In the waterfall" }).getByRole("button", { name: "Only this" }).click();
  await tree(page, 2);
  await page.waitForURL((url) => url.searchParams.get("cut") === `hide.${sent.ids.cart},only.${sent.ids.pay}` && url.searchParams.has("w"));
  await page.getByRole("status", { name: "Hidden spans" }).getByText("2 hidden").waitFor();
  const fresh = await browser.open(page.url());
  await tree(fresh, 2);
  await becomes(() => fresh.getByRole("row", { includeHidden: true }).evaluateAll((all) => all.map((one) => one.getAttribute("aria-level"))), ["1", "2"]);
  await fresh.getByRole("button", { name: "Undo", exact: true }).click();
  await tree(fresh, 3);
  await fresh.waitForURL((url) => !url.searchParams.has("w"));
  await fresh.keyboard.press("u");
  await tree(fresh, 4);
  await fresh.waitForURL((url) => !url.searchParams.has("cut"));
  await fresh.context().close();
  await page.keyboard.press("U");
  await tree(page, 4);
});

test("a span that is gone to is there again, and nothing cannot be left", async () => {
  await page.goto(`${clew.http}/t/${sent.traceId}?span=${sent.ids.charge}`);
  await tree(page, 4);
  await page.keyboard.press("h");
  await tree(page, 3);
  await page.keyboard.press("e"); // the only error is hidden: nothing to go to
  await page.goto(`${clew.http}/t/${sent.traceId}?span=${sent.ids.charge}&cut=hide.${sent.ids.pay}`);
  await selected(/charge card/);
  await tree(page, 4);
  await page.goto(`${clew.http}/t/${sent.traceId}?span=${sent.ids.root}`);
  await tree(page, 4);
  await page.keyboard.press("h");
  await page.getByText("That would leave nothing to see").waitFor();
  await tree(page, 4);
});

test("spans are found by a condition on attributes, and a faulty one is explained", async () => {
  await page.goto(`${clew.http}/t/${sent.traceId}`);
  await tree(page, 4);
  const search = page.getByRole("textbox", { name: "Find spans in this trace" });
  await search.fill("payment.amount > 100");
  await page.locator(".search-count", { hasText: /^1$/ }).waitFor();
  await search.press("Enter");
  await selected(/charge card/);
  await search.fill("payment.amount > > 100");
  await page.getByRole("search", { name: "This trace" }).getByRole("alert").waitFor();
  await search.press("Escape");
});

test("a link leads to the other trace, and back leads back", async () => {
  await page.goto(`${clew.http}/t/${sent.traceId}?span=${sent.ids.charge}`);
  await pane().getByText(`trace ${earlier.traceId}`).click();
  await page.waitForURL(`**/t/${earlier.traceId}?span=${earlier.ids.root}`);
  await pane().getByRole("heading", { name: "POST /checkout" }).waitFor();
  await page.goBack();
  await page.waitForURL(`**/t/${sent.traceId}**`);
  await pane().getByRole("heading", { name: "charge card" }).waitFor();
});

test("any spelling of the id opens the trace", async () => {
  const id = sent.traceId;
  for (const spelling of [id.toUpperCase(), `1-${id.slice(0, 8)}-${id.slice(8)}`, `00-${id}-${sent.ids.pay}-01`]) {
    await page.goto(`${clew.http}/t/${spelling}`);
    await page.waitForURL(`**/t/${id}**`);
    await page.getByRole("heading", { name: "POST /checkout" }).waitFor();
  }
});

test("a trace nobody has says so and offers ways on", async () => {
  const fresh = await browser.open(`${clew.http}/t/${newTraceId()}`);
  await fresh.getByText("No span of this trace is stored").waitFor();
  await fresh.getByRole("link", { name: "Recent traces" }).waitFor();
  await fresh.context().close();
});

test("orphans hang under a parent that is named as missing", async () => {
  const traceId = newTraceId();
  const missing = newSpanId();
  const start = Date.now() - 5000;
  await send(clew, "traces", tracesOf({ worker: [span(traceId, { parent: missing, name: "step one", start, took: 10 }), span(traceId, { parent: missing, name: "step two", start: start + 20, took: 10 })] }));
  const fresh = await browser.open(`${clew.http}/t/${traceId}`);
  await becomes(() => named(fresh), ["worker parent not received", "worker step one", "worker step two"]);
  await fresh.keyboard.press("j");
  await fresh.getByText("name a parent that clew has not received").waitFor();
  await fresh.context().close();
});

test("a trace on display grows when more of its spans arrive", async () => {
  const traceId = newTraceId();
  const root = newSpanId();
  const start = Date.now() - 1000;
  const fresh = await browser.open(`${clew.http}/t/${traceId}`);
  await fresh.getByText("No span of this trace is stored").waitFor();
  await send(clew, "traces", tracesOf({ api: [span(traceId, { id: root, name: "whole", start, took: 500 })] }));
  await fresh.getByText("1 span", { exact: true }).waitFor();
  await send(clew, "traces", tracesOf({ store: [span(traceId, { parent: root, name: "part", start: start + 10, took: 50 })] }));
  await fresh.getByText("2 spans", { exact: true }).waitFor();
  await fresh.context().close();
});

test("nothing on the console but the condition that was refused, no other host asked", () =>
  assert.deepEqual(page.misdeeds.filter((misdeed) => !/status of 400/.test(misdeed)), []));
