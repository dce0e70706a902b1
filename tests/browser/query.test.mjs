// Questions in the page, as a person asks them: the heat map, what sets a part of it apart, the form, the menus, boards
// and the history.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Clew } from "../clients/clew.js";
import { Exporter } from "../../examples/shop/otlp.mjs";
import { visit } from "../../examples/shop/shop.mjs";
import { becomes, Browser, dragOver, sizeOf } from "./browser.mjs";
import { checkout, send } from "./traffic.mjs";

let clew;
let browser;
let page;
const slow = { duration: 1500, attribute: "flavour", value: "vanilla" };

const at = (path) => page.goto(`${clew.http}${path}`);
/** A parameter of the address, once it is as expected. */
const asked = (name, expected) => becomes(() => new URL(page.url()).searchParams.get(name), expected);
const ask = (text, more = "") => at(`/q?q=${encodeURIComponent(text)}${more}`);

before(async () => {
  [clew, browser] = await Promise.all([Clew.start(), Browser.start()]);
  const now = Date.now();
  const visits = Array.from({ length: 400 }, (_, index) => visit(now - 60_000 - index * 7000));
  await new Exporter(clew.http).send("traces", visits.flatMap((one) => one.spans));
  const { traces } = checkout();
  const known = traces.resourceSpans[0].scopeSpans[0].spans[0];
  // Slow ones that have something in common, which no other span has.
  const spans = Array.from({ length: 60 }, (_, index) => {
    const start = BigInt(now - 120_000 - index * 30_000) * 1_000_000n;
    return {
      ...known,
      traceId: (0x5107000000000000n + BigInt(index)).toString(16).padStart(32, "0"),
      spanId: (0xabc000n + BigInt(index)).toString(16).padStart(16, "0"),
      parentSpanId: "",
      name: "GET /ice",
      startTimeUnixNano: String(start),
      endTimeUnixNano: String(start + BigInt(slow.duration + index) * 1_000_000n),
      attributes: [{ key: slow.attribute, value: { stringValue: slow.value } }],
      events: [],
      links: [],
    };
  });
  await send(clew, "traces", { resourceSpans: [{ ...traces.resourceSpans[0], scopeSpans: [{ spans }] }] });
  page = await browser.open(`${clew.http}/q`);
});
after(async () => {
  await browser?.stop();
  await clew?.stop();
});

/** Drags over shares of the heat map: from left and top. */
async function drag(from, to) {
  const plot = page.locator(".heatmap-plot");
  const { width, height } = await sizeOf(plot);
  const place = ([x, y]) => [64 + x * (width - 80), 6 + y * (height - 28)];
  await dragOver(plot, place(from), place(to));
}

test("a heat map has a scale, a legend and a table with its numbers", async () => {
  await page.getByRole("button", { name: /How are durations spread/ }).click();
  await page.getByRole("application", { name: /Heat map of duration_ms/ }).waitFor();
  await page.getByRole("img", { name: /Shades: from 1 to/ }).waitFor();
  await page.getByText("The same as a table").click();
  const rows = page.getByRole("region", { name: "duration_ms as a table" }).getByRole("row");
  await rows.nth(10).waitFor();
  await page.getByRole("button", { name: "Log scale", pressed: true }).click();
  await page.waitForURL("**scale=linear**");
  await page.getByRole("button", { name: "Log scale", pressed: false }).click();
});

test("what sets a box of it apart stands beside it, that which differs most first", async () => {
  await ask("HEATMAP(duration_ms)");
  await page.locator(".heatmap-plot").waitFor();
  await drag([0.02, 0.02], [0.98, 0.18]);
  const panel = page.getByRole("complementary", { name: "What sets the selection apart" });
  const first = panel.getByRole("region").first();
  await first.getByText(/differs by/).waitFor();
  const flavour = panel.getByRole("region", { name: slow.attribute });
  await flavour.waitFor();
  await flavour.getByRole("button", { name: /^vanilla\s+(\d\d|100)(\.\d+)? % of the selection,\s+0 % of the rest$/ }).waitFor();
});

