// Traces, a trace, the map, logs and errors on a small telephone, a small screen, one at 200 % and a very wide one: nothing is lost at the
// side, what matters is in sight, and on the telephone and at 200 % too nothing is wrong for people who use other senses or other means.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { Clew } from "../clients/clew.js";
import { atRest, becomes, Browser } from "./browser.mjs";
import { checkout, send } from "./traffic.mjs";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const screens = [
  { width: 360, height: 740, colorScheme: "dark", isScanned: true },
  { width: 640, height: 400, deviceScaleFactor: 2, colorScheme: "light", isScanned: true }, // 1280 by 800 at 200 %
  { width: 1280, height: 800, colorScheme: "light" },
  { width: 3840, height: 2160, colorScheme: "dark" },
];

let clew;
let browser;
let earlier;
let sent;

before(async () => {
  [clew, browser] = await Promise.all([Clew.start(), Browser.start()]);
  earlier = checkout();
  sent = checkout({ linkedTo: earlier });
  for (const { traces } of [earlier, sent]) await send(clew, "traces", traces);
  await send(clew, "logs", sent.logs);
});
after(async () => {
  await browser?.stop();
  await clew?.stop();
});

/** What has to be in sight as a whole, apart from what scrolls inside of the page. */
const views = [
  { name: "traces", path: () => "/traces", shown: (page) => [page.getByRole("heading", { name: "Traces" }), page.getByRole("link", { name: "POST /checkout" }).first(), page.locator(".trace-columns .error-mark").first()] },
  { name: "the map", path: () => "/map", shown: (page) => [page.getByRole("heading", { name: "Map" }), page.locator(".map"), page.getByText("The same as tables")] },
  { name: "a waterfall", path: () => `/t/${sent.traceId}?span=${sent.ids.charge}`, shown: (page) => [page.getByRole("heading", { name: "POST /checkout" }), page.locator(".waterfall"), page.getByRole("complementary", { name: "Span" }).getByRole("heading", { name: "charge card" })] },
  { name: "a flame graph", path: () => `/t/${sent.traceId}?view=flame`, shown: (page) => [page.getByRole("img", { name: /Flame graph/ })] },
  { name: "a trace as a table", path: () => `/t/${sent.traceId}?view=table`, shown: (page) => [page.getByRole("list", { name: "Groups of spans" }).getByRole("button", { name: "charge card" })] },
  { name: "logs", path: () => "/logs", shown: (page) => [page.getByRole("heading", { name: "Logs" }), page.getByText("charge refused by acme")] },
  { name: "errors", path: () => "/errors", shown: (page) => [page.getByRole("heading", { name: "Errors" }), page.getByRole("link", { name: /CardDeclined/ }).first()] },
  { name: "two traces", path: () => `/compare?a=${earlier.traceId}&b=${sent.traceId}`, shown: (page) => [page.getByRole("heading", { name: "Comparison" })] },
];

const isInside = (width) => (box) => box !== null && box.width > 20 && box.x >= 0 && box.x + box.width <= width + 1;

for (const { isScanned, ...screen } of screens) {
  for (const { name, path, shown } of views) {
    test(`${name} at ${screen.width} pixels, ${screen.colorScheme}`, async () => {
      const page = await browser.open(clew.http + path(), { ...screen, bypassCSP: isScanned });
      for (const element of shown(page)) await becomes(async () => (await element.waitFor(), element.boundingBox()), isInside(screen.width));
      await becomes(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
      if (isScanned) {
        await atRest(page);
        await page.addScriptTag({ path: axe });
        const found = await page.evaluate(async () => (await globalThis.axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`));
        assert.deepEqual(found, []);
      }
      assert.deepEqual(page.misdeeds, []);
      await page.context().close();
    });
  }
}

test("on a telephone the map is read from top to bottom, and a call is opened by a tap", async () => {
  const page = await browser.open(`${clew.http}/map`, { width: 360, height: 740, hasTouch: true, isMobile: true });
  const cards = page.locator(".map-card");
  await becomes(async () => (await cards.allInnerTexts()).map((text) => /(outside|frontend|cart|payment)/.exec(text)?.[0]), ["outside", "frontend", "cart", "payment"]);
  const map = page.locator(".map");
  assert.equal(await map.evaluate((box) => box.scrollWidth - box.clientWidth), 0);
  await page.getByRole("list", { name: "What frontend calls" }).getByRole("link", { name: /payment/ }).tap();
  const call = page.getByRole("complementary", { name: "Call" });
  await becomes(async () => (await call.getByRole("link", { name: "Their traces" }).waitFor(), call.boundingBox()), (box) => isInside(360)(box) && box.y + box.height <= 740);
  await becomes(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
  await call.getByRole("button", { name: "Close the call" }).tap();
  await call.waitFor({ state: "detached" });
  await page.context().close();
});

test("on a telephone a span is tapped, read and closed again", async () => {
  const page = await browser.open(`${clew.http}/t/${sent.traceId}`, { ...screens[0], isScanned: undefined, hasTouch: true, isMobile: true });
  await page.locator('[role=treegrid][aria-rowcount="4"]').waitFor({ state: "attached" });
  const box = page.locator(".waterfall-box");
  await box.tap({ position: { x: 60, y: 28 + 24 * 3 + 12 } });
  const pane = page.getByRole("complementary", { name: "Span" });
  await pane.getByRole("heading", { name: "charge card" }).waitFor();
  await pane.getByText("payment.provider").scrollIntoViewIfNeeded();
  await pane.getByRole("button", { name: "Close the span" }).tap();
  await pane.waitFor({ state: "detached" });
  await page.context().close();
});
