// Starts a clew of its own on free ports and a temporary directory, and asks it what arrived.
import {execFileSync, spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const binary = resolve(root, process.env.CLEW_BINARY ?? 'build/release/clew');
const startLimitMs = 20_000;

async function freePorts(count) {
  const servers = await Promise.all(Array.from({length: count}, () => new Promise((done, fail) => {
    const server = createServer().once('error', fail).listen(0, '127.0.0.1', () => done(server));
  })));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export class Clew {
  // `keys`: {key: environment}. Two doors on free ports unless `ports` names others; all of them speak everything.
  // `prepare` is called with the stopped clew, whose data directory is there; `flags` are more of `clew serve`.
  static async start({keys = {}, ports, flags = [], prepare = () => {}} = {}) {
    const clew = new Clew();
    clew.data = mkdtempSync(join(tmpdir(), 'clew-clients-'));
    for (const [key, environment] of Object.entries(keys)) {
      clew.run('keys', 'create', '--name', `key ${key}`, '--key', key, '--environment', environment);
    }
    prepare(clew);
    clew.ports = ports ?? await freePorts(2);
    clew.flags = flags;
    await clew.launch();
    return clew;
  }

  async launch() {
    this.output = '';
    this.process = spawn(binary, ['serve', '--data', this.data, ...this.ports.flatMap((port) => ['--listen', `127.0.0.1:${port}`]), ...this.flags],
      {stdio: ['ignore', 'pipe', 'pipe']});
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.on('data', (text) => this.output += text);
    }
    this.ended = new Promise((done) => this.process.once('exit', (code, signal) => done(code ?? signal)));
    await this.ready();
  }

  // The same clew again, with the same data at the same doors.
  async restart() {
    await this.end();
    await this.launch();
  }

  get http() { return `http://127.0.0.1:${this.ports[0]}`; }
  get grpc() { return `http://127.0.0.1:${this.ports[1]}`; }

  run(...command) {
    return execFileSync(binary, [...command, '--data', this.data], {encoding: 'utf8'});
  }

  async ready() {
    let over = false;
    this.ended.then(() => over = true);
    for (const end = Date.now() + startLimitMs; Date.now() < end && !over; await sleep(20)) {
      try {
        if ((await fetch(`${this.http}/readyz`)).ok) return;
      } catch { /* not listening yet */ }
    }
    throw new Error(`clew did not start:\n${this.output}`);
  }

  // An answer of clew's own API. Throws the server's sentence when it is a refusal.
  async ask(path, {key, body} = {}) {
    const response = await fetch(`${this.http}/clew/v1${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {...(key && {'x-honeycomb-team': key}), ...(body && {'content-type': 'application/json'})},
      body: body && JSON.stringify(body),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${answer.error}`);
    return answer;
  }

  // Rows of a query as objects.
  async query(signal, query, options = {}) {
    const answer = await this.ask('/query', {...options, body: {signal, query, from: 'now-1h', to: 'now'}});
    return answer.rows.map((row) => Object.fromEntries(row.map((value, i) => [answer.columns[i].name, value])));
  }

  async counter(name) {
    const text = await (await fetch(`${this.http}/metrics`)).text();
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
    return line === undefined ? undefined : Number(line.split(' ')[1]);
  }

  async end() {
    this.process.kill('SIGTERM');
    const how = await this.ended;
    if (how !== 0) throw new Error(`clew ended with ${how}:\n${this.output}`);
  }

  async stop() {
    try {
      await this.end();
    } finally {
      rmSync(this.data, {recursive: true, force: true});
    }
  }
}

// [{key, type, value}] as {key: value}.
export const plain = (attributes) => Object.fromEntries(attributes.map(({key, value}) => [key, value]));
