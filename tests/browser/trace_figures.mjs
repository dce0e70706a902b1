// Measures traces of many spans in Chromium: how long one takes to open, and what a frame costs while it is scrolled,
// zoomed and pointed at. Prints a table for docs/performance.md.
//
//   node tests/browser/trace_figures.mjs [spans …]        100,000 and 1,000,000 unless told
import { Clew } from "../clients/clew.js";
import { Browser } from "./browser.mjs";
import { frameCosts } from "./frame_costs.mjs";
import { largeTrace, send, tracesOf } from "./traffic.mjs";

const spansOfRequest = 10_000;
const openings = 3;

async function store(clew, count) {
  const { traceId, spans } = largeTrace(count);
  for (let from = 0; from < count; from += spansOfRequest) {
    await send(clew, "traces", tracesOf({ catalogue: spans.slice(from, from + spansOfRequest) }));
  }
  return traceId;
}

/** Milliseconds from the address being asked for to the rows being drawn, the page itself included. */
async function open(browser, address) {
  const begin = performance.now();
  const page = await browser.open(address);
  await page.getByRole("row", { includeHidden: true }).first().waitFor({ state: "attached", timeout: 120_000 });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return { page, took: performance.now() - begin };
}

async function asked(address) {
  const begin = performance.now();
  const response = await fetch(address);
  const bytes = (await response.arrayBuffer()).byteLength;
  return { took: performance.now() - begin, bytes };
}

const median = (values) => [...values].sort((left, right) => left - right)[values.length >> 1];
const milliseconds = (value) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;

async function measure(clew, browser, count) {
  const traceId = await store(clew, count);
  const answers = [];
  const took = [];
  let page;
  for (let opening = 0; opening < openings; opening++) {
    answers.push(await asked(`${clew.http}/clew/v1/traces/${traceId}/outline`));
    await page?.context().close();
    const opened = await open(browser, `${clew.http}/t/${traceId}?repeats=open`);
    page = opened.page;
    took.push(opened.took);
  }
  const costs = await page.evaluate(frameCosts);
  const begin = performance.now();
  await page.locator(".trace-search input").fill("batch");
  await page.locator(".search-count", { hasText: /^[1-9]/ }).waitFor();
  const found = performance.now() - begin;
  await page.context().close();
  const row = [
    count.toLocaleString("en"),
    `${(answers[0].bytes / 1e6).toFixed(1)} MB`,
    milliseconds(median(answers.map((answer) => answer.took))),
    milliseconds(median(took)),
    ...["scroll", "jump", "zoom", "hover"].map((what) => `${milliseconds(costs[what].median)} / ${milliseconds(costs[what].p95)}`),
    milliseconds(found),
  ];
  console.log(`| ${row.join(" | ")} |`);
}

const counts = process.argv.slice(2).map(Number);
const [clew, browser] = await Promise.all([Clew.start(), Browser.start()]);
try {
  console.log("| spans | outline | server's answer | opened | scroll | jump | zoom | point | search |");
  console.log("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
  for (const count of counts.length > 0 ? counts : [100_000, 1_000_000]) await measure(clew, browser, count);
} finally {
  await browser.stop();
  await clew.stop();
}
