// The first minutes of a newcomer: an empty page, lines to paste, a mistake that is named, and the first trace.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Clew } from "../clients/clew.js";
import { becomes, Browser } from "./browser.mjs";
import { checkout, send } from "./traffic.mjs";

let clew;
let browser;
let page;

before(async () => {
  [clew, browser] = await Promise.all([Clew.start(), Browser.start()]);
  page = await browser.open(`${clew.http}/`);
});
after(async () => {
  await browser?.stop();
  await clew?.stop();
});

test("the empty page gives lines to paste, with the address of this server", async () => {
  await page.getByRole("heading", { name: "Send your first trace" }).waitFor();
  for (const language of ["curl", "Node.js", "Python", "Go", "Java", ".NET", "Ruby", "Collector"]) {
    await page.getByRole("tab", { name: language, exact: true }).click();
    await page.getByRole("tab", { name: language, exact: true, selected: true }).waitFor();
    await becomes(() => page.locator(".recipe pre").innerText(), new RegExp(`http://127\\.0\\.0\\.1:(${clew.ports.join("|")})`));
  }
});

test("a sender that does it wrong is named, with what to change", async () => {
  const refused = await fetch(`${clew.http}/v1/traces`, { method: "POST", headers: { "content-type": "application/json", "user-agent": "my-sender/1.0" }, body: "{not json" });
  assert.equal(refused.status, 400);
  await page.getByText("Something arrived and was turned away").waitFor();
  await page.getByText("my-sender/1.0").first().waitFor();
});

test("the error of an exporter is explained, with the line to change", async () => {
  await page.getByText("Paste the error that your exporter printed").click();
  const box = page.getByRole("textbox", { name: "The error that your exporter printed" });
  await box.fill("No connection adapters were found for 'localhost:4318/v1/traces'");
  await page.getByText("The address has no scheme").waitFor();
  await page.locator(".remedy-line").getByText(/^export OTEL_EXPORTER_OTLP_ENDPOINT=http:\/\/127\.0\.0\.1:\d+$/).waitFor();
  await box.fill("something else");
  await page.getByText("That text is not known here").waitFor();
});

test("the page turns to the first trace by itself", async () => {
  const sent = checkout();
  await send(clew, "traces", sent.traces);
  await page.waitForURL(`**/t/${sent.traceId}**`);
  await page.getByText("Your first trace").waitFor();
  await page.getByRole("heading", { name: "POST /checkout" }).waitFor();
});

test("the curl line for a newcomer works as it stands", async () => {
  const another = await Clew.start();
  try {
    const fresh = await browser.open(`${another.http}/`);
    const line = await becomes(() => fresh.locator(".recipe pre").innerText(), /^curl /);
    const [, address, body] = /^curl (\S+) -H 'content-type: application\/json' -d '(.+)'$/s.exec(line);
    const answer = await fetch(address, { method: "POST", headers: { "content-type": "application/json" }, body });
    assert.equal(answer.status, 200, await answer.text());
    await fresh.waitForURL("**/t/**");
    await fresh.getByRole("heading", { name: "first span" }).waitFor();
    assert.deepEqual(fresh.misdeeds, []);
  } finally {
    await another.stop();
  }
});

test("so does the button", async () => {
  const another = await Clew.start();
  try {
    const fresh = await browser.open(`${another.http}/`);
    await fresh.getByRole("button", { name: "Send a test trace" }).click();
    await fresh.waitForURL("**/t/**");
    await fresh.getByRole("heading", { name: "first span" }).waitFor();
  } finally {
    await another.stop();
  }
});

test("nothing on the console, no other host asked", () => assert.deepEqual(page.misdeeds, []));
