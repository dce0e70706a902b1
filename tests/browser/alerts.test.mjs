// From a question to a message: a recipient is added and tried, a trigger made from the question on the screen, its
// message arrives at a real webhook, and it is changed, disabled and removed; so are an SLO and its burn alert.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { Clew } from "../clients/clew.js";
import { becomes, Browser, pressInTurn } from "./browser.mjs";
import { checkout, send } from "./traffic.mjs";

const patient = { timeout: 60_000 };
const received = [];
let clew;
let browser;
let page;
let hook;

before(async () => {
  hook = createServer((request, response) => {
    let text = "";
    request.on("data", (part) => (text += part)).on("end", () => {
      received.push(JSON.parse(text));
      response.writeHead(request.url === "/gone" ? 410 : 200).end();
    });
  });
  await new Promise((done) => hook.listen(0, "127.0.0.1", done));
  [clew, browser] = await Promise.all([Clew.start(), Browser.start()]);
  await send(clew, "traces", checkout().traces);
  page = await browser.open(`${clew.http}/`);
});
after(async () => {
  hook?.close();
  await browser?.stop();
  await clew?.stop();
});

async function addWebhook(name, path) {
  await page.getByRole("button", { name: "Webhook", exact: true }).click();
  const form = page.getByRole("form", { name: "New recipient: Webhook" });
  await form.getByLabel("Name").fill(name);
  await form.getByLabel("URL").fill(`http://127.0.0.1:${hook.address().port}${path}`);
  await form.getByRole("button", { name: "Save" }).click();
  await page.getByRole("cell", { name: `webhook ${name}`, exact: true }).waitFor();
}

test("a recipient is added and hears a test message; what does not arrive is said", async () => {
  await page.getByRole("heading").first().waitFor();
  await pressInTurn(page, "g w");
  await page.getByText("Nothing is watched yet").waitFor();
  await page.getByRole("link", { name: "Recipients" }).click();
  await page.getByText("Nobody is told yet").waitFor();
  await addWebhook("ops", "/");
  await addWebhook("former", "/gone");
  await page.getByRole("button", { name: "Send a test message to webhook ops" }).click();
  await page.getByText("✓ delivered").waitFor(patient);
  assert.equal(received[0].event, "test");
  await page.getByRole("button", { name: "Send a test message to webhook former" }).click();
  await page.getByText(/✗ .*410/).waitFor(patient);
});

test("“Alert on this” makes a trigger of the question, and its message arrives", async () => {
  await page.goto(`${clew.http}/q?q=${encodeURIComponent("COUNT WHERE error = true GROUP BY service.name")}`);
  await page.getByRole("link", { name: "Alert on this" }).click();
  const form = page.getByRole("form", { name: "New trigger" });
  await form.getByLabel("Name").fill("Errors");
  await form.getByLabel("Threshold", { exact: true }).fill("0.5");
  await form.getByLabel("webhook ops").check();
  await form.getByLabel("webhook former").check();
  await form.getByRole("button", { name: "Save" }).click();
  const row = page.getByRole("row").filter({ hasText: "Errors" });
  await row.getByText("COUNT WHERE error = true GROUP BY service.name").waitFor();
  await row.getByText("triggered").waitFor(patient);
  await row.getByText(/^COUNT was \d/).waitFor();
  await page.getByText("1 of 1 triggered").waitFor();
  await page.getByRole("link", { name: "Deliveries" }).click();
  const table = page.getByRole("table", { name: "Deliveries" });
  await table.getByRole("row").filter({ hasText: "given up" }).getByText(/410/).waitFor(patient);
  await table.getByRole("row").filter({ hasText: "delivered" }).first().waitFor(patient);
  const message = await becomes(() => received.find(({ name }) => name === "Errors"), (found) => found !== undefined);
  assert.equal(message.status, "TRIGGERED");
  assert.deepEqual(message.result_groups.map(({ Group }) => Group), [{ "service.name": "payment" }]);
});

test("what a trigger cannot watch is said, and nothing is made", async () => {
  await page.goto(`${clew.http}/alerts?new=1&question=${encodeURIComponent("COUNT, MAX(duration_ms)")}`);
  const form = page.getByRole("form", { name: "New trigger" });
  await form.getByLabel("Name").fill("Two");
  await form.getByLabel("Threshold", { exact: true }).fill("1");
  await form.getByRole("button", { name: "Save" }).click();
  await form.getByRole("alert").getByText(/one calculation/).waitFor();
  await form.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("row").filter({ hasText: "Errors" }).waitFor();
  assert.equal(await page.getByRole("row").filter({ hasText: "Two" }).count(), 0);
});

