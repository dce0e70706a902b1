// X-Ray segments over UDP at a steady rate: nobody waits for an answer, so what cannot be taken is lost, and counted.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { digits, thousands } from "./table.mjs";

export const name = "datagrams";

const counted = ["udp_datagrams", "udp_datagrams_dropped", "xray_datagrams_stored", "refused_xray_datagrams", "refused_xray_datagram_segments", "xray_datagrams_lost"];
const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

export async function measure({ startServer, freePort, buildDirectory, say, quick }) {
  say("Sending datagrams");
  const port = await freePort();
  const server = await startServer(["--xray-listen", `127.0.0.1:${port}`]);
  try {
    const { stdout } = await promisify(execFile)(join(buildDirectory, "clew_datagrams"), [String(port), "50000", quick ? "3" : "30"]);
    const sent = JSON.parse(stdout);
    for (let i = 0; i < 100; ++i) {
      const counters = await server.counters();
      const [received, dropped, ...ends] = counted.map((short) => counters[`clew_${short}_total`]);
      const [stored, malformed, refused, lost] = ends;
      if (received + dropped === sent.sent && ends.reduce((sum, one) => sum + one) === received)
        return { ...sent, received, dropped, stored, malformed, refused, lost, cpu_seconds: server.cpuSeconds(), peak_bytes: server.peakResidentBytes() };
      await sleep(100);
    }
    throw new Error("not every datagram was stored or counted");
  } finally {
    await server.stop();
  }
}

export function report(one) {
  return `${thousands(one.sent)} X-Ray segments of ${one.bytes} bytes over UDP on loopback, ${thousands(Math.round(one.per_second))} a second for ${digits(one.seconds)} s: ${thousands(one.stored)} stored, ${thousands(one.dropped)} dropped by the kernel, ${thousands(one.malformed + one.refused + one.lost)} refused or lost. Processor time of clew ${digits(one.cpu_seconds)} s, most memory ${thousands(Math.round(one.peak_bytes / 1e6))} MB.`;
}
