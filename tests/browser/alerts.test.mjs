// From a question to a message: a recipient is added and tried, a trigger made from the question on the screen, its
// message arrives at a real webhook, and it is changed, disabled and removed.
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
  await page.getByRole("table", { name: "Triggers" }).getByRole("link", { name: "Errors" }).click();
  const form = page.getByRole("form", { name: "Trigger Errors" });
  await form.getByLabel("Threshold", { exact: true }).fill("99");
  await form.getByLabel("Every").fill("1");
  await form.getByLabel("webhook former").uncheck();
  await form.getByRole("button", { name: "Save" }).click();
  const row = page.getByRole("row").filter({ hasText: "Errors" });
  await row.getByText("> 99").waitFor();
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
  await page.getByRole("table", { name: "Triggers" }).getByRole("link", { name: "Errors" }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Yes, delete it" }).click();
  await page.getByText("Nothing is watched yet").waitFor();
});

test("SLOs show what is left of their budget, and how their burn alerts stand", async () => {
  const post = async (path, body) => {
    const response = await fetch(clew.http + path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    assert.ok(response.ok, `${path}: ${response.status} ${await response.clone().text()}`);
    return response.json();
  };
  await page.getByRole("link", { name: "SLOs" }).click();
  await page.getByText("Nothing is promised yet").waitFor();
  await post("/1/derived_columns/payment", { alias: "quick", expression: "LT($duration_ms, 120)" });
  const slo = await post("/1/slos/payment", { name: "Cards are quick", sli: { alias: "quick" }, time_period_days: 30, target_per_million: 900_000 });
  await post("/1/burn_alerts/payment", { alert_type: "exhaustion_time", exhaustion_minutes: 240, slo: { id: slo.id }, recipients: [] });
  await page.reload();
  const row = page.getByRole("row").filter({ hasText: "Cards are quick" });
  await row.getByText("90 %", { exact: true }).waitFor();
  await row.getByText("the budget will be gone within 4 h").waitFor();
  assert.deepEqual(page.misdeeds.filter((one) => !/status of 4\d\d/.test(one)), []);
});
