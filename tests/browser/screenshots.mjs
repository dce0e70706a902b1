// Remakes the pictures of docs/img from a running clew with a shop's traffic in it, light and dark:
//   CLEW_BINARY=build/release/clew node tests/browser/screenshots.mjs
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { Clew } from "../clients/clew.js";
import { Exporter } from "../../examples/shop/otlp.mjs";
import { visit } from "../../examples/shop/shop.mjs";
import { Browser } from "./browser.mjs";

const target = fileURLToPath(new URL("../../docs/img", import.meta.url));
const visits = 900;
const pastMs = 55 * 60_000;

async function fill(clew) {
  const now = Date.now();
  const exporter = new Exporter(clew.http);
  for (let from = 0; from < visits; from += 50) {
    const some = Array.from({ length: 50 }, (_, index) => visit(now - 3000 - pastMs * ((visits - from - index) / visits)));
    await exporter.send("traces", some.flatMap((one) => one.spans));
    const logs = some.flatMap((one) => one.logs);
    if (logs.length > 0) await exporter.send("logs", logs);
  }
}

/** The failed trace that shows most. */
async function richestTrace(clew) {
  const { traces } = await clew.ask("/traces?errors=1&limit=200");
  return traces.sort((left, right) => right.services.length - left.services.length || right.spans - left.spans)[0].trace_id;
}

mkdirSync(target, { recursive: true });
const browser = await Browser.start();
const empty = await Clew.start();
const clew = await Clew.start();
try {
  await fill(clew);
  const trace = await richestTrace(clew);
  const scenes = [
    { name: "first-minutes", url: `${empty.http}/`, prepare: (page) => page.getByRole("tab", { name: "Node.js" }).click() },
    { name: "home", url: `${clew.http}/` },
    { name: "services", url: `${clew.http}/services` },
    { name: "traces", url: `${clew.http}/traces?limit=400` },
    {
      name: "trace",
      url: `${clew.http}/t/${trace}`,
      prepare: async (page) => {
        await page.getByRole("row", { includeHidden: true }).first().waitFor({ state: "attached" });
        await page.keyboard.press("e");
        await page.getByRole("complementary", { name: "Span" }).waitFor();
      },
    },
    { name: "query", url: `${clew.http}/q?q=${encodeURIComponent("COUNT, P95(duration_ms) GROUP BY service.name")}` },
    { name: "logs", url: `${clew.http}/logs` },
    { name: "arrivals", url: `${clew.http}/arrivals` },
  ];
  for (const colorScheme of ["light", "dark"]) {
    for (const { name, url, prepare } of scenes) {
      const page = await browser.open(url, { colorScheme });
      await page.waitForTimeout(900);
      await prepare?.(page);
      await page.waitForTimeout(400);
      const file = join(target, colorScheme === "light" ? `${name}.png` : `${name}-dark.png`);
      await page.screenshot({ path: file });
      console.log(file);
      await page.context().close();
    }
  }
} finally {
  await browser.stop();
  await Promise.all([empty.stop(), clew.stop()]);
}
