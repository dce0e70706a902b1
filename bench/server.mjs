// A clew under measurement: started on an empty directory, watched through /proc, asked over HTTP.
import { execFileSync, spawn } from "node:child_process";
import { readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { Agent, request } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";

const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const ticksPerSecond = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

export class Server {
  static async start(binary, directory, extra = []) {
    rmSync(directory, { recursive: true, force: true });
    const port = await freePort();
    const child = spawn(binary, ["serve", "--data", directory, "--listen", `127.0.0.1:${port}`, "--quiet", ...extra], {
      stdio: ["ignore", "inherit", "inherit"],
    });
    const server = new Server(child, port, directory);
    for (let i = 0; i < 100 && child.exitCode === null; ++i) {
      try {
        await server.get("/healthz");
        return server;
      } catch {
        await sleep(50);
      }
    }
    throw new Error(`clew did not start (exit code ${child.exitCode})`);
  }

  constructor(child, port, directory) {
    Object.assign(this, { child, port, directory });
    this.agent = new Agent({ keepAlive: true, maxSockets: 1, noDelay: true });
  }

  async stop() {
    this.agent.destroy();
    if (this.child.exitCode !== null) return;
    const ended = new Promise((done) => this.child.once("exit", done));
    this.child.kill("SIGTERM");
    await ended;
  }

  // User and system time of the process so far.
  cpuSeconds() {
    const fields = readFileSync(`/proc/${this.child.pid}/stat`, "utf8").split(") ")[1].split(" ");
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  }

  // The same by thread name.
  cpuSecondsOfThreads() {
    const seconds = {};
    for (const task of readdirSync(`/proc/${this.child.pid}/task`)) {
      const [, name, rest] = /\((.*)\) (.*)/s.exec(readFileSync(`/proc/${this.child.pid}/task/${task}/stat`, "utf8"));
      const fields = rest.split(" ");
      seconds[name] = (seconds[name] ?? 0) + (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
    }
    return seconds;
  }

  residentBytes() {
    return 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.child.pid}/status`, "utf8"))[1]);
  }

  peakResidentBytes() {
    return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${this.child.pid}/status`, "utf8"))[1]);
  }

  diskBytes(part = "") {
    const directory = join(this.directory, part);
    const sizes = readdirSync(directory, { recursive: true }).map((name) => {
      // A file may go while we look.
      const found = statSync(join(directory, name), { throwIfNoEntry: false });
      return found?.isFile() ? found.size : 0;
    });
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  async counters() {
    const { text } = await this.get("/metrics");
    return Object.fromEntries([...text.matchAll(/^(\w+) (\S+)$/gm)].map(([, name, value]) => [name, Number(value)]));
  }

  // Returns when all is in parts (a generation is sealed after a minute at the latest), nothing has been sealed or merged
  // for three seconds, and next to no time was used.
  async settle(seconds = 300) {
    const smallLog = 1 << 20;
    let quiet = 0, before = { cpu: this.cpuSeconds(), work: "" };
    for (let i = 0; i < seconds && (quiet < 3 || this.diskBytes("store/wal") > smallLog); ++i) {
      await sleep(1000);
      const counters = await this.counters();
      const now = { cpu: this.cpuSeconds(), work: `${counters.clew_seals_total} ${counters.clew_merges_total}` };
      quiet = now.work === before.work && now.cpu - before.cpu < 0.05 ? quiet + 1 : 0;
      before = now;
    }
  }

  get(path) {
    return this.call("GET", path);
  }

  // Answers with the milliseconds that the caller waited.
  async ask(body) {
    const { milliseconds, text } = await this.call("POST", "/clew/v1/query", JSON.stringify(body));
    return { milliseconds, answer: JSON.parse(text) };
  }

  call(method, path, body) {
    return new Promise((resolve, reject) => {
      const began = performance.now();
      const headers = body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
      const sent = request({ host: "127.0.0.1", port: this.port, method, path, headers, agent: this.agent }, (response) => {
        const parts = [];
        response.on("data", (part) => parts.push(part));
        response.on("error", reject);
        response.on("end", () => {
          const milliseconds = performance.now() - began;
          const text = Buffer.concat(parts).toString();
          if (response.statusCode === 200) resolve({ milliseconds, text });
          else reject(new Error(`${method} ${path} answered ${response.statusCode}: ${text.slice(0, 500)}`));
        });
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }
}

export function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
