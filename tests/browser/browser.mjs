// Opens pages of a running clew in Chromium, and keeps account of what a page must not do: complain on the console,
// or ask any other host for anything.
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

export class Browser {
  static async start() {
    const browser = new Browser();
    browser.chromium = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
    return browser;
  }

  // Each page has a profile of its own: nothing is remembered from another.
  // `bypassCSP` lets a test put a script of its own into the page, which the page's policy forbids.
  async open(address, { colorScheme = "light", width = 1440, height = 900, bypassCSP = false } = {}) {
    const context = await this.chromium.newContext({ colorScheme, viewport: { width, height }, acceptDownloads: true, bypassCSP });
    const page = await context.newPage();
    const origin = new URL(address).origin;
    page.misdeeds = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) page.misdeeds.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => page.misdeeds.push(`error: ${error.stack ?? error.message}`));
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.origin !== origin && !["blob:", "data:"].includes(url.protocol)) page.misdeeds.push(`asked another host: ${url}`);
    });
    await page.goto(address);
    return page;
  }

  async stop() {
    await this.chromium.close();
  }
}
