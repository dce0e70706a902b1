// What a long question shows first: its newest part, and later the whole. The whole is held back here until it is asked for,
// so that nothing depends on how fast the machine is.
import assert from "node:assert/strict";
import { createServer, request } from "node:http";
import { after, before, test } from "node:test";
import { Clew } from "../clients/clew.js";
import { Browser } from "./browser.mjs";
import { checkout, send } from "./traffic.mjs";

const day = 86_400_000;
const spansOfDay = 400;
let clew;
let browser;
let holder;

// Before clew: asks for a look at once, and keeps answers back.
class Holder {
  #held = [];
  isHolding = false;
  static async start(target) {
    const holder = new Holder();
    holder.server = createServer((incoming, outgoing) => {
      const chunks = [];
      incoming.on("data", (chunk) => chunks.push(chunk));
      incoming.on("end", () => {
        let body = Buffer.concat(chunks);
        const isQuestion = incoming.url === "/clew/v1/query";
        if (isQuestion) body = Buffer.from(JSON.stringify({ ...JSON.parse(body), first_look_after_ms: 0 }));
        const passed = request(`${target}${incoming.url}`, { method: incoming.method, headers: { ...incoming.headers, "content-length": body.length } }, (answer) => {
          outgoing.writeHead(answer.statusCode, answer.headers);
          if (!isQuestion) return void answer.pipe(outgoing);
          let text = "";
          answer.on("data", (chunk) => (text += chunk));
          answer.on("end", () => {
            const lines = text.split("\n").filter(Boolean);
            for (const line of lines.slice(0, -1)) outgoing.write(`${line}\n`);
            const end = () => outgoing.end(`${lines.at(-1)}\n`);
            if (holder.isHolding) holder.#held.push(end);
            else end();
          });
        });
        passed.on("error", () => outgoing.destroy());
        passed.end(body);
      });
    });
    await new Promise((listening) => holder.server.listen(0, "127.0.0.1", listening));
    holder.address = `http://127.0.0.1:${holder.server.address().port}`;
    return holder;
  }
  release() {
    this.isHolding = false;
    for (const end of this.#held.splice(0)) end();
  }
  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

before(async () => {
  [clew, browser] = await Promise.all([Clew.start(), Browser.start()]);
  holder = await Holder.start(clew.http);
  // A day's spans are stored apart from another day's.
  const { traces } = checkout();
  const known = traces.resourceSpans[0].scopeSpans[0].spans[0];
  for (let back = 5; back >= 1; --back) {
    const spans = Array.from({ length: spansOfDay }, (_, index) => {
      const start = BigInt(Date.now() - back * day + index * 1000) * 1_000_000n;
      const number = back * 1000 + index + 1;
      return { ...known, traceId: number.toString(16).padStart(32, "0"), spanId: number.toString(16).padStart(16, "0"), parentSpanId: "", startTimeUnixNano: String(start), endTimeUnixNano: String(start + 1_000_000n), events: [], links: [] };
    });
    await send(clew, "traces", { resourceSpans: [{ ...traces.resourceSpans[0], scopeSpans: [{ spans }] }] });
    // Whoever asks draws a line under what has come so far.
    await clew.ask("/query", { body: { query: "COUNT", from: "now-7d" } });
  }
});
after(async () => {
  holder?.stop();
  await browser?.stop();
  await clew?.stop();
});

test("the newest part is there first and says that it is one; then the whole takes its place", async () => {
  holder.isHolding = true;
  const page = await browser.open(`${holder.address}/q?q=COUNT&from=now-7d`);
  await page.getByText("the rest is being read").waitFor();
  const newest = Number((await page.getByRole("row").nth(1).innerText()).replace(/\D/g, ""));
  assert.ok(newest >= spansOfDay && newest < 5 * spansOfDay, String(newest));
  await page.getByRole("button", { name: "Cancel" }).waitFor();
  holder.release();
  await page.getByRole("row").filter({ hasText: "2,000" }).waitFor();
  assert.equal(await page.getByText("the rest is being read").count(), 0);
  assert.deepEqual(page.misdeeds, []);
});

test("the server sends the newest part ahead, and the whole last", async () => {
  const response = await fetch(`${clew.http}/clew/v1/query`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/x-ndjson" },
    body: JSON.stringify({ query: "COUNT", from: "now-7d", first_look_after_ms: 0 }),
  });
  const lines = (await response.text()).trimEnd().split("\n").map((line) => JSON.parse(line));
  const { from_ns, answer } = lines.find((line) => line.first_look).first_look;
  assert.ok(answer.rows[0][0] >= spansOfDay && answer.rows[0][0] < 5 * spansOfDay, String(answer.rows[0][0]));
  assert.ok(BigInt(from_ns) > BigInt(answer.range.from_ns));
  assert.equal(lines.at(-1).result.rows[0][0], 5 * spansOfDay);
});
