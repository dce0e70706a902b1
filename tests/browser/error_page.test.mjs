// The page of an error, filled by Rollbar's own clients: a minified page in Chromium, and Python's calls; and grouping rules tried in it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Clew } from "../clients/clew.js";
import { eventually } from "../notifications/receivers.js";
import { bundle } from "../rollbar/bundle.js";
import { Browser } from "./browser.mjs";
import { send, span, tracesOf } from "./traffic.mjs";

const version = "1.4.2";
let clew;
let browser;
let script;
let shop;
let page;

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const post = async (path, body, headers = {}) => {
  const response = await fetch(`${clew.http}${path}`, { method: "POST", headers, body });
  assert.equal(response.status, 200, await response.text());
};

/** A page of a shop with rollbar.js on it, whose button throws. */
async function startShop() {
  const client = readFileSync(here("../rollbar/node_modules/rollbar/dist/rollbar.min.js"));
  const settings = {
    accessToken: "x", endpoint: `${clew.http}/api/1/item/`, captureUncaught: true,
    payload: { environment: "production", person: { id: "42", username: "ada", email: "ada@example.com" }, client: { javascript: { source_map_enabled: true, code_version: version } } },
  };
  const files = { "/rollbar.js": client, "/page.min.js": script.script };
  const server = createServer((request, response) => {
    const file = files[request.url];
    response.writeHead(200, { "content-type": file ? "text/javascript" : "text/html" });
    response.end(file ?? `<link rel="icon" href="data:,"><script>_rollbarConfig = ${JSON.stringify(settings)}</script><script src="/rollbar.js"></script><button>Pay</button><script src="/page.min.js"></script>`);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { server, url: `http://127.0.0.1:${server.address().port}` };
}

before(async () => {
  [clew, browser, script] = await Promise.all([Clew.start(), Browser.start(), bundle("page.ts", { platform: "browser", extra: "x" })]);
  shop = await startShop();
  const form = new FormData();
  form.append("version", version);
  form.append("minified_url", `${shop.url}/page.min.js`);
  form.append("source_map", new Blob([script.map]), "page.min.js.map");
  await post("/api/1/sourcemap", form);
  await post("/api/1/deploy/", JSON.stringify({ environment: "production", revision: version, local_username: "grace", comment: "new prices" }), { "content-type": "application/json" });
  const visit = await browser.chromium.newPage();
  await visit.goto(shop.url);
  await visit.evaluate(() => history.pushState({}, "", "/cart"));
  await visit.click("button");
  await eventually(async () => (await clew.ask("/errors?q=thread")).total === 1, "the error of the page");
  await visit.close();
  // The trace that pyrollbar_calls.py names.
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  const start = Date.now() - 1000;
  const root = span(traceId, { name: "GET /report", start, took: 80, values: {} });
  const child = span(traceId, { name: "SELECT results", parent: root.spanId, start: start + 5, took: 20, values: {} });
  await send(clew, "traces", tracesOf({ reports: [root, child] }));
  execFileSync("/usr/bin/python3", [here("../rollbar/pyrollbar_calls.py"), `${clew.http}/api/1/`, "x"]);
  page = await browser.open(`${clew.http}/errors`);
});
after(async () => {
  await browser?.stop();
  shop?.server.close();
  shop?.server.closeAllConnections?.();
  script?.remove();
  await clew?.stop();
});

const part = (title) => page.locator("details", { has: page.locator("summary", { hasText: title }) });
const openError = async (text) => {
  await page.goto(`${clew.http}/errors`);
  await page.getByRole("list", { name: "Errors" }).getByRole("link", { name: text }).click();
  await page.getByRole("heading", { name: text }).waitFor();
};

test("a minified script's stack stands in the words of its sources", async () => {
  await openError(/no price for thread/);
  const stack = page.getByRole("region", { name: "Stack" });
  await stack.getByText(/shop\/cart\.ts:16:/).waitFor();
  await stack.locator("mark", { hasText: "throw new RangeError" }).waitFor();
  await stack.getByText("function priceOf(item: Item): number {").first().waitFor();
  await stack.getByText("source map").first().waitFor();
  await stack.getByText(/shop\/page\.ts/).waitFor();
});

test("what led to it, who had it, in which version, and the deploy it came with", async () => {
  await part("What led to it").getByText("→ /cart").waitFor();
  await part("What led to it").getByText(/click .*button/).waitFor();
  await part("People 1").getByText("ada").waitFor();
  await part("Versions 1").getByText(version).waitFor();
  const deploy = part("Likely caused by");
  await deploy.getByText(version, { exact: true }).waitFor();
  await deploy.getByText("the version that had the error").waitFor();
  await deploy.getByText("new prices").waitFor();
  await page.locator(".error-head .spark").waitFor();
});

test("Python's locals, without their secrets, and the spans of the trace it happened in", async () => {
  await openError(/no result for/);
  const locals = page.getByRole("region", { name: "Stack" }).locator("details", { hasText: "Locals" }).first();
  await locals.getByText('"ada"').waitFor();
  assert.equal(await locals.getByText('"********"').count(), 2);
  const spans = page.getByRole("list", { name: "Spans around the error" });
  await spans.getByText("SELECT results").waitFor();
  await spans.getByRole("link", { name: /GET \/report/ }).click();
  await page.waitForURL((url) => url.pathname === "/t/0af7651916cd43dd8448eb211c80319c");
});

test("errors are found by words of their place and by state", async () => {
  await page.goto(`${clew.http}/errors`);
  const search = page.getByRole("searchbox", { name: "Find errors" });
  await search.fill("cart.ts");
  await search.press("Enter");
  await page.getByText("1 active").waitFor();
  await page.getByRole("button", { name: "muted" }).click();
  await page.getByText("No error matches").waitFor();
});

test("errors are found by facts: whose, how bad, which number", async () => {
  await page.goto(`${clew.http}/errors`);
  const search = page.getByRole("searchbox", { name: "Find errors" });
  for (const [text, title] of [["person:ada@example.com version:1.4.2", /no price/], ["level:warning", "Hello World!"]]) {
    await search.fill(text);
    await search.press("Enter");
    await page.getByText("1 active").waitFor();
    await page.getByRole("list", { name: "Errors" }).getByRole("link", { name: title }).waitFor();
  }
});

test("an error is assigned, snoozed, found among those snoozed, and woken", async () => {
  await openError(/no result for/);
  await page.getByLabel("Assigned to").fill("grace");
  await page.getByRole("button", { name: "Assign", exact: true }).click();
  await page.getByText("Assigned to grace").waitFor();
  await page.getByRole("button", { name: "Snooze" }).click();
  await page.getByRole("menuitem", { name: "a week" }).click();
  await page.locator(".error-head .chip", { hasText: "snoozed" }).waitFor();
  await page.locator(".error-head", { hasText: /until \d/ }).waitFor();
  await page.goto(`${clew.http}/errors`);
  await page.getByText("2 active").waitFor();
  await page.getByRole("button", { name: "snoozed" }).click();
  await page.getByText("1 snoozed").waitFor();
  await page.getByRole("list", { name: "Errors" }).locator(".chip", { hasText: "grace" }).waitFor();
  await page.getByRole("list", { name: "Errors" }).getByRole("link", { name: /no result for/ }).click();
  await page.getByRole("button", { name: "Wake" }).click();
  await page.locator(".error-head .chip", { hasText: "active" }).waitFor();
});

test("one error is made part of another, and taken apart again", async () => {
  await openError("Hello World!");
  const other = Number(new URL(page.url()).pathname.split("/").at(-1));
  await openError(/no result for/);
  const why = part("Why these are one");
  await why.getByLabel("Merge another error into this one").fill(`#${other} Hello World!`);
  await why.getByRole("button", { name: "Merge" }).click();
  await why.getByText(`merged from error ${other}`).waitFor();
  await page.locator(".error-head", { hasText: "3 occurrences" }).waitFor();
  await why.getByRole("link", { name: `error ${other}` }).click();
  await page.getByText("This is part of").waitFor();
  await page.goBack();
  await why.getByRole("button", { name: `Take error ${other} apart` }).click();
  await page.locator(".error-head", { hasText: "2 occurrences" }).waitFor();
  await page.goto(`${clew.http}/errors`);
  await page.getByText("3 active").waitFor();
});

test("grouping rules are tried before they are in force", async () => {
  await page.goto(`${clew.http}/errors`);
  await page.getByRole("button", { name: "Grouping rules" }).click();
  const rules = page.getByRole("textbox", { name: "Rules" });
  await rules.fill("[{");
  await page.getByRole("button", { name: "Try on" }).click();
  await page.getByRole("alert").waitFor();
  await rules.fill('[{"condition": {"path": "environment", "in": ["production", "development"]}, "fingerprint": "everything", "title": "Whatever it is"}]');
  await page.getByRole("button", { name: "Try on" }).click();
  const trial = page.getByRole("region", { name: "What the rules would make" });
  // Two of Python's, one of the page, one message: each environment keeps its own.
  await trial.getByText(/Of 4 occurrences 4 would go to another error: 3 errors now, 2 then/).waitFor();
  assert.equal(await trial.getByRole("cell", { name: "Whatever it is" }).count(), 2);
  assert.deepEqual((await clew.ask("/error-rules/grouping")).rules, []);
  await page.getByRole("button", { name: "Put in force" }).click();
  await eventually(async () => (await clew.ask("/error-rules/grouping")).rules.length === 1, "the rules in force");
});

test("nothing on the console, no other host asked", () => assert.deepEqual(page.misdeeds, []));
