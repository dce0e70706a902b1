// Settings: an environment and the first key are made, which shuts the door; the next key may only send, and is disabled.
// Retention is set, and who changed what is told.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Clew } from "../clients/clew.js";
import { becomes, Browser } from "./browser.mjs";
import { checkout } from "./traffic.mjs";

let clew;
let browser;
let page;

const sent = async (key) =>
  (await fetch(`${clew.http}/v1/traces`, { method: "POST", headers: { "content-type": "application/json", ...(key ? { "x-honeycomb-team": key } : {}) }, body: JSON.stringify(checkout().traces) })).status;
const section = (name) => page.getByRole("region", { name, exact: true });
const keys = () => page.getByRole("table", { name: "Keys" });
let first;
let sender;

/** The value that is shown once. */
const valueShown = () => becomes(() => section("The new key").locator("code").first().innerText(), /^\S{16,}$/);

before(async () => {
  [clew, browser] = await Promise.all([Clew.start(), Browser.start()]);
  page = await browser.open(`${clew.http}/settings`);
});
after(async () => {
  await browser?.stop();
  await clew?.stop();
});

test("an environment is made", async () => {
  await page.getByRole("textbox", { name: "Name of a new environment" }).fill("Staging");
  await page.getByRole("button", { name: "New environment" }).click();
  await page.getByRole("table", { name: "Environments" }).getByRole("cell", { name: "Staging", exact: true }).waitFor();
});

test("the data of a service is kept for less time, and not any more", async () => {
  const part = section("Retention");
  await part.getByLabel("Service", { exact: true }).fill("cart");
  await part.getByLabel("Of its").selectOption("logs");
  await part.getByLabel("Days", { exact: true }).fill("3");
  await part.getByRole("form", { name: "Retention of a service" }).getByRole("button", { name: "Keep no longer" }).click();
  const row = page.getByRole("table", { name: "Retention of services" }).getByRole("row").filter({ hasText: "cart" });
  await row.getByText("3 days").waitFor();
  const rules = async () => (await clew.ask("/retention")).rules.map(({ signal, value, days }) => [signal, value, days]);
  await becomes(rules, [["logs", "cart", 3]]);
  await row.getByRole("button", { name: "Take back: logs of cart" }).click();
  await row.waitFor({ state: "detached" });
  await becomes(rules, []);
});

test("everything is kept for less time, and not any more", async () => {
  const form = page.getByRole("form", { name: "Retention of everything" });
  await form.getByLabel("Days that everything is kept").fill("soon");
  await form.getByRole("button", { name: "Keep no longer" }).click();
  await page.getByText("must be a whole number, not “soon”").waitFor();
  await form.getByLabel("Days that everything is kept").fill("5");
  await form.getByRole("button", { name: "Keep no longer" }).click();
  const table = page.getByRole("table", { name: "Retention of everything" });
  const rules = async () => (await clew.ask("/retention")).rules.map(({ signal, value, days }) => [signal, value, days]);
  await becomes(rules, [["logs", undefined, 5], ["metrics", undefined, 5], ["traces", undefined, 5]]);
  await table.getByRole("row").filter({ hasText: "traces" }).getByText("5 days").waitFor();
  for (const signal of ["logs", "metrics", "traces"]) {
    await table.getByRole("button", { name: `Take back: all ${signal}` }).press("Enter");
    await table.getByRole("row").filter({ hasText: signal }).waitFor({ state: "detached" });
  }
  await becomes(rules, []);
});

test("a log group of CloudWatch is kept for as long as is chosen", async () => {
  const logs = async (operation, body) => (await fetch(clew.http, { method: "POST", headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `Logs_20140328.${operation}` }, body: JSON.stringify(body) })).text();
  await logs("CreateLogGroup", { logGroupName: "shop" });
  await page.reload();
  await page.getByRole("combobox", { name: "How long shop is kept" }).selectOption("7");
  await becomes(async () => JSON.parse(await logs("DescribeLogGroups", {})).logGroups[0].retentionInDays, 7);
});