test("the selection is in the address and survives a reload", async () => {
  await asked("sel", /^\d+\.\.\d+,/);
  await page.reload();
  await page.getByRole("region", { name: slow.attribute }).waitFor();
  await page.locator(".heatmap-box").waitFor();
});

test("a value is excluded, grouped by, or filtered to", async () => {
  const flavour = page.getByRole("region", { name: slow.attribute });
  await flavour.getByRole("button", { name: /^vanilla/ }).click();
  await page.getByRole("menuitem", { name: /Filter to this/ }).click();
  await page.waitForURL((url) => url.searchParams.get("q") === `HEATMAP(duration_ms) WHERE ${slow.attribute} = "${slow.value}"`);
  await asked("sel", null);
  await page.goBack();
  await flavour.getByRole("button", { name: /What to do|flavour/ }).first().click();
  await page.getByRole("menuitem", { name: `Group by ${slow.attribute}` }).click();
  await page.waitForURL((url) => url.searchParams.get("q") === `HEATMAP(duration_ms) GROUP BY ${slow.attribute}`);
});

test("a box can be selected with the keyboard", async () => {
  await ask("HEATMAP(duration_ms)");
  const plot = page.getByRole("application");
  for (let step = 0; step < 30; step++) await plot.press("ArrowLeft");
  for (const key of ["ArrowUp", "ArrowLeft", "ArrowLeft"]) await plot.press(`Shift+${key}`);
  await page.getByRole("status").filter({ hasText: /selected$/ }).waitFor();
  await plot.press("Enter");
  await page.waitForURL("**sel=**");
});

test("the form and the line are one question", async () => {
  await ask("COUNT");
  const form = page.getByRole("group", { name: "The question as a form" });
  const group = form.getByRole("combobox", { name: "Group by" });
  await group.fill("service.name, name");
  await group.press("Escape");
  await group.press("Enter");
  await page.waitForURL((url) => url.searchParams.get("q") === "COUNT GROUP BY service.name, name");
  const having = form.getByRole("combobox", { name: "Having" });
  await having.fill("COUNT > 2");
  await having.blur();
  await page.waitForURL((url) => /HAVING COUNT > 2$/.test(url.searchParams.get("q")));
  await form.getByRole("combobox", { name: "Every" }).selectOption("5m");
  await page.waitForURL((url) => url.searchParams.get("q").endsWith("EVERY 5m"));
  await becomes(() => page.getByRole("combobox", { name: "Question" }).inputValue(), new URL(page.url()).searchParams.get("q"));
});

test("what a question is going to cost is said while it is typed, and only Run asks it", async () => {
  await ask("COUNT");
  await page.getByText(/looked at/).waitFor();
  const line = page.getByRole("combobox", { name: "Question" });
  await line.fill("COUNT, MAX(duration_ms) GROUP BY name");
  const cost = page.locator("#cost-ahead");
  await cost.filter({ hasText: /^up to [\d.]+k rows/ }).waitFor();
  await line.fill('COUNT WHERE duration_ms > 10000000');
  await cost.filter({ hasText: "nothing to look at" }).waitFor();
  await asked("q", "COUNT");
  await line.fill("COUNT GROUP BY name");
  await page.getByRole("button", { name: "Run" }).click();
  await asked("q", "COUNT GROUP BY name");
  await page.getByRole("button", { name: "GET /ice" }).waitFor();
});

test("names are completed in the form, too", async () => {
  const order = page.getByRole("combobox", { name: "Order by" });
  await order.waitFor();
  await order.fill("");
  await order.pressSequentially("COU");
  await page.getByRole("option", { name: "COUNT", exact: true }).waitFor();
  await page.keyboard.press("Escape");
});

