// People: the first one is invited, which shuts the door; others sign in with the link they were sent, may what their role
// says and no more, and are out when they are removed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Clew } from "../clients/clew.js";
import { becomes, Browser } from "./browser.mjs";
import { checkout, send } from "./traffic.mjs";

let clew;
let browser;
let page;
let reader;
let link;

const people = () => page.getByRole("table", { name: "People" });
const rowOf = (name) => people().getByRole("row").filter({ hasText: name });

async function invite(name, email, role) {
  await page.getByRole("button", { name: "Invite somebody" }).click();
  const form = page.getByRole("form", { name: "Invite somebody" });
  await form.getByLabel("Name").fill(name);
  await form.getByLabel("E-mail").fill(email);
  await form.getByLabel("Role").selectOption(role);
  await form.getByRole("button", { name: "Invite", exact: true }).click();
  const region = page.getByRole("region", { name: `The key of ${name}` });
  const shown = await becomes(() => region.locator("code").first().innerText(), /#key=\S{16,}$/);
  await region.getByRole("button", { name: "I have it" }).click();
  return shown;
}

before(async () => {
  [clew, browser] = await Promise.all([Clew.start(), Browser.start()]);
  await send(clew, "traces", checkout().traces);
  page = await browser.open(`${clew.http}/settings`);
});
after(async () => {
  await browser?.stop();
  await clew?.stop();
});

test("who invites the first one is that one, owns, and is signed in", async () => {
  await page.getByRole("button", { name: "Invite somebody" }).click();
  await page.getByText("The first one is you, and owns.").waitFor();
  await page.getByRole("form", { name: "Invite somebody" }).getByRole("button", { name: "Cancel" }).click();
  await invite("Ann", "ann@example.com", "owns");
  await rowOf("ann@example.com").getByText("you", { exact: true }).waitFor();
  await becomes(async () => (await fetch(`${clew.http}/clew/v1/status`)).status, 401);
  await page.reload();
  await page.getByText(/Signed in as Ann, who owns/).waitFor();
});

test("a link signs another one in, and is not in the address any more", async () => {
  link = await invite("Ben", "ben@example.com", "reads");
  await rowOf("ben@example.com").getByText("not yet").waitFor();
  reader = await browser.open(link);
  await reader.getByRole("link", { name: "POST /checkout" }).first().waitFor();
  assert.equal(new URL(reader.url()).hash, "");
  await reader.goto(`${clew.http}/settings`);
  await reader.getByText(/Signed in as Ben, who reads/).waitFor();
});

test("who reads sees the settings and changes nothing", async () => {
  await reader.getByText("You may look at these settings. People who own change them.").waitFor();
  for (const name of ["Invite somebody", "New key", "Keep no longer", /^Remove/])
    assert.equal(await reader.getByRole("button", { name }).count(), 0, String(name));
  await reader.goto(`${clew.http}/boards`);
  await reader.getByLabel("Name of a new board").fill("Mine");
  await reader.getByRole("button", { name: "Make it" }).click();
  await reader.getByText("lacks the permission manage_boards").waitFor();
});

test("a role is changed, and counts at once", async () => {
  await page.getByLabel("Role of Ben").selectOption("writes");
  const key = decodeURIComponent(new URL(link).hash.slice("#key=".length));
  await becomes(async () => (await fetch(`${clew.http}/clew/v1/boards`, { method: "POST", headers: { "x-honeycomb-team": key }, body: '{"name":"Ours"}' })).status, 200);
  await reader.getByLabel("Name of a new board").fill("Mine");
  await reader.getByRole("button", { name: "Make it" }).click();
  await reader.waitForURL("**/board/**");
  await page.reload();
  await page.getByRole("table", { name: "Who did what" }).getByRole("row").filter({ hasText: /^Ben/ }).getByText("made the board Mine").waitFor();
  // Nobody changes himself.
  assert.equal(await page.getByLabel("Role of Ann").count(), 0);
});

test("who is removed is out, after a second press", async () => {
  const row = rowOf("ben@example.com");
  await row.getByRole("button", { name: "Remove Ben" }).press("Enter");
  await row.getByRole("button", { name: "Yes, remove Ben" }).press("Enter");
  await row.waitFor({ state: "detached" });
  await becomes(async () => {
    await reader.goto(`${clew.http}/settings`);
    return reader.getByText("unknown API key").count();
  }, (count) => count > 0);
});

test("nothing on the console but refusals, no other host asked", () => {
  assert.deepEqual([...page.misdeeds, ...reader.misdeeds].filter((misdeed) => !/status of 40[13]/.test(misdeed)), []);
});
