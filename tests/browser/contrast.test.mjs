// For those who ask for more contrast, and for those whose system chooses all colours: every view of traces, logs and errors can be read and
// has nothing that axe-core finds wrong, and pictures drawn on canvases follow.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { Clew } from "../clients/clew.js";
import { atRest, becomes, Browser } from "./browser.mjs";
import { checkout, send } from "./traffic.mjs";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

let clew;
let browser;
let sent;

before(async () => {
  [clew, browser] = await Promise.all([Clew.start(), Browser.start()]);
  sent = checkout();
  await send(clew, "traces", sent.traces);
  await send(clew, "logs", sent.logs);
});
after(async () => {
  await browser?.stop();
  await clew?.stop();
});

const wishes = [
  { name: "more contrast, light", contrast: "more", colorScheme: "light" },
  { name: "more contrast, dark", contrast: "more", colorScheme: "dark" },
  { name: "the system's colours", forcedColors: "active", colorScheme: "dark" },
];
const views = [
  { name: "traces", path: () => "/traces", shown: "list" },
  { name: "the map", path: () => "/map", shown: "group" },
  { name: "a waterfall", path: () => `/t/${sent.traceId}?span=${sent.ids.charge}`, shown: "complementary" },
  { name: "a flame graph", path: () => `/t/${sent.traceId}?view=flame`, shown: "img" },
  { name: "logs", path: () => "/logs", shown: "list" },
  { name: "an error", path: () => "/errors/1", shown: "complementary" },
];

for (const { name: wish, ...wanted } of wishes) {
  for (const { name, path, shown } of views) {
    test(`${name}, ${wish}`, async () => {
      const page = await browser.open(clew.http + path(), { ...wanted, bypassCSP: true });
      await page.getByRole(shown).first().waitFor();
      await atRest(page);
      await page.addScriptTag({ path: axe });
      const found = await page.evaluate(async () => (await globalThis.axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`));
      assert.deepEqual(found, []);
      assert.deepEqual(page.misdeeds, []);
      await page.context().close();
    });
  }
}

/** Of the rows' canvas: the colour most of it has, and the lightest and darkest there are, as sums of red, green and blue. */
const coloursOf = (page) =>
  page.locator(".waterfall-stage canvas").first().evaluate((canvas) => {
    if (canvas.width === 0 || canvas.height === 0) return undefined;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const counts = new Map();
    for (let at = 0; at < data.length; at += 4) {
      const sum = data[at + 3] < 128 ? -1 : data[at] + data[at + 1] + data[at + 2];
      counts.set(sum, (counts.get(sum) ?? 0) + 1);
    }
    const seen = [...counts.keys()].filter((sum) => sum >= 0);
    return { lightest: Math.max(...seen), darkest: Math.min(...seen), kinds: seen.length };
  });

test("the waterfall is drawn in the system's colours, and again when the wish changes", async () => {
  const page = await browser.open(`${clew.http}/t/${sent.traceId}`, { colorScheme: "dark", forcedColors: "active" });
  // Text as light and a ground as dark as the system has them.
  await becomes(() => coloursOf(page), (colours) => colours !== undefined && colours.lightest === 765 && colours.darkest === 0 && colours.kinds > 20);
  await page.emulateMedia({ forcedColors: "none" });
  await becomes(() => coloursOf(page), (colours) => colours.darkest > 0 && colours.lightest < 765);
  await page.context().close();
});
