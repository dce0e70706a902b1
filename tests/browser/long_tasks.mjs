// Tasks over 50 ms, as the browser itself tells of them, kept over all the addresses that a page goes to.

/** To be given to a page before it loads anything. */
export async function watchLongTasks(page) {
  page.longTasks = [];
  await page.exposeBinding("tellLongTask", (_, task) => page.longTasks.push(task));
  await page.addInitScript(() => {
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) {
        globalThis.tellLongTask({ path: location.pathname, at: Math.round(startTime), took: Math.round(duration) });
      }
    }).observe({ type: "longtask", buffered: true });
  });
}

/** Those that have been told so far, after a moment in which the last could be. */
export async function longTasks(page) {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  return page.longTasks;
}
