// Memory over a live tail: once the list of lines is full, what is left after forced collections must not grow.
import { nanos, send } from "../traffic.mjs";

const linesOfRequest = 100;
const requestEveryMs = 100;
const lookEveryMs = 5000;
const fullAt = 20_000;
const longestWarmUpMs = 180_000;

const request = (from) => ({
  resourceLogs: [
    {
      resource: { attributes: [{ key: "service.name", value: { stringValue: "tailed" } }] },
      scopeLogs: [{ logRecords: Array.from({ length: linesOfRequest }, (_, index) => ({ timeUnixNano: nanos(Date.now() + index / 100), severityNumber: 9, body: { stringValue: `line ${from + index} of the tail, for user ${(from + index) % 977}` } })) }],
    },
  ],
});

/** Least squares: how much `y` grows with each `x`. */
function slope(points) {
  const mean = (of) => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  return points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) / points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
}

/** Bytes of the objects, arrays, texts and functions in the heap: what a page could leak; compiled code and the browser's own are others. */
async function bytesOfThePage(devtools) {
  let text = "";
  const take = ({ chunk }) => (text += chunk);
  devtools.on("HeapProfiler.addHeapSnapshotChunk", take);
  await devtools.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  devtools.off("HeapProfiler.addHeapSnapshotChunk", take);
  const { snapshot, nodes } = JSON.parse(text);
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const own = new Set(["object", "array", "string", "concatenated string", "sliced string", "closure", "number", "bigint"]);
  const [type, size] = [fields.indexOf("type"), fields.indexOf("self_size")];
  let bytes = 0;
  for (let at = 0; at < nodes.length; at += fields.length) if (own.has(types[0][nodes[at + type]])) bytes += nodes[at + size];
  return bytes;
}

export async function liveTail(clew, browser, seconds) {
  let sent = 0;
  let isOver = false;
  const sending = (async () => {
    while (!isOver) {
      await send(clew, "logs", request(sent));
      sent += linesOfRequest;
      await new Promise((done) => setTimeout(done, requestEveryMs));
    }
  })();
  const page = await browser.open(`${clew.http}/logs`);
  await page.locator(".log-row").first().waitFor();
  const devtools = await page.context().newCDPSession(page);
  const look = async () => {
    await devtools.send("HeapProfiler.collectGarbage");
    return (await devtools.send("Runtime.getHeapUsage")).usedSize;
  };
  // Lines in the list, by its height: only those in sight exist.
  const kept = () => page.evaluate(() => Math.round(document.querySelector(".list").firstElementChild.offsetHeight / document.querySelector(".log-row").offsetHeight));
  const start = performance.now();
  while ((await kept()) < fullAt && performance.now() - start < longestWarmUpMs) await page.waitForTimeout(lookEveryMs);
  const warmUp = (performance.now() - start) / 1000;
  const ownBefore = await bytesOfThePage(devtools);
  const before = sent;
  const begin = performance.now();
  const points = [];
  while (performance.now() - begin < seconds * 1000) {
    points.push({ x: (performance.now() - begin) / 60_000, y: await look() });
    await page.waitForTimeout(lookEveryMs);
  }
  const took = (performance.now() - begin) / 1000;
  const ownAfter = await bytesOfThePage(devtools);
  isOver = true;
  await sending;
  const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
  const lines = await kept();
  await page.context().close();
  const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
  const growth = slope(points) / 1000;
  return `A live tail for ${took.toFixed(0)} s at ${((sent - before) / took).toFixed(0)} lines a second, begun when the list had filled (${warmUp.toFixed(0)} s; ${lines.toLocaleString("en")} lines are kept): the heap after forced collections was
${megabytes(points[0].y)} at the beginning and ${megabytes(points.at(-1).y)} at the end; the line through all ${points.length} of them ${growth < 0 ? "falls" : "rises"} by ${Math.abs(growth).toFixed(0)} kB a minute. Of that,
the page's own objects and texts were ${(ownBefore / 1e6).toFixed(2)} MB and ${(ownAfter / 1e6).toFixed(2)} MB; the rest is compiled code and what the browser's tools note down. The page had ${nodes} elements.${took < 3500 ? " (An hour would say more; this is a run scaled down.)" : ""}`;
}
