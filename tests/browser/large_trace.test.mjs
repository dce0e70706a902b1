// Ten thousand spans: all of them are there, and only those in sight cost anything. How long things take is told, not
// held against a limit: that belongs to the machine as much as to the page (page_figures.mjs measures on a quiet one).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Clew } from "../clients/clew.js";
import { becomes, Browser } from "./browser.mjs";
import { frameCosts } from "./frame_costs.mjs";
import { largeTrace, send, tracesOf } from "./traffic.mjs";

const count = 10_000;
// Rows of the list beside the picture, on a screen of 900 pixels.
const mostRowsWritten = 60;

let clew;
let browser;
let sent;
let page;

before(async () => {
  [clew, browser] = await Promise.all([Clew.start(), Browser.start()]);
  sent = largeTrace(count);
  for (let from = 0; from < count; from += 2000) await send(clew, "traces", tracesOf({ catalogue: sent.spans.slice(from, from + 2000) }));
});
after(async () => {
  await browser?.stop();
  await clew?.stop();
});

test(`${count} spans open`, async (context) => {
  const begin = performance.now();
  page = await browser.open(`${clew.http}/t/${sent.traceId}?repeats=open`, { motion: true });
  await page.getByRole("row", { includeHidden: true }).first().waitFor({ state: "attached" });
  context.diagnostic(`opened in ${(performance.now() - begin).toFixed(0)} ms`);
  await page.getByText("10,000 spans").waitFor();
  await page.locator(`[role=treegrid][aria-rowcount="${count}"]`).waitFor({ state: "attached" });
});

test("scrolling, zooming and pointing draw what is in sight", async (context) => {
  const costs = await page.evaluate(frameCosts);
  for (const [what, { median, p95 }] of Object.entries(costs)) {
    context.diagnostic(`${what}: ${median.toFixed(2)} ms a frame, 95th percentile ${p95.toFixed(2)} ms`);
  }
  const rows = page.getByRole("row", { includeHidden: true });
  await becomes(() => rows.first().getAttribute("aria-rowindex"), (index) => Number(index) > 1);
  await becomes(() => rows.count(), (written) => written > 0 && written <= mostRowsWritten);
});

test("search answers as it is typed", async (context) => {
  const begin = performance.now();
  await page.locator(".trace-search input").fill("batch");
  await page.locator(".search-count", { hasText: /^200$/ }).waitFor();
  context.diagnostic(`found in ${(performance.now() - begin).toFixed(0)} ms`);
});

test("the next error, and the whole trace again", async () => {
  await page.locator(".trace-search input").press("Escape");
  await page.locator("body").click({ position: { x: 2, y: 500 } });
  await page.keyboard.press("e");
  await page.getByRole("complementary", { name: "Span" }).getByText("conflict").waitFor();
  await page.keyboard.press("f");
  await page.keyboard.press("f");
  await page.waitForURL((url) => url.searchParams.has("w"));
  await page.keyboard.press("0");
  await page.waitForURL((url) => !url.searchParams.has("w"));
});

test("with the keys down to a microsecond, where a text is still found and an error gone to, and back to the whole", async () => {
  const width = () => {
    const [from, to] = (new URL(page.url()).searchParams.get("w") ?? "").split("-").map(Number);
    return to - from;
  };
  for (let press = 0; press < 18; press++) await page.keyboard.press("Shift+KeyW");
  await becomes(width, (nanoseconds) => nanoseconds <= 1000);
  await page.keyboard.press("/");
  await page.keyboard.type("store item 3");
  await page.locator(".search-count", { hasText: /\d/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".search-count", { hasText: /of/ }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator("body").click({ position: { x: 2, y: 500 } });
  await page.keyboard.press("e");
  await page.locator('[role="row"][aria-selected="true"]').filter({ hasText: "error" }).waitFor({ state: "attached" });
  await page.keyboard.press("0");
  await page.waitForURL((url) => !url.searchParams.has("w"));
});

test("nothing on the console, no other host asked", () => assert.deepEqual(page.misdeeds, []));