test("how many traces the clients of a service keep is set, changed and taken back", async () => {
  const part = section("Sampling");
  const told = async (service) => (await fetch(`${clew.http}/sampling?service=${service}`)).json();
  await told("payment");
  const table = part.getByRole("table", { name: "Remote sampling" });
  const row = (service) => table.getByRole("row").filter({ hasText: service });
  await row("payment").getByText("everything, as the others").waitFor();
  await part.getByRole("button", { name: "New strategy" }).click();
  const form = part.getByRole("form");
  await form.getByLabel("Service").fill("cart");
  await form.getByLabel("How many").fill("a few");
  await form.getByLabel("Of operations").fill("0 % GET /health\n50 % POST /pay");
  await form.getByRole("button", { name: "Save" }).click();
  await form.getByRole("alert").getByText("How many must be a number").waitFor();
  await form.getByLabel("How many").fill("25");
  await form.getByRole("button", { name: "Save" }).click();
  await row("cart").getByText("0 % GET /health, 50 % POST /pay").waitFor();
  await becomes(async () => (await told("cart")).operationSampling.defaultSamplingProbability, 0.25);
  await part.getByRole("button", { name: "Change the sampling of every other service" }).click();
  await form.getByLabel("Keeps").selectOption("ratelimiting");
  await form.getByLabel("How many").fill("5");
  await form.getByRole("button", { name: "Save" }).click();
  await row("payment").getByText("5 traces a second, as the others").waitFor();
  await becomes(async () => (await told("payment")).rateLimitingSampling.maxTracesPerSecond, 5);
  await part.getByRole("button", { name: "Change the sampling of cart" }).click();
  await form.getByRole("button", { name: "Delete" }).click();
  await form.getByRole("button", { name: "Yes, delete it" }).click();
  await row("cart").getByText("5 traces a second, as the others").waitFor();
});

test("who changed what last is told", async () => {
  await page.reload();
  await page.getByRole("table", { name: "Who did what" }).getByText("changed the sampling of").waitFor();
  await page.getByText("The latest changes").click();
  await page.getByRole("list", { name: "The latest changes" }).getByText("changed the retention of cart").waitFor();
  await page.getByRole("list", { name: "The latest changes" }).getByText("changed the sampling of all other services").waitFor();
  await page.getByRole("list", { name: "The latest changes" }).getByText("made the environment Staging").waitFor();
});

test("the first key is shown once, and from then on everybody needs one", async () => {
  await page.getByText("No key is needed").waitFor();
  await page.getByRole("button", { name: "New key", exact: true }).click();
  const form = page.getByRole("form", { name: "New key" });
  await form.getByText("The first key may do everything").waitFor();
  await form.getByRole("button", { name: "Save" }).click();
  await form.getByRole("alert").getByText("A key needs a name").waitFor();
  await form.getByLabel("Name").fill("ours");
  await form.getByRole("button", { name: "Save" }).click();
  first = await valueShown();
  await keys().getByRole("row").filter({ hasText: "ours" }).getByText("everything", { exact: true }).waitFor();
  await becomes(() => sent(), 401);
  await becomes(() => sent(first), 200);
  await page.getByRole("button", { name: "I have it" }).click();
  await page.getByText(first).first().waitFor({ state: "detached" });
});

test("this tab presents it, another asks for one", async () => {
  await page.reload();
  await keys().getByRole("cell", { name: "ours", exact: true }).waitFor();
  const stranger = await browser.open(`${clew.http}/settings`);
  await stranger.getByText("missing 'x-honeycomb-team' header").first().waitFor();
  await stranger.context().close();
});

test("a key that sends alone is made and disabled", async () => {
  await page.getByRole("button", { name: "New key", exact: true }).click();
  const form = page.getByRole("form", { name: "New key" });
  await form.getByLabel("Name").fill("checkout");
  await form.getByRole("combobox", { name: "For", exact: true }).selectOption("ingest");
  await form.getByRole("button", { name: "Save" }).click();
  sender = await valueShown();
  await keys().getByRole("row").filter({ hasText: "checkout" }).getByText("sends", { exact: true }).waitFor();
  await becomes(() => sent(sender), 200);
  await page.getByRole("button", { name: "Disable checkout" }).click();
  await page.getByRole("button", { name: "Enable checkout" }).waitFor();
  await becomes(() => sent(sender), 401);
});

test("nobody shuts himself out", async () => {
  await page.getByRole("button", { name: "Disable ours" }).click();
  await page.getByText("That is the key you present").waitFor();
  assert.equal(await sent(first), 200);
});

test("nothing on the console but the refusal that was asked for, no other host asked", () => {
  assert.deepEqual(page.misdeeds.filter((misdeed) => !/status of 409/.test(misdeed)), []);
});
