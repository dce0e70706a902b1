// The first load: what is fetched, when something is to be seen, and when the page answers a key.
import { atRest } from "../browser.mjs";
import { kilobytes, median, milliseconds } from "./text.mjs";

const times = 7;

/** Presses "?" again and again until somebody takes it. */
async function watchForAnswer(page) {
  await page.addInitScript(() => {
    const timer = setInterval(() => {
      const press = new KeyboardEvent("keydown", { key: "?", code: "Slash", bubbles: true, cancelable: true });
      if (!document.body || document.body.dispatchEvent(press)) return;
      clearInterval(timer);
      globalThis.answeredAt = performance.now();
    }, 1);
  });
}

async function load(browser, address) {
  const page = await browser.open(address, { prepare: watchForAnswer });
  await page.waitForFunction(() => globalThis.answeredAt !== undefined && performance.getEntriesByName("first-contentful-paint").length > 0);
  await atRest(page);
  const loaded = await page.evaluate(() => {
    const entries = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
    // By name: modules that others import have no initiator that tells.
    const isPage = ({ name, entryType }) => entryType === "navigation" || /\.(js|css)$/.test(new URL(name).pathname);
    return {
      bytes: entries.filter(isPage).map(({ encodedBodySize, decodedBodySize, name }) => ({ name: new URL(name).pathname, encodedBodySize, decodedBodySize })),
      painted: performance.getEntriesByName("first-contentful-paint")[0].startTime,
      answered: globalThis.answeredAt,
    };
  });
  await page.context().close();
  return loaded;
}

export async function firstLoad(clew, browser) {
  await load(browser, `${clew.http}/`); // the program's own first answer
  const loads = [];
  for (let time = 0; time < times; time++) loads.push(await load(browser, `${clew.http}/`));
  const sum = (of) => loads[0].bytes.reduce((total, one) => total + one[of], 0);
  return `First load, an empty cache each time (median of ${times}): ${kilobytes(sum("encodedBodySize"))} compressed (${kilobytes(sum("decodedBodySize"))} of page,
script and styles; the build stops above 150 kB), something to be seen after ${milliseconds(median(loads.map(({ painted }) => painted)))}, the first key answered after
${milliseconds(median(loads.map(({ answered }) => answered)))} (slowest ${milliseconds(Math.max(...loads.map(({ answered }) => answered)))}). Held to: 150 kB, 300 ms.`;
}
