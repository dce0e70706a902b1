// Opens pages of a running clew in Chromium, and keeps account of what a page must not do: complain on the console,
// or ask any other host for anything. And how a test waits: a page shows what it was told when it gets to it, so that
// whatever is looked at after an action is waited for.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright-core";

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
// Slow machines are allowed; only what never comes is a failure.
const patienceMs = 60_000;

export class Browser {
  static async start() {
    const browser = new Browser();
    browser.chromium = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
    return browser;
  }

  // Each page has a profile of its own: nothing is remembered from another.
  // `bypassCSP` lets a test put a script of its own into the page, which the page's policy forbids. Without `motion`
  // nothing moves by itself, so that what is seen is where it is going to stay. `prepare` gets the page before it loads.
  async open(address, { colorScheme = "light", width = 1440, height = 900, bypassCSP = false, motion = false, prepare = () => {}, ...more } = {}) {
    const context = await this.chromium.newContext({
      colorScheme,
      viewport: { width, height },
      acceptDownloads: true,
      bypassCSP,
      reducedMotion: motion ? "no-preference" : "reduce",
      ...more,
    });
    context.setDefaultTimeout(patienceMs);
    const page = await context.newPage();
    const origin = new URL(address).origin;
    page.misdeeds = [];
    page.underWay = new Map(); // request: since when
    page.on("console", (message) => {
      if (message.text().includes("willReadFrequently")) return; // a test looked at a picture more than once
      if (["error", "warning"].includes(message.type())) page.misdeeds.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => page.misdeeds.push(`error: ${error.stack ?? error.message}`));
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.origin !== origin && !["blob:", "data:"].includes(url.protocol)) page.misdeeds.push(`asked another host: ${url}`);
      if (url.pathname !== "/clew/v1/stream") page.underWay.set(request, Date.now());
    });
    for (const ended of ["requestfinished", "requestfailed"]) page.on(ended, (request) => page.underWay.delete(request));
    await prepare(page);
    await page.goto(address);
    return page;
  }

  async stop() {
    await this.chromium.close();
  }
}

/**
 * Reads again and again until it is as expected: a value, what a text matches, or what a function says yes to.
 * Returns what was read.
 */
export async function becomes(read, expected) {
  for (const end = Date.now() + patienceMs; ; await sleep(25)) {
    try {
      const value = await read();
      if (expected instanceof RegExp) assert.match(value, expected);
      else if (typeof expected === "function") assert.ok(await expected(value), `${expected}: ${JSON.stringify(value)}`);
      else assert.deepEqual(value, expected);
      return value;
    } catch (problem) {
      if (!(problem instanceof assert.AssertionError) || Date.now() > end) throw problem;
    }
  }
}

// The end of a request is not always told: of one that a worker made and that ended with it.
const longestRequestMs = 10_000;
const isAsking = (page) => [...page.underWay.values()].some((since) => Date.now() - since < longestRequestMs);

/** Waits until nothing is under way any more that the page has asked for, and what came has been drawn. */
export async function atRest(page) {
  const frames = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))));
  for (const end = Date.now() + patienceMs; ; ) {
    await becomes(() => isAsking(page), false);
    await frames();
    if (!isAsking(page)) return;
    assert.ok(Date.now() < end, `${page.url()} asks without end: ${[...page.underWay.keys()].map((request) => request.url())}`);
  }
}

/** "g q": one key after the other, without a pause in which the page forgets the first. */
export const pressInTurn = (page, keys) => Promise.all(keys.split(" ").map((key) => page.keyboard.press(key)));

/** From one place in it to another, each given as [x, y] from its corner; it may have moved in between. */
export async function dragOver(locator, [fromX, fromY], [toX, toY]) {
  await locator.hover({ position: { x: fromX, y: fromY } });
  await locator.page().mouse.down();
  // The page takes up a drag with the first move, and the end of it with the last.
  await locator.hover({ position: { x: (fromX + toX) / 2, y: (fromY + toY) / 2 }, force: true });
  await locator.hover({ position: { x: toX, y: toY }, force: true });
  await locator.page().mouse.up();
}

/** Its width and height, once it has them. */
export const sizeOf = (locator) => becomes(() => locator.boundingBox(), (box) => box !== null && box.width > 0 && box.height > 0);
