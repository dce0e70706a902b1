// The X-Ray views, with a bookshop's traffic from boto3 and the X-Ray SDK behind them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cli, startClew } from "../xray/xray.js";
import { becomes, Browser, dragOver, sizeOf } from "./browser.mjs";
import { sendBookshop } from "./xray_traffic.mjs";

let clew;
let browser;
let page;
let report;

before(async () => {
  [clew, browser] = await Promise.all([startClew(), Browser.start()]);
  report = await sendBookshop(clew);
  page = await browser.open(`${clew.http}/xray`);
});
after(async () => {
  await browser?.stop();
  await clew?.stop();
});

/** A parameter of the address, once it is as expected. */
const parameter = (name, expected) => becomes(() => new URL(page.url()).searchParams.get(name) ?? "", expected);

test("all traces, and what was brushed of their response times", async () => {
  await page.getByText("all 241 in the last hour").waitFor();
  const bars = page.getByRole("img", { name: /^Response times of 241 traces/ });
  const { width } = await sizeOf(bars);
  await dragOver(bars, [width * 0.6, 50], [width - 20, 50]);
  await page.getByText(/^\d+ selected of all 241 in the last hour$/).waitFor();
  await parameter("min", /^[\d.]+ms$/);
  await becomes(() => page.getByRole("list", { name: "Traces" }).getByRole("listitem").first().innerText(), /ms|\d s/);
  await page.reload();
  await page.getByText(/^\d+ selected of all 241 in the last hour$/).waitFor();
  await page.getByRole("button", { name: "All response times" }).click();
  await page.getByText("all 241 in the last hour").waitFor();
});

test("without a mouse, too", async () => {
  await page.getByLabel("Longest response time").fill("1us");
  await page.getByLabel("Longest response time").press("Enter");
  await page.getByText("No trace took so long").waitFor();
  await page.getByRole("button", { name: "All response times" }).click();
});

test("a filter expression finds traces, and a mistake in it is pointed at", async () => {
  const field = page.getByRole("textbox", { name: "X-Ray filter expression" });
  await field.fill('service("reports") { fault }');
  await field.press("Enter");
  await page.getByText("all 1 in the last hour").waitFor();
  await field.fill("fault AND nonsense");
  await field.press("Enter");
  await page.getByRole("alert").getByText(/fault AND nonsense\n {10}\^/).waitFor();
});

test("a call of the map leads to the traces with it, and they to the trace", async () => {
  await page.goto(`${clew.http}/map`);
  await page.getByTitle(/^books\.example to orders:/).click();
  await page.getByRole("complementary", { name: "Call" }).getByRole("link", { name: "Their traces" }).click();
  await page.waitForURL((url) => url.pathname === "/traces" && url.searchParams.get("service") === "orders" && url.searchParams.get("q") === 'parent.service.name = "books.example"');
  await page.getByText(/^(newest 50 of|all) \d+ in the last hour$/).waitFor();
  await page.goto(`${clew.http}/xray?filter=${encodeURIComponent('service("reports")')}`);
  await page.getByRole("link", { name: "GET https://books.example/reports/sales" }).click();
  await page.waitForURL(`**/t/${report}**`);
});

