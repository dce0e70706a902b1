// Visitors of the bookshop of tests/clients/bookshop_app.js, which runs as a process of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const app = fileURLToPath(new URL("../clients/bookshop_app.js", import.meta.url));

/** Lets visitors ask, `together` at a time; comes back when the application has ended and sent all it knew. */
export async function visitBookshop(clew, tenants, together = 20) {
  const shop = spawn(process.execPath, [app], { env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: clew.http }, stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(shop, "exit");
  try {
    const [line] = await once(shop.stdout.setEncoding("utf8"), "data");
    for (let from = 0; from < tenants.length; from += together) {
      await Promise.all(tenants.slice(from, from + together).map(async (tenant) => (await fetch(`${line.trim()}?tenant=${tenant}`)).text()));
    }
  } finally {
    shop.stdin.end();
  }
  const [code] = await ended;
  if (code !== 0) throw new Error(`the bookshop ended with ${code}`);
}
