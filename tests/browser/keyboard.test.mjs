// Everything with the keyboard alone, and as it is read aloud: from the landing page to a trace, through its pictures, to the error of a span,
// and from a call of the map to the traces behind it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Clew } from "../clients/clew.js";
import { becomes, Browser, pressInTurn } from "./browser.mjs";
import { checkout, send } from "./traffic.mjs";

let clew;
let browser;
let page;
let sent;

const press = (key) => page.keyboard.press(key);
/** Tab after Tab, as somebody would who listens to what has the focus. */
async function tabTo(name, most = 80) {
  for (let step = 0; step < most; step++) {
    const told = await page.evaluate(() => {
      const { activeElement: at } = document;
      return at?.getAttribute("aria-label") ?? (at?.title || at?.textContent?.trim()) ?? "";
    });
    if (name.test(told)) return;
    await press("Tab");
  }
  assert.fail(`Tab does not lead to ${name}`);
}
const rowsOf = (grid) => page.getByRole("treegrid", { name: grid, includeHidden: true }).getByRole("row", { includeHidden: true });
const selectedIn = (grid, text) => becomes(() => page.getByRole("treegrid", { name: grid, includeHidden: true }).locator('[role="row"][aria-selected="true"]').allInnerTexts(), ([row, ...others]) => row !== undefined && others.length === 0 && text.test(row));

before(async () => {
  [clew, browser] = await Promise.all([Clew.start(), Browser.start()]);
  sent = checkout();
  await send(clew, "traces", sent.traces);
  await send(clew, "logs", sent.logs);
  page = await browser.open(`${clew.http}/`);
});
after(async () => {
  await browser?.stop();
  await clew?.stop();
});

test("from the landing page to the list, and into a trace", async () => {
  await pressInTurn(page, "g t");
  await page.getByRole("list", { name: "Traces" }).waitFor();
  await press("j");
  await page.locator(".table-row.is-current").waitFor();
  await press("Enter");
  await page.waitForURL(`**/t/${sent.traceId}**`);
  await page.locator('[role=treegrid][aria-rowcount="4"]').waitFor({ state: "attached" });
});

test("the flame graph is read box by box, walked through and zoomed", async () => {
  await press("v");
  await page.waitForURL((url) => url.searchParams.get("view") === "flame");
  await becomes(() => rowsOf("Flame graph").allInnerTexts(), (rows) => rows.length === 4 && /^frontend POST \/checkout, 220 ms, 100 % of the trace, by itself 30\.0 ms/.test(rows[0]));
  await press("ArrowDown");
  await selectedIn("Flame graph", /POST \/checkout/);
  await press("ArrowDown");
  await selectedIn("Flame graph", /payment pay/);
  await press("ArrowRight");
  await selectedIn("Flame graph", /cart load cart/);
  await press("ArrowRight"); // none there
  await press("ArrowLeft");
  await selectedIn("Flame graph", /payment pay/);
  await press("j");
  await selectedIn("Flame graph", /charge card.*1 failed/);
  await press("ArrowUp");
  await selectedIn("Flame graph", /payment pay/);
  await press("Enter");
  await page.waitForURL((url) => url.searchParams.get("focus") === sent.ids.pay);
  await becomes(() => rowsOf("Flame graph").count(), 3); // what is above it, itself, and what is inside
  // Who goes to a span that is elsewhere sees it.
  await press("[");
  await selectedIn("Flame graph", /load cart/);
  await press("0");
  await page.waitForURL((url) => !url.searchParams.has("focus"));
  await becomes(() => page.getByRole("treegrid", { name: "Flame graph", includeHidden: true }).getAttribute("aria-activedescendant"), /^flame-box-\d+$/);
});

test("the table is gone through, and its line selects", async () => {
  await press("v");
  const groups = page.getByRole("list", { name: "Groups of spans" });
  await groups.getByText("charge card").waitFor();
  await press("j");
  await page.locator(".table-row.is-pointed").waitFor();
  await press("Enter");
  await becomes(() => new URL(page.url()).searchParams.get("span"), (span) => span !== sent.ids.cart && Object.values(sent.ids).includes(span));
  await press("v");
  await page.waitForURL((url) => !url.searchParams.has("view"));
});

test("an exception leads to its very error", async () => {
  await press("Escape");
  await press("e");
  await selectedIn("Spans", /charge card.*error/);
  await page.getByRole("complementary", { name: "Span" }).getByText("CardDeclined").first().waitFor();
  await press("i");
  await tabTo(/^This occurrence, and all others/);
  await press("Enter");
  await page.waitForURL((url) => /^\/errors\/\d+$/.test(url.pathname) && url.searchParams.has("occurrence"));
  await page.getByRole("heading", { name: /CardDeclined/ }).waitFor();
});

test("a call of the map is opened, part of its times selected, and its traces looked at", async () => {
  await pressInTurn(page, "g m");
  await page.getByTitle(/^frontend to payment: \d/).waitFor();
  await tabTo(/^frontend to payment: \d/);
  await press("Enter");
  const call = page.getByRole("complementary", { name: "Call" });
  await call.getByRole("img", { name: /^Response times of 1 calls/ }).waitFor();
  await tabTo(/^Shortest response time$/);
  await page.keyboard.type("200ms");
  await press("Enter");
  await call.getByText("0 calls selected").waitFor();
  await tabTo(/^Longest response time$/);
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("100ms");
  await press("Enter");
  await call.getByText("1 call selected").waitFor();
  await tabTo(/^The traces of these$/);
  await press("Enter");
  await page.waitForURL((url) => url.pathname === "/traces" && url.searchParams.get("q") === 'duration_ms >= 100 AND parent.service.name = "frontend"');
  await page.getByRole("link", { name: "POST /checkout" }).waitFor();
});

test("the keys of each picture are on the sheet, and no others", async () => {
  const sheet = page.getByRole("dialog", { name: "Keys" });
  for (const [view, own, others] of [["", "Waterfall", "Flame graph"], ["flame", "Flame graph", "Waterfall"]]) {
    await page.goto(`${clew.http}/t/${sent.traceId}?view=${view}`);
    await page.getByRole("treegrid").waitFor({ state: "attached" });
    await press("?");
    await sheet.getByRole("heading", { name: own }).waitFor();
    assert.equal(await sheet.getByRole("heading", { name: others }).count(), 0);
    await press("?");
    await sheet.waitFor({ state: "detached" });
  }
});

test("nothing on the console, no other host asked", () => assert.deepEqual(page.misdeeds, []));
