// The X-Ray views, with a bookshop's traffic from boto3 and the X-Ray SDK behind them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startClew } from "../xray/xray.js";
import { Browser } from "./browser.mjs";
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

const parameter = (name) => new URL(page.url()).searchParams.get(name);

test("all traces, and what was brushed of their response times", async () => {
  await page.getByText("all 241 in the last hour").waitFor();
  const bars = page.getByRole("img", { name: /^Response times of 241 traces/ });
  const box = await bars.boundingBox();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 20, box.y + 50, { steps: 5 });
  await page.mouse.up();
  await page.getByText(/^\d+ selected of all 241 in the last hour$/).waitFor();
  assert.match(parameter("min"), /^[\d.]+ms$/);
  const slow = await page.getByRole("list", { name: "Traces" }).getByRole("listitem").first().innerText();
  assert.match(slow, /ms|\d s/);
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
  await page.getByText("1 in the last hour").or(page.getByText("all 1 in the last hour")).waitFor();
  await field.fill("fault AND nonsense");
  await field.press("Enter");
  await page.getByRole("alert").getByText(/fault AND nonsense\n {10}\^/).waitFor();
});

test("a call of the map leads to the traces with it, and they to the trace", async () => {
  await page.goto(`${clew.http}/map`);
  await page.getByTitle(/^books\.example to orders:/).click();
  await page.waitForURL((url) => url.pathname === "/xray" && url.searchParams.get("filter") === 'edge("books.example", "orders")');
  await page.getByText(/^all \d+ in the last hour$/).waitFor();
  await page.goto(`${clew.http}/xray?filter=${encodeURIComponent('service("reports")')}`);
  await page.getByRole("link", { name: "GET https://books.example/reports/sales" }).click();
  await page.waitForURL(`**/t/${report}**`);
});

test("nothing on the console but the refusal that was asked for, no other host asked", () => {
  assert.deepEqual(page.misdeeds.filter((misdeed) => !/status of 400/.test(misdeed)), []);
});
