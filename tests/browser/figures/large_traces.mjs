// Traces of many spans: how long one takes to open, how many frames there are in a second while it is scrolled and zoomed, and what the
// page's own code does in one.
import { readFileSync } from "node:fs";
import { frameCosts } from "../frame_costs.mjs";
import { largeTrace, send, tracesOf } from "../traffic.mjs";
import { median, milliseconds, table } from "./text.mjs";

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
  const page = await browser.open(address, { motion: true });
  await page.getByRole("row", { includeHidden: true }).first().waitFor({ state: "attached", timeout: 120_000 });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return { page, took: performance.now() - begin };
}

/** Milliseconds of processor time that a process has had, as Linux counts it. */
function processorTime({ pid }) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function asked(clew, traceId) {
  const [begin, before] = [performance.now(), processorTime(clew.process)];
  const response = await fetch(`${clew.http}/clew/v1/traces/${traceId}/outline`);
  const bytes = (await response.arrayBuffer()).byteLength;
  return { took: performance.now() - begin, processor: processorTime(clew.process) - before, bytes };
}

async function measure(clew, browser, count) {
  const traceId = await store(clew, count);
  const answers = [];
  const took = [];
  let page;
  for (let opening = 0; opening < openings; opening++) {
    answers.push(await asked(clew, traceId));
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
  return { count, bytes: answers[0].bytes, answered: median(answers.map((answer) => answer.took)), processor: median(answers.map((answer) => answer.processor)), opened: median(took), costs, found };
}

export async function largeTraces(clew, browser, counts) {
  const measured = [];
  for (const count of counts) measured.push(await measure(clew, browser, count));
  const frames = (what) => ({ costs }) => `${costs[what].perSecond.toFixed(0)} (${milliseconds(costs[what].median)}, ${milliseconds(costs[what].p95)})`;
  return `Traces of many spans. Frames a second, and in brackets what the page's own code did in one: median, 95th percentile. Held to: a
million spans open within 3 s; 60 frames a second with 100,000.

${table([
  ["spans", ({ count }) => count.toLocaleString("en")],
  ["outline", ({ bytes }) => `${(bytes / 1e6).toFixed(1)} MB`],
  ["server's answer (its processor time)", ({ answered, processor }) => `${milliseconds(answered)} (${processor < 10 ? "under 10 ms" : milliseconds(processor)})`],
  ["opened", ({ opened }) => milliseconds(opened)],
  ["scrolling", frames("scroll")],
  ["thrown about", frames("jump")],
  ["zooming", frames("zoom")],
  ["pointing", frames("hover")],
  ["search", ({ found }) => milliseconds(found)],
], measured)}`;
}