test("a trigger is changed, disabled, and removed; then its recipient can be too", async () => {
  await page.getByRole("table", { name: "Triggers" }).getByRole("link", { name: "Errors", exact: true }).click();
  const form = page.getByRole("form", { name: "Trigger Errors" });
  await form.getByLabel("Threshold", { exact: true }).fill("99");
  await form.getByLabel("Every").fill("1");
  await form.getByLabel("webhook former").uncheck();
  await form.getByLabel("Question").fill("COUNT WHERE error = true");
  await form.getByRole("button", { name: "Save" }).click();
  const row = page.getByRole("row").filter({ hasText: "Errors" });
  await row.getByText("> 99").waitFor();
  await row.getByText("COUNT WHERE error = true", { exact: true }).waitFor();
  await row.getByText("every 1 min").waitFor();
  await row.getByText("webhook ops", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Disable Errors" }).click();
  await row.getByText("disabled", { exact: true }).waitFor();
  await page.goto(`${clew.http}/alerts/recipients`);
  const remove = async (name) => {
    await page.getByRole("button", { name: `Delete webhook ${name}` }).click();
    await page.getByRole("button", { name: `Yes, delete webhook ${name}` }).click();
  };
  await remove("ops");
  await page.getByText("This recipient is in use by one of the triggers.").waitFor();
  await page.goto(`${clew.http}/alerts`);
  await page.getByRole("table", { name: "Triggers" }).getByRole("link", { name: "Errors", exact: true }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Yes, delete it" }).click();
  await page.getByText("Nothing is watched yet").waitFor();
});

test("an SLO is promised in the page, and shows what is left of its budget", async () => {
  await page.getByRole("link", { name: "SLOs" }).click();
  await page.getByText("Nothing is promised yet").waitFor();
  await page.getByRole("button", { name: "Promise something" }).click();
  const form = page.getByRole("form", { name: "New SLO" });
  await form.getByRole("textbox", { name: /^Name/ }).fill("Cards are quick");
  await form.getByLabel("Dataset").selectOption("payment");
  await form.getByLabel("Target").fill("90");
  await form.getByLabel("Good when").fill("LT($duration_ms, ");
  await form.getByRole("button", { name: "Save" }).click();
  await form.getByRole("alert").waitFor();
  await form.getByLabel("Good when").fill("LT($duration_ms, 120)");
  await form.getByRole("button", { name: "Save" }).click();
  const row = page.getByRole("row").filter({ hasText: "Cards are quick" });
  await row.getByText("90 %", { exact: true }).waitFor();
  await row.getByText("sli.cards_are_quick, over 30 days").waitFor();
});

test("its burn alert is made, evaluated, changed and removed; then the SLO is", async () => {
  const row = page.getByRole("row").filter({ hasText: "Cards are quick" });
  await page.getByRole("link", { name: "Add a burn alert to Cards are quick" }).click();
  await page.getByLabel("Within").fill("2");
  await page.getByLabel("webhook ops").check();
  await page.getByRole("button", { name: "Save" }).click();
  await row.getByText("the budget will be gone within 2 h").waitFor();
  await becomes(async () => (await (await fetch(`${clew.http}/1/burn_alerts`)).json())[0].evaluated_at, (at) => at !== undefined);
  await row.getByRole("link", { name: "the budget will be gone within 2 h", exact: true }).click();
  const form = page.getByRole("form", { name: "Burn alert of Cards are quick" });
  await form.getByLabel("Within").fill("0");
  await form.getByRole("button", { name: "Save" }).click();
  await row.getByText("the budget is gone").waitFor();
  await page.getByRole("link", { name: "Cards are quick", exact: true }).click();
  const slo = page.getByRole("form", { name: "SLO Cards are quick" });
  await slo.getByLabel("Good when").fill("LT($duration_ms, 1000)");
  await slo.getByLabel("Target").fill("99.5");
  await slo.getByRole("button", { name: "Save" }).click();
  await row.getByText("99.5 %", { exact: true }).waitFor();
  const columns = await (await fetch(`${clew.http}/1/derived_columns/payment`)).json();
  assert.deepEqual(columns.map(({ expression }) => expression), ["LT($duration_ms, 1000)"]);
  await row.getByRole("link", { name: "the budget is gone", exact: true }).click();
  await form.getByRole("button", { name: "Delete" }).click();
  await form.getByRole("button", { name: "Yes, delete it" }).click();
  await row.getByText("the budget is gone").waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Cards are quick", exact: true }).click();
  await slo.getByRole("button", { name: "Delete" }).click();
  await slo.getByRole("button", { name: "Yes, delete it" }).click();
  await page.getByText("Nothing is promised yet").waitFor();
  assert.deepEqual(await (await fetch(`${clew.http}/1/derived_columns/payment`)).json(), [], "its column went with it");
});

test("all alerts come in one answer, however many datasets there are", async () => {
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(`${clew.http}/alerts`);
  await page.getByText("Nothing is watched yet").waitFor();
  assert.deepEqual([...new Set(asked.filter((path) => /^\/1\/(datasets|triggers)/.test(path)))], ["/1/triggers"]);
  assert.deepEqual(page.misdeeds.filter((one) => !/status of 4\d\d/.test(one)), []);
});
