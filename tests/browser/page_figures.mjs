// Measures the page in Chromium and writes what it found into docs/performance.md, between its markers: the first load, tasks over 50 ms in
// ordinary use, traces of many spans, memory over a live tail. On a machine that does nothing else:
//
//   node tests/browser/page_figures.mjs                   all of it, into the document
//   node tests/browser/page_figures.mjs --print load use traces tail       only to look at; any of the four
//   node tests/browser/page_figures.mjs --print tail=3600                  the live tail for so many seconds
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { Clew } from "../clients/clew.js";
import { Browser } from "./browser.mjs";
import { firstLoad } from "./figures/first_load.mjs";
import { largeTraces } from "./figures/large_traces.mjs";
import { liveTail } from "./figures/live_tail.mjs";
import { fillWithShop, ordinaryUse } from "./figures/ordinary_use.mjs";

const document = fileURLToPath(new URL("../../docs/performance.md", import.meta.url));
const [begin, end] = ["<!-- page: begin -->", "<!-- page: end -->"];
const spanCounts = [10_000, 100_000, 1_000_000];
const usualTailSeconds = 300;

/** A clew and a browser of its own for each part. */
async function apart(act, prepare) {
  const [clew, browser] = await Promise.all([Clew.start(), Browser.start()]);
  try {
    await prepare?.(clew);
    return await act(clew, browser);
  } finally {
    await browser.stop();
    await clew.stop();
  }
}

const parts = {
  load: () => apart(firstLoad, fillWithShop),
  use: () => apart(ordinaryUse, fillWithShop),
  traces: () => apart((clew, browser) => largeTraces(clew, browser, spanCounts)),
  tail: (seconds = usualTailSeconds) => apart((clew, browser) => liveTail(clew, browser, Number(seconds))),
};

const [first, ...rest] = process.argv.slice(2);
const isPrinted = first === "--print";
const wanted = isPrinted && rest.length > 0 ? rest : Object.keys(parts);
const load = loadavg()[0];
const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: fileURLToPath(new URL(".", import.meta.url)), encoding: "utf8" }).trim();
const texts = [
  `Measured ${new Date().toISOString().slice(0, 10)} at ${commit} by \`node tests/browser/page_figures.mjs\`: ${cpus().length} cores (${cpus()[0].model.trim()}), which
clew, Chromium and the measuring share; the load was ${load.toFixed(1)} as it began${load > 1 ? ", so that times by the clock are longer than they need be" : ""}. Chromium draws in software here, without a graphics
card: frames are counted as they are, and what the page's own code does in one is told beside them.`,
];
for (const name of wanted) {
  const [part, argument] = name.split("=");
  texts.push(await parts[part](argument));
  if (isPrinted) console.log(`${texts.at(-1)}\n`);
}
if (!isPrinted) {
  const page = readFileSync(document, "utf8");
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${document} has lost its markers`);
  writeFileSync(document, `${page.slice(0, from + begin.length)}\n\n${texts.join("\n\n")}\n\n${page.slice(to)}`);
}
console.log(texts[0]);
