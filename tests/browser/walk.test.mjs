// One walk through the whole page, as a newcomer would go, with an application that OpenTelemetry's own SDK instruments: land, send a
// trace, find out why requests were slow, follow one to its waterfall, its log and its error, keep the question on a board, watch it, share
// the link. All the way long tasks are counted and told: how long they are belongs to the machine as much as to the page.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { Clew } from "../clients/clew.js";
import { visitBookshop } from "./bookshop_traffic.mjs";
import { becomes, Browser, dragOver, pressInTurn, sizeOf } from "./browser.mjs";
import { longTasks, watchLongTasks } from "./long_tasks.mjs";

let clew;
let browser;
let page;

before(async () => {
  [clew, browser] = await Promise.all([Clew.start(), Browser.start()]);
});
after(async () => {
  await browser?.stop();
  await clew?.stop();
});

test("land on an empty page, send what it says, and the trace opens", async () => {
  page = await browser.open(`${clew.http}/`, { prepare: watchLongTasks });
  await page.getByRole("tab", { name: "curl" }).click();
  const line = await becomes(() => page.getByRole("tabpanel").locator("pre").innerText(), /^curl /);
  execFileSync("sh", ["-c", line], { stdio: "ignore" });
  await page.waitForURL("**/t/**");
});

test("a bookshop opens, and some of its visitors wait", async () => {
  const tenants = Array.from({ length: 90 }, (_, index) => (index % 6 === 0 ? "acme" : `tenant-${index % 5}`));
  await visitBookshop(clew, tenants, 30);
  await pressInTurn(page, "g q");
  await page.getByRole("button", { name: /How are durations spread/ }).click();
  const plot = page.locator(".heatmap-plot");
  const { width, height } = await sizeOf(plot);
  // The slowest fifth, to the right end: all of it has just happened.
  await dragOver(plot, [66, 8], [width - 5, 6 + (height - 28) * 0.2]);
});

test("what the slow ones have in common: a table that is read as a whole", async () => {
  const plan = page.getByRole("region", { name: "db.plan", exact: true });
  await plan.waitFor();
  await plan.getByRole("button", { name: /^sequential scan .* of the selection,\s+0(\.\d+)? % of the rest$/ }).click();
  await page.getByRole("menuitem", { name: /Filter to this/ }).click();
  await page.waitForURL((url) => /WHERE db.plan = "sequential scan"$/.test(url.searchParams.get("q") ?? ""));
  await page.getByText(/looked at/).waitFor();
});

let trace;

test("a row of the answer leads to the traces behind it, and one of them opens", async () => {
  await page.goto(`${clew.http}/q?q=${encodeURIComponent('MAX(duration_ms) WHERE db.plan = "sequential scan" GROUP BY root.app.tenant, db.query.text')}`);
  await page.getByRole("region", { name: "The answer as a table" }).getByRole("link", { name: "traces" }).first().click();
  await page.waitForURL("**/traces?q=**");
  await page.getByRole("link", { name: "GET /books" }).first().click();
  await page.waitForURL("**/t/**");
  await page.locator('[role=treegrid][aria-rowcount="4"]').waitFor({ state: "attached" });
  trace = new URL(page.url()).pathname.split("/").at(-1);
});

const pane = () => page.getByRole("complementary", { name: "Span" });

test("the waterfall shows where it waited, and what was logged there", async () => {
  // The last error is the one that caused the others. A trace that still grows may be drawn anew under the key.
  const cause = pane().getByRole("heading", { name: "SELECT books" });
  for (let tries = 0; tries < 20 && !(await cause.isVisible()); ++tries) {
    await page.keyboard.press("E");
    await cause.waitFor({ timeout: 3000 }).catch(() => {});
  }
  await cause.waitFor();
  await pane().getByText("sequential scan").waitFor();
  await pane().getByText("no index on title for acme, reading the whole table").waitFor();
  await pane().getByRole("link", { name: /^\d\d:\d\d:\d\d/ }).click();
  await page.waitForURL((url) => url.pathname === "/logs" && url.searchParams.get("trace") === trace);
  await page.getByText("no index on title for acme, reading the whole table").first().waitFor();
  await page.goBack();
  await pane().getByRole("heading", { name: "SELECT books" }).waitFor();
});

test("its exception leads to this very occurrence of the error, with all the others", async () => {
  await pane().getByText("StatementTimeout", { exact: true }).waitFor();
  await pane().getByRole("link", { name: "the error" }).click();
  await page.waitForURL((url) => /^\/errors\/\d+$/.test(url.pathname) && url.searchParams.has("occurrence"));
  await page.getByText("gave up after 1.2 s").first().waitFor();
});

const question = 'COUNT WHERE db.plan = "sequential scan" GROUP BY root.app.tenant';

test("the question is kept on a board for everybody", async () => {
  await page.goto(`${clew.http}/q?q=${encodeURIComponent(question)}`);
  await page.getByRole("button", { name: "acme" }).first().waitFor();
  await page.getByRole("button", { name: "Save to a board" }).click();
  await page.getByRole("menuitem", { name: "A new board" }).click();
  await page.waitForURL("**/board/**");
  const name = page.getByRole("textbox", { name: "Name of the board" });
  await name.fill("Why searches wait");
  await name.press("Tab");
  const id = new URL(page.url()).pathname.split("/").at(-1);
  await becomes(async () => (await clew.ask(`/boards/${id}`)).name, "Why searches wait");
});

test("and watched: the trigger sees at once what is the matter", async () => {
  await page.goto(`${clew.http}/q?q=${encodeURIComponent(question)}`);
  await page.getByRole("link", { name: "Alert on this" }).click();
  const form = page.getByRole("form", { name: "New trigger" });
  await form.getByLabel("Name").fill("Whole tables are read");
  await form.getByLabel("Threshold", { exact: true }).fill("0.5");
  await form.getByRole("button", { name: "Save" }).click();
  const row = page.getByRole("row").filter({ hasText: "Whole tables are read" });
  await row.getByText("triggered").waitFor({ timeout: 60_000 });
});

test("whoever opens the links sees the same", async () => {
  await page.goto(`${clew.http}/boards`);
  await page.getByRole("link", { name: /Why searches wait/ }).click();
  await page.locator(".question-panel canvas").waitFor();
  const other = await browser.open(page.url(), { colorScheme: "dark" });
  await other.locator(".question-panel canvas").waitFor();
  await becomes(() => other.getByRole("textbox", { name: "Name of the board" }).inputValue(), "Why searches wait");
  await page.goto(`${clew.http}/t/${trace}`);
  await page.locator('[role=treegrid][aria-rowcount="4"]').waitFor({ state: "attached" });
  await page.keyboard.press("E");
  await page.keyboard.press("o");
  await page.waitForURL((url) => url.searchParams.has("cut") && url.searchParams.has("span"));
  await other.goto(page.url());
  await other.locator('[role=treegrid][aria-rowcount="1"]').waitFor({ state: "attached" });
  await other.getByRole("complementary", { name: "Span" }).getByRole("heading", { name: "SELECT books" }).waitFor();
  assert.deepEqual([...page.misdeeds, ...other.misdeeds], []);
  await other.context().close();
});

test("nothing kept the page from answering for long", async (context) => {
  const tasks = await longTasks(page);
  context.diagnostic(tasks.length === 0 ? "no task over 50 ms" : tasks.map(({ path, took }) => `${took} ms at ${path}`).join(", "));
});
