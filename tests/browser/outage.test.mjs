// clew is killed while a question is being answered, while lines come in, while somebody is about to open a trace: the page says so, tries
// again by itself after ever longer pauses, goes on where it was when clew is back, shows where it was gone, and keeps what was typed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Clew } from "../clients/clew.js";
import { becomes, Browser } from "./browser.mjs";
import { attributes, checkout, nanos, send } from "./traffic.mjs";

let clew;
let browser;
let sent;

const line = (text) => ({
  resourceLogs: [{ resource: { attributes: attributes({ "service.name": "till" }) }, scopeLogs: [{ logRecords: [{ timeUnixNano: nanos(Date.now()), severityNumber: 9, body: { stringValue: text } }] }] }],
});
const kill = async () => {
  clew.process.kill("SIGKILL");
  await clew.ended;
};
const outage = (page) => page.getByRole("status", { name: "Connection" }).getByText("clew does not answer");
/** What a page has on its console of an outage is the browser's own, and there is no way to keep it from that. */
const otherMisdeeds = (page) => page.misdeeds.filter((misdeed) => !/net::ERR_|status of 5/.test(misdeed));

before(async () => {
  [clew, browser] = await Promise.all([Clew.start(), Browser.start()]);
  sent = checkout();
  await send(clew, "traces", sent.traces);
  await send(clew, "logs", line("first line"));
});
after(async () => {
  await browser?.stop();
  if (clew?.process.signalCode) await clew.launch(); // a test gave up while it was dead
  await clew?.stop();
});

test("killed in the middle of a question, it answers that question once it is back, and what was typed is still there", async () => {
  const page = await browser.open(`${clew.http}/q?q=${encodeURIComponent("COUNT GROUP BY service.name")}`);
  const answer = page.getByRole("region", { name: "The answer as a table" });
  await answer.getByText("payment").first().waitFor();
  // Stopped, it takes the question and says nothing; killed then, it has gone in the middle of it.
  clew.process.kill("SIGSTOP");
  const question = page.getByRole("combobox", { name: "Question" });
  await question.fill("COUNT GROUP BY name");
  await question.press("Enter");
  await page.getByRole("button", { name: /Cancel/ }).waitFor();
  await question.fill("COUNT GROUP BY name, half a thought");
  await kill();
  await outage(page).waitFor();
  await page.getByRole("alert").getByText("asked again as soon as it does").waitFor();
  await answer.getByText("payment").first().waitFor(); // the former answer stays
  let attempts = 0;
  page.on("request", (request) => (attempts += request.url().includes("/clew/v1/stream") ? 1 : 0));
  await becomes(() => attempts, (count) => count >= 2);
  await clew.launch();
  await answer.getByText("charge card").first().waitFor();
  await outage(page).waitFor({ state: "detached" });
  assert.equal(await question.inputValue(), "COUNT GROUP BY name, half a thought");
  assert.deepEqual(otherMisdeeds(page), []);
  await page.context().close();
});

test("killed while lines come in, the tail goes on and shows where clew was gone", async () => {
  const page = await browser.open(`${clew.http}/logs`);
  await page.getByText("first line").waitFor();
  await send(clew, "logs", line("line before"));
  await page.getByText("line before").waitFor();
  const filter = page.getByRole("combobox", { name: "Filter log lines" });
  await filter.fill("half a filter");
  await kill();
  await outage(page).waitFor();
  await clew.launch();
  await outage(page).waitFor({ state: "detached" });
  await send(clew, "logs", line("line after"));
  const rows = page.getByRole("list", { name: "Log lines" }).getByRole("listitem");
  await becomes(async () => (await rows.allInnerTexts()).map((text) => [/line \w+/.exec(text.replace("first line", "line first"))?.[0], /clew was gone from .* to /.test(text)]), [["line after", false], ["line before", true], ["line first", false]]);
  assert.equal(await filter.inputValue(), "half a filter");
  assert.deepEqual(otherMisdeeds(page), []);
  await page.context().close();
});

test("a trace that is gone to meanwhile opens as soon as clew is back, and one on display stays", async () => {
  const page = await browser.open(`${clew.http}/t/${sent.traceId}`);
  await page.locator('[role=treegrid][aria-rowcount="4"]').waitFor({ state: "attached" });
  const list = await browser.open(`${clew.http}/traces`);
  const link = list.getByRole("link", { name: "POST /checkout" });
  await link.waitFor();
  await kill();
  await outage(list).waitFor();
  await link.click();
  await list.getByRole("alert").getByText("asked again as soon as it does").waitFor();
  await page.locator("body").press("j");
  await page.locator("body").press("j");
  await page.getByRole("complementary", { name: "Span" }).getByText("asked again as soon as it does").waitFor();
  await clew.launch();
  for (const shown of [page, list]) await shown.locator('[role=treegrid][aria-rowcount="4"]').waitFor({ state: "attached" });
  await page.getByRole("complementary", { name: "Span" }).getByText("cart.items").waitFor();
  for (const shown of [page, list]) {
    assert.deepEqual(otherMisdeeds(shown), []);
    await shown.context().close();
  }
});

test("without waiting for the next attempt", async () => {
  const page = await browser.open(`${clew.http}/services`);
  await page.getByRole("link", { name: "payment" }).waitFor();
  await kill();
  await outage(page).waitFor();
  await clew.launch();
  await becomes(
    async () => {
      await page.getByRole("button", { name: "Try now" }).click({ timeout: 1000 }).catch(() => {}); // it may have come back by itself
      return page.getByRole("button", { name: "Try now" }).count();
    },
    0,
  );
  await page.getByRole("button", { name: "Live", exact: true }).waitFor();
  await page.context().close();
});
