// Ordinary use, with the browser telling of every task over 50 ms: all views one after the other, a question and a box on its heat map, a
// trace zoomed, folded, searched and looked at in all its pictures.
import { Exporter } from "../../../examples/shop/otlp.mjs";
import { visit } from "../../../examples/shop/shop.mjs";
import { atRest, dragOver, pressInTurn, sizeOf } from "../browser.mjs";
import { longTasks, watchLongTasks } from "../long_tasks.mjs";
import { table } from "./text.mjs";

const visits = 900;

export async function fillWithShop(clew) {
  const now = Date.now();
  const exporter = new Exporter(clew.http);
  for (let from = 0; from < visits; from += 100) {
    const some = Array.from({ length: 100 }, (_, index) => visit(now - 3000 - (visits - from - index) * 3500));
    await exporter.send("traces", some.flatMap((one) => one.spans));
    const logs = some.flatMap((one) => one.logs);
    if (logs.length > 0) await exporter.send("logs", logs);
  }
}

const scroll = (page, selector) =>
  page.locator(selector).first().evaluate(async (box) => {
    for (let step = 0; step < 60; step++) {
      box.scrollTop += 90;
      await new Promise(requestAnimationFrame);
    }
  });

async function lookAtTrace(page) {
  await page.getByRole("row", { includeHidden: true }).first().waitFor({ state: "attached" });
  for (const key of ["j", "j", "j", "e", "f", "f", "w", "a", "d", "s", "0", "h", "u", "o", "U", "2", "C", "p", "v", "v", "v"]) {
    await page.keyboard.press(key);
    await atRest(page);
  }
  await page.locator(".trace-search input").pressSequentially("charge");
  await atRest(page);
}

const steps = [
  ["the first load", async () => {}],
  ["services", (page) => pressInTurn(page, "g s")],
  ["the map", (page) => pressInTurn(page, "g m")],
  ["a thousand traces", async (page, clew) => {
    await page.goto(`${clew.http}/traces?limit=1000`);
    await page.getByRole("list", { name: "Traces" }).waitFor();
    await scroll(page, ".list");
  }],
  ["a trace, all its pictures", async (page) => {
    await page.getByRole("list", { name: "Traces" }).getByRole("link").first().click();
    await lookAtTrace(page);
  }],
  ["a comparison with a typical one", async (page) => {
    await page.locator(".trace-search input").press("Escape");
    await page.keyboard.press("t");
    await page.getByRole("heading", { name: "Comparison" }).waitFor();
  }],
  ["a question by service, over time", (page, clew) => page.goto(`${clew.http}/q?q=${encodeURIComponent("COUNT, P95(duration_ms) GROUP BY service.name")}`)],
  ["a heat map, and what sets a box on it apart", async (page, clew) => {
    await page.goto(`${clew.http}/q?q=${encodeURIComponent("HEATMAP(duration_ms)")}`);
    const plot = page.locator(".heatmap-plot");
    await plot.waitFor();
    const { width, height } = await sizeOf(plot);
    await dragOver(plot, [66, 8], [width - 18, 6 + (height - 28) * 0.2]);
    await page.getByText(/differs by/).first().waitFor();
  }],
  ["logs, scrolled", async (page) => {
    await pressInTurn(page, "g l");
    await page.waitForURL("**/logs**");
    await page.locator(".log-row").first().waitFor();
    await scroll(page, ".list");
  }],
  ["errors", (page, clew) => page.goto(`${clew.http}/errors`)],
  ["arrivals, boards, history, alerts, settings", async (page, clew) => {
    for (const path of ["/arrivals", "/boards", "/history", "/alerts", "/settings"]) {
      await page.goto(clew.http + path);
      await atRest(page);
    }
  }],
];

/** Told apart from a browser that tells of none: one task that is long on purpose. */
async function checkThatLongTasksAreTold(page) {
  await page.evaluate(() =>
    setTimeout(() => {
      for (const end = performance.now() + 120; performance.now() < end; );
    }),
  );
  await page.waitForTimeout(300);
  if ((await longTasks(page)).length === 0) throw new Error("a task of 120 ms was not told of");
  page.longTasks.length = 0;
}

export async function ordinaryUse(clew, browser) {
  const page = await browser.open(`${clew.http}/`, { prepare: watchLongTasks, motion: true });
  const told = [];
  for (const [what, act] of steps) {
    await act(page, clew);
    await atRest(page);
    await page.waitForTimeout(200);
    told.push({ what, tasks: (await longTasks(page)).map(({ took }) => took) });
    page.longTasks.length = 0;
  }
  await checkThatLongTasksAreTold(page);
  await page.context().close();
  const long = told.filter(({ tasks }) => tasks.length > 0);
  const sentence = `Ordinary use of the page over ${visits} traces of a shop, in ${steps.length} steps (${steps.map(([what]) => what).join("; ")}).`;
  if (long.length === 0) return `${sentence} No task took longer than 50 ms.`;
  return `${sentence} Tasks over 50 ms:

${table([
  ["step", ({ what }) => what],
  ["tasks over 50 ms", ({ tasks }) => tasks.length],
  ["the longest", ({ tasks }) => `${Math.max(...tasks)} ms`],
], long)}`;
}