test("bars, stacked areas, rows, and an earlier period", async () => {
  await ask("COUNT GROUP BY service.name");
  await page.getByRole("button", { name: "Bars" }).click();
  await page.locator(".bar-row").filter({ hasText: "payment" }).waitFor();
  await page.getByRole("button", { name: "Stacked" }).click();
  await page.locator(".panel canvas").waitFor();
  await page.getByRole("combobox", { name: "Compare with" }).selectOption("1h");
  await page.getByRole("columnheader", { name: "an hour before" }).waitFor();
  await page.getByRole("button", { name: "Rows" }).click();
  await page.getByRole("columnheader", { name: "trace.trace_id" }).waitFor();
});

test("a cell filters, and a point of a line opens the trace that stands for it", async () => {
  await ask(`MAX(duration_ms) WHERE name = "GET /ice"`);
  const chart = page.locator(".panel canvas");
  // A quarter of an hour ago, in the midst of the slow ones.
  const position = { x: 64 + ((await sizeOf(chart)).width - 80) * (45 / 60), y: 62 };
  await chart.hover({ position });
  await chart.click({ position });
  await page.getByRole("menuitem", { name: /Open a trace of this point.*(does not exceed|slowest)/ }).click();
  await page.waitForURL(/\/t\/0{16}5107[0-9a-f]{12}\?span=/);
  await page.goBack();
  await ask("COUNT GROUP BY name");
  await page.getByRole("button", { name: "GET /ice" }).click();
  await page.getByRole("menuitem", { name: /Exclude this/ }).click();
  await page.waitForURL((url) => url.searchParams.get("q") === 'COUNT WHERE name != "GET /ice" GROUP BY name');
});

test("an answer is kept with its numbers: for back, a reload, the history, and whoever gets the link", async () => {
  await ask("COUNT, MAX(duration_ms)");
  await page.waitForURL((url) => url.searchParams.get("q") === "COUNT, MAX(duration_ms)" && /^\w{16}$/.test(url.searchParams.get("answer")));
  const link = page.url();
  const tableOf = (of) => () => of.getByRole("region", { name: "The answer as a table" }).innerText();
  const before = await tableOf(page)();
  assert.equal(await page.getByText(/As it was at/).count(), 0, "it is of now");
  await send(clew, "traces", checkout().traces);

  await page.getByRole("button", { name: "Run" }).click();
  await becomes(tableOf(page), (now) => now !== before);
  await page.goBack();
  await page.getByText(/As it was at/).waitFor();
  await becomes(tableOf(page), before);
  await page.reload();
  await page.getByText(/As it was at/).waitFor();
  await becomes(tableOf(page), before);

  const other = await browser.open(link);
  await other.getByText(/As it was at .*when browser \w+ asked/).waitFor();
  await becomes(tableOf(other), before);
  // What is drawn differently is not asked again, and another question is.
  await other.getByRole("button", { name: "Bars", exact: true }).click();
  await other.getByText(/As it was at/).waitFor();
  await other.getByRole("textbox", { name: "Limit" }).fill("7");
  await other.getByRole("textbox", { name: "Limit" }).press("Tab");
  await other.waitForURL((url) => /LIMIT 7$/.test(url.searchParams.get("q")) && url.searchParams.get("answer") !== new URL(link).searchParams.get("answer"));
  await other.getByText(/As it was at/).waitFor({ state: "detached" });
  await other.context().close();

  await page.getByRole("main").getByRole("link", { name: "History" }).click();
  const questions = page.getByRole("list", { name: "Questions" });
  await questions.getByRole("link", { name: /^COUNT, MAX\(duration_ms\) you/ }).click();
  await page.getByText(/As it was at/).waitFor();
  await becomes(tableOf(page), (now) => now !== before);
  await page.getByRole("button", { name: "Ask anew" }).click();
  await page.getByText(/As it was at/).waitFor({ state: "detached" });
  await page.getByRole("main").getByRole("link", { name: "History" }).click();
  await questions.getByRole("link", { name: "Ask anew: COUNT, MAX(duration_ms)", exact: true }).click();
  await page.waitForURL((url) => /^\w{16}$/.test(url.searchParams.get("answer") ?? ""));
  assert.equal(await page.getByText(/As it was at/).count(), 0);
});

