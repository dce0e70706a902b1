// One walk through the whole page, as a newcomer would go: land, send a trace, find out why requests were slow, follow one
// to its waterfall, its log and its error, keep the question on a board, share the link.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { Clew } from "../clients/clew.js";
import { Exporter } from "../../examples/shop/otlp.mjs";
import { visit } from "../../examples/shop/shop.mjs";
import { becomes, Browser, dragOver, pressInTurn, sizeOf } from "./browser.mjs";

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
  page = await browser.open(`${clew.http}/`);
  await page.getByRole("tab", { name: "curl" }).click();
  const line = await becomes(() => page.getByRole("tabpanel").locator("pre").innerText(), /^curl /);
  execFileSync("sh", ["-c", line], { stdio: "ignore" });
  await page.waitForURL("**/t/**");
});

test("a shop has been running for a while, and some of its requests are slow", async () => {
  const now = Date.now();
  const visits = Array.from({ length: 900 }, (_, index) => visit(now - 30_000 - index * 3500));
  const exporter = new Exporter(clew.http);
  for (let from = 0; from < visits.length; from += 300) {
    const some = visits.slice(from, from + 300);
    await exporter.send("traces", some.flatMap((one) => one.spans));
    await exporter.send("logs", some.flatMap((one) => one.logs));
  }
  await pressInTurn(page, "g q");
  await page.getByRole("button", { name: /How are durations spread/ }).click();
  const plot = page.locator(".heatmap-plot");
  const { width, height } = await sizeOf(plot);
  await dragOver(plot, [66, 8], [width - 18, 6 + (height - 28) * 0.2]);
});

test("what the slow ones have in common: a query that reads a whole table", async () => {
  const rows = page.getByRole("region", { name: "db.response.returned_rows" });
  await rows.waitFor();
  await rows.getByRole("button", { name: /^18211 .* of the selection,\s+0(\.\d+)? % of the rest$/ }).click();
  await page.getByRole("menuitem", { name: /Filter to this/ }).click();
  await page.waitForURL((url) => /WHERE db.response.returned_rows = 18211$/.test(url.searchParams.get("q") ?? ""));
  await page.getByText(/looked at/).waitFor();
});

test("a point leads to the trace that stands for it, and its log says why", async () => {
  await page.goto(`${clew.http}/q?q=${encodeURIComponent('MAX(duration_ms) WHERE db.response.returned_rows = 18211 GROUP BY db.query.text')}`);
  await page.getByRole("region", { name: "The answer as a table" }).getByRole("link", { name: "traces" }).first().click();
  await page.waitForURL("**/traces?q=**");
  await page.getByRole("link", { name: /GET \/products/ }).first().click();
  await page.waitForURL("**/t/**");
  await page.getByRole("row", { includeHidden: true }).first().waitFor({ state: "attached" });
  const trace = new URL(page.url()).pathname.split("/").at(-1);
  await page.goto(`${clew.http}/logs?q=${encodeURIComponent(`trace.trace_id = "${trace}"`)}`);
  await page.getByText(/no index for reviews by item/).first().waitFor();
});

test("errors are a question away, and the answer is kept on a board for everybody", async () => {
  await page.goto(`${clew.http}/q?q=${encodeURIComponent("COUNT WHERE error = true GROUP BY service.name, name")}`);
  await page.getByRole("button", { name: "checkout" }).first().waitFor();
  await page.getByRole("button", { name: "Save to a board" }).click();
  await page.getByRole("menuitem", { name: "A new board" }).click();
  await page.waitForURL("**/board/**");
  const name = page.getByRole("textbox", { name: "Name of the board" });
  await name.fill("Why checkout fails");
  await name.press("Tab");
  const id = new URL(page.url()).pathname.split("/").at(-1);
  await becomes(async () => (await clew.ask(`/boards/${id}`)).name, "Why checkout fails");
  await page.getByRole("link", { name: "Boards", exact: true }).first().click();
  await page.getByRole("link", { name: /Why checkout fails/ }).waitFor();
});

test("whoever opens the link sees the same", async () => {
  await page.getByRole("link", { name: /Why checkout fails/ }).click();
  await page.locator(".question-panel canvas").waitFor();
  const other = await browser.open(page.url(), { colorScheme: "dark" });
  await other.locator(".question-panel canvas").waitFor();
  await becomes(() => other.getByRole("textbox", { name: "Name of the board" }).inputValue(), "Why checkout fails");
  assert.deepEqual([...page.misdeeds, ...other.misdeeds], []);
  await other.context().close();
});