test("a segment shows its annotations, metadata and blocks; a failed one its cause", async () => {
  const pane = page.getByRole("complementary", { name: "Span" });
  const openSpan = async (name) => {
    const { columns, names } = await clew.ask(`/traces/${report}`);
    const row = columns.name.findIndex((index) => names[index] === name);
    await page.goto(`${clew.http}/t/${report}?span=${columns.span_id[row]}`);
    await pane.getByRole("heading", { name }).waitFor();
  };
  await openSpan("reports");
  await pane.getByText("Annotations").waitFor();
  await pane.getByText("sales of the week").waitFor();
  await pane.getByText(/"shelves": \[\n +"novels",/).waitFor();
  await pane.getByRole("searchbox", { name: "Find in attributes" }).fill("status_code");
  await pane.getByText("Metadata").waitFor({ state: "detached" });
  await openSpan("sales@db.internal");
  await pane.getByText("SQL", { exact: false }).first().waitFor();
  await pane.getByText(/^SELECT shelf/).waitFor();
  await openSpan("add up");
  const exception = pane.getByRole("region", { name: "Exception" });
  await exception.getByText("ValueError").waitFor();
  await exception.getByText("a price is missing: book 4711").waitFor();
  await exception.getByText(/at trace_one \(.*bookshop\.py:\d+\)/).waitFor();
});

test("a sampling rule is made, seen by the AWS CLI, changed and deleted", async () => {
  await page.goto(`${clew.http}/xray`);
  await page.getByRole("link", { name: "Sampling rules" }).click();
  await page.getByRole("button", { name: "New rule" }).click();
  const form = page.getByRole("form", { name: "New rule" });
  await form.getByLabel("Name", { exact: false }).first().fill("orders");
  await form.getByLabel(/^Rate/).fill("many");
  await form.getByRole("button", { name: "Save" }).click();
  await page.getByRole("alert").getByText("Rate must be a number").waitFor();
  await form.getByLabel(/^Rate/).fill("12.5");
  await form.getByLabel(/^URL path/).fill("/orders/*");
  await form.getByRole("button", { name: "Save" }).click();
  await page.getByRole("row", { name: /^orders 1000 1\/s 12\.5 % \/orders\/\* / }).waitFor();
  const rulesOfCli = async () => (await cli(clew, ["get-sampling-rules"])).SamplingRuleRecords.map(({ SamplingRule }) => SamplingRule);
  assert.equal((await rulesOfCli()).find(({ RuleName }) => RuleName === "orders").FixedRate, 0.125);

  await page.getByRole("link", { name: "orders" }).click();
  await parameter("edit", "orders");
  const change = page.getByRole("form", { name: "Rule orders" });
  await change.getByLabel(/^Reservoir/).fill("7");
  await change.getByRole("button", { name: "Save" }).click();
  await page.getByRole("row", { name: /^orders 1000 7\/s/ }).waitFor();

  const report = [{ RuleName: "orders", ClientID: "0123456789abcdef01234567", Timestamp: Math.floor(Date.now() / 1000), RequestCount: 40, SampledCount: 8, BorrowCount: 1 }];
  await cli(clew, ["get-sampling-targets", "--sampling-statistics-documents", JSON.stringify(report)]);
  await page.getByText("40 requests, 8 kept (20.0 %), 1 borrowed").waitFor();

  await page.getByRole("link", { name: "orders" }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Yes, delete it" }).click();
  await page.getByRole("row", { name: /^orders/ }).waitFor({ state: "detached" });
  assert.deepEqual((await rulesOfCli()).map(({ RuleName }) => RuleName), ["Default"]);
});

test("a group is made and narrows the traces", async () => {
  await page.getByRole("link", { name: "Groups" }).click();
  await page.getByRole("button", { name: "New group" }).click();
  const form = page.getByRole("form", { name: "New group" });
  await form.getByLabel(/^Name/).fill("Reports");
  await form.getByLabel(/^Filter expression/).fill("service(");
  await form.getByRole("button", { name: "Save" }).click();
  await page.getByRole("alert").getByText(/column/).waitFor();
  await form.getByLabel(/^Filter expression/).fill('service("reports")');
  await form.getByRole("button", { name: "Save" }).click();
  await page.getByRole("link", { name: "Traces of Reports" }).click();
  await page.getByText("all 1 in the last hour").waitFor();
  await becomes(() => page.getByLabel("Group").inputValue(), "Reports");
});

test("nothing on the console but the refusal that was asked for, no other host asked", () => {
  assert.deepEqual(page.misdeeds.filter((misdeed) => !/status of 400/.test(misdeed)), []);
});