test("a link to an answer that is not kept any more asks anew, and says so", async () => {
  await at(`/q?q=COUNT&answer=nothing`);
  await page.getByText("The answer that the link names is not kept any more. This is a new one.").waitFor();
  await page.waitForURL((url) => /^\w{16}$/.test(url.searchParams.get("answer")));
  await page.getByText(/looked at/).waitFor();
  page.misdeeds = page.misdeeds.filter((misdeed) => !/status of 404/.test(misdeed));
});

test("a link may lead to the answer, to its very range, or to the question", async () => {
  await at("/q?q=COUNT&from=now-6h");
  await page.waitForURL((url) => url.searchParams.has("answer"));
  const copied = async (title) => {
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.getByRole("menuitem", { name: title }).click();
    return becomes(() => page.evaluate(() => globalThis.copied), (text) => text && new URL(text)).then((text) => {
      void page.evaluate(() => (globalThis.copied = ""));
      return new URL(text).searchParams;
    });
  };
  await page.evaluate(() => (navigator.clipboard.writeText = async (text) => void (globalThis.copied = text)));
  assert.equal((await copied(/^This answer/)).get("answer"), new URL(page.url()).searchParams.get("answer"));
  const frozen = await copied(/^The question about this very range/);
  assert.deepEqual([/^\d{19}$/.test(frozen.get("from")), frozen.get("answer")], [true, null]);
  const rolling = await copied(/^The question(?! about)/);
  assert.deepEqual([rolling.get("from"), rolling.get("answer")], ["now-6h", null]);
});

test("questions are there for everybody, with who asked them", async () => {
  const other = await browser.open(`${clew.http}/settings`);
  await other.getByLabel("What you are called in the history").fill("Zoë");
  await other.getByRole("button", { name: "Call me that" }).click();
  await other.getByText("You are called Zoë").waitFor();
  await other.goto(`${clew.http}/q?q=${encodeURIComponent("MIN(duration_ms) GROUP BY flavour")}&from=now-6h`);
  await other.getByText(/looked at/).waitFor();
  await other.goto(`${clew.http}/history`);
  await other.getByRole("link", { name: /^MIN\(duration_ms\) GROUP BY flavour you/ }).waitFor();
  await other.context().close();
  await at("/history");
  await page.getByRole("link", { name: /^COUNT, MAX\(duration_ms\) you/ }).waitFor();
  await page.getByRole("searchbox", { name: "Find a question" }).fill("flavour min");
  await becomes(() => page.getByRole("list", { name: "Questions" }).getByRole("listitem").count(), 1);
  await page.getByRole("link", { name: "Mine" }).click();
  await page.getByText("No question has “flavour min” in it").waitFor();
  await page.getByRole("link", { name: "Everybody's" }).click();
  await page.getByRole("link", { name: /flavour Zoë/ }).click();
  await asked("q", "MIN(duration_ms) GROUP BY flavour");
  await asked("from", "now-6h");
  await page.getByText(/looked at/).waitFor();
});

test("a grouped heat map has one for each group, and a box on one is about that group", async () => {
  await at(`/query?q=${encodeURIComponent("HEATMAP(duration_ms) GROUP BY flavour")}`);
  await page.waitForURL("**/q?**");
  const groups = page.getByRole("group", { name: "HEATMAP(duration_ms) of each group" });
  const plot = groups.locator(".panel").filter({ hasText: slow.value }).locator(".heatmap-plot");
  const { width, height } = await sizeOf(plot);
  await dragOver(plot, [66, 8], [width - 18, height - 24]);
  await asked("sel", /,flavour = "vanilla"$/);
  await page.getByRole("button", { name: "Filter to these values" }).click();
  await asked("q", /WHERE flavour = "vanilla"/);
});

