// Errors: the list and what is done in it by keys, one error with its stack, its trace and why it is one.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Clew } from "../clients/clew.js";
import { becomes, Browser } from "./browser.mjs";
import { checkout, nanos, attributes, newTraceId, send, span, tracesOf } from "./traffic.mjs";

let clew;
let browser;
let page;
let sent;

const errors = () => page.getByRole("list", { name: "Errors" }).getByRole("listitem");

/** An exception deep in a framework, as Python's SDK tells of it. */
function timedOut(start) {
  const library = Array.from({ length: 12 }, (_, index) => `  File "/usr/lib/python3.11/site-packages/flask/app.py", line ${100 + index}, in dispatch_${index}\n    return view()`);
  const stack = ["Traceback (most recent call last):", '  File "/srv/shop/main.py", line 3, in main\n    run()', ...library, '  File "/srv/shop/pay.py", line 7, in charge\n    bank.charge(card)', "TimeoutError: the bank did not answer"].join("\n");
  const event = { timeUnixNano: nanos(start + 5), name: "exception", attributes: attributes({ "exception.type": "TimeoutError", "exception.message": "the bank did not answer", "exception.stacktrace": stack }) };
  return tracesOf({ bank: [span(newTraceId(), { name: "charge", start, took: 10, values: { "telemetry.sdk.language": "python" }, more: { status: { code: 2 }, events: [event] } })] });
}

before(async () => {
  [clew, browser] = await Promise.all([Clew.start(), Browser.start()]);
  sent = checkout({ start: Date.now() - 60_000 });
  await send(clew, "traces", sent.traces);
  await send(clew, "traces", checkout({ start: Date.now() - 5000 }).traces);
  await send(clew, "traces", timedOut(Date.now() - 1000));
  page = await browser.open(`${clew.http}/errors`);
});
after(async () => {
  await browser?.stop();
  await clew?.stop();
});

test("what is the same is one line, with how often it was", async () => {
  await becomes(() => errors().count(), 2);
  await errors().filter({ hasText: "CardDeclined" }).getByText("2", { exact: true }).waitFor();
});

test("errors are found by words", async () => {
  const search = page.getByRole("searchbox", { name: "Find errors" });
  await search.fill("bank");
  await search.press("Enter");
  await page.waitForURL((url) => url.searchParams.get("q") === "bank");
  await errors().filter({ hasText: "TimeoutError" }).waitFor();
  await page.getByText("1 active").waitFor();
});

test("one error: what, where with the libraries folded, and why it is one", async () => {
  await errors().getByRole("link").click();
  await page.getByRole("heading", { name: /TimeoutError/ }).waitFor();
  const stack = page.getByRole("region", { name: "Stack" });
  await stack.getByText("/srv/shop/pay.py:7").waitFor();
  await stack.getByRole("button", { name: "+12 frames of libraries" }).click();
  await stack.getByText("dispatch_11").waitFor();
  await page.getByLabel("What was hashed").getByText("TimeoutError").waitFor();
});

test("it leads to the trace it happened in", async () => {
  await page.goto(`${clew.http}/errors`);
  await errors().getByRole("link", { name: /CardDeclined/ }).click();
  await page.getByRole("button", { name: "Older" }).click();
  await page.waitForURL((url) => url.searchParams.has("occurrence"));
  await page.getByRole("link", { name: "The trace it happened in" }).click();
  await page.waitForURL((url) => url.pathname === `/t/${sent.traceId}`);
});

test("keys mark and resolve, and what is resolved is found again", async () => {
  await page.goto(`${clew.http}/errors`);
  await errors().nth(1).waitFor();
  await page.keyboard.press("j");
  await page.locator(".table-row.is-current").waitFor();
  await page.keyboard.press("x");
  await page.getByText("1 marked").waitFor();
  await page.keyboard.press("r");
  await page.getByText("1 active").waitFor();
  await page.getByRole("button", { name: "resolved" }).click();
  await page.getByText("1 resolved").waitFor();
});

test("nothing on the console, no other host asked", () => assert.deepEqual(page.misdeeds, []));