test("a question is saved to a board, arranged with the keyboard, and is there for others", async () => {
  await page.getByRole("button", { name: "Save to a board" }).click();
  await page.getByRole("menuitem", { name: "A new board" }).click();
  await page.waitForURL("**/board/**");
  await page.getByRole("combobox", { name: "Kind of panel" }).selectOption("text");
  await page.getByRole("textbox", { name: "Text" }).fill("# On call\n\n- Ada: https://example.com/ada");
  await page.getByRole("button", { name: "Add" }).click();
  await page.getByRole("link", { name: "https://example.com/ada" }).waitFor();
  await page.getByRole("heading", { name: "On call" }).waitFor();
  await page.getByRole("button", { name: /^Move .*On call, panel 2 of 2/ }).press("ArrowLeft");
  // It stays in the hand.
  const first = page.getByRole("button", { name: /^Move .*On call, panel 1 of 2/ });
  await becomes(() => first.evaluate((handle) => handle === document.activeElement), true);
  const id = new URL(page.url()).pathname.split("/").at(-1);
  await page.getByRole("button", { name: /^What to do with .*On call/ }).click();
  await page.getByRole("menuitem", { name: "Edit the text" }).click();
  await page.getByRole("textbox", { name: "Text", exact: true }).first().fill("Call Ben");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("region", { name: "Call Ben" }).getByText("Call Ben").waitFor();
  const saved = async () => (await clew.ask(`/boards/${id}`)).panels.map(({ type, position }) => [type, position.x_coordinate]);
  await becomes(saved, [["text", 0], ["query", 6]]);
  // With the mouse: the question's head is dragged over the text.
  const panels = page.locator(".board-panel");
  await panels.nth(1).locator("header").dragTo(panels.nth(0));
  await becomes(saved, [["query", 0], ["text", 6]]);
  // Drawn like an answer in its own view.
  await page.getByRole("combobox", { name: "Kind of panel" }).selectOption("query");
  await page.getByRole("textbox", { name: "Question", exact: true }).fill("COUNT GROUP BY name");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const counted = page.getByRole("region", { name: "COUNT GROUP BY name", exact: true });
  const menu = page.getByRole("button", { name: "What to do with COUNT GROUP BY name" });
  const style = async () => (await clew.ask(`/boards/${id}`)).panels.at(-1).query_panel?.query_style;
  await counted.getByRole("list", { name: "Lines" }).getByRole("listitem").first().waitFor();
  await menu.press("Enter");
  await page.getByRole("menuitemradio", { name: /^Bars/ }).press("Enter");
  await counted.locator(".bar-row").first().waitFor();
  await becomes(style, "bars");
  await menu.press("Enter");
  await page.getByRole("menuitemradio", { name: /^Table/ }).press("Enter");
  await counted.getByRole("region", { name: "The answer as a table" }).waitFor();
  await becomes(style, "table");
  const other = await browser.open(page.url());
  await other.locator(".question-panel canvas").first().waitFor();
  assert.deepEqual(other.misdeeds, []);
  await other.context().close();
});

test("the palette goes everywhere", async () => {
  await page.keyboard.press("Control+k");
  const field = page.getByRole("combobox", { name: "Go to, do, ask or find" });
  await field.fill("sett");
  await page.getByRole("option", { name: /Settings/, selected: true }).waitFor();
  await field.press("Enter");
  await page.waitForURL("**/settings");
  await page.getByRole("heading", { name: "Retention" }).waitFor();
  await page.keyboard.press("Control+k");
  await field.fill("payment");
  await page.getByRole("option", { name: /^service payment/ }).click();
  await page.waitForURL("**/traces?service=payment");
});

test("nothing on the console, no other host asked", () => assert.deepEqual(page.misdeeds, []));
