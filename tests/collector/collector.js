// Starts a `clew collect` of its own, and a `clew serve` with a certificate to send to.
import {execFileSync, spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {Agent, request} from 'node:https';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const binary = resolve(root, process.env.CLEW_BINARY ?? 'build/release/clew');
const startLimitMs = 20_000;

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export async function until(what, condition, limitMs = 30_000) {
  for (const end = Date.now() + limitMs; Date.now() < end; await sleep(50)) {
    const found = await condition();
    if (found) return found;
  }
  throw new Error(`did not happen: ${what}`);
}

export async function freePorts(count) {
  const servers = await Promise.all(Array.from({length: count}, () => new Promise((done, fail) => {
    const server = createServer().once('error', fail).listen(0, '127.0.0.1', () => done(server));
  })));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

export function temporaryDirectory() {
  return mkdtempSync(join(tmpdir(), 'clew-collector-'));
}

// A program under test, with everything it said.
class Program {
  constructor(args, environment = {}) {
    this.output = '';
    this.process = spawn(binary, args, {stdio: ['ignore', 'pipe', 'pipe'], env: {...process.env, ...environment}});
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on('data', (text) => this.output += text);
    this.ended = new Promise((done) => this.process.once('exit', (code, signal) => {
      this.isOver = true;
      done(signal ?? code);
    }));
  }

  async saying(text) {
    await until(`"${text}" in the output of ${this.process.spawnargs.join(' ')}`, () => {
      if (this.isOver && !this.output.includes(text)) throw new Error(`it ended:\n${this.output}`);
      return this.output.includes(text);
    }, startLimitMs).catch((failure) => { throw new Error(`${failure.message}\n${this.output}`); });
  }

  async stop(signal = 'SIGTERM') {
    if (!this.isOver) this.process.kill(signal);
    return this.ended;
  }
}

export class Collector extends Program {
  // `config`: the text of a file, or the path of one. `metricsPort` instead of 8888, which others may use.
  static async start({config, path, sets = [], environment = {}, metricsPort}) {
    const directory = temporaryDirectory();
    const file = path ?? join(directory, 'config.yaml');
    if (config) writeFileSync(file, config);
    const port = metricsPort ?? (await freePorts(1))[0];
    const all = [`service.telemetry.metrics.address=127.0.0.1:${port}`, ...sets];
    const collector = new Collector(['collect', `--config=${file}`, ...all.flatMap((set) => ['--set', set])], environment);
    collector.directory = directory;
    collector.file = file;
    collector.metricsPort = port;
    await collector.saying('Everything is ready');
    return collector;
  }

  async metric(name, labels = '') {
    const text = await (await fetch(`http://127.0.0.1:${this.metricsPort}/metrics`)).text();
    const line = text.split('\n').find((one) => one.startsWith(`${name}${labels} `) || (!labels && one.startsWith(`${name}{`)));
    return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1));
  }

  async stop(signal) {
    const how = await super.stop(signal);
    rmSync(this.directory, {recursive: true, force: true});
    return how;
  }
}

// A certificate for localhost that vouches for itself.
export function makeCertificate(directory) {
  const certificate = join(directory, 'cert.pem'), key = join(directory, 'key.pem');
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
    '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', certificate],
  {stdio: 'ignore'});
  return {certificate, key};
}

// `clew serve` with TLS and a key: what the collector sends to.
export class Backend extends Program {
  static async start({directory = temporaryDirectory(), port, tls = true} = {}) {
    const files = tls ? makeCertificate(directory) : undefined;
    const data = join(directory, 'data');
    const key = execFileSync(binary, ['keys', 'create', '--name', 'collector', '--data', data], {encoding: 'utf8'}).split('\n')[0];
    return Backend.resume({directory, data, files, key, port: port ?? (await freePorts(1))[0]});
  }

  static async resume(what) {
    const tls = what.files ? ['--tls-cert', what.files.certificate, '--tls-key', what.files.key] : [];
    const backend = new Backend(['serve', '--data', what.data, '--listen', `127.0.0.1:${what.port}`, ...tls]);
    backend.what = what;
    Object.assign(backend, what);
    await until('the backend is ready', async () => {
      if (backend.isOver) throw new Error(`it ended:\n${backend.output}`);
      try {
        return (await backend.fetch('/readyz')).status === 200;
      } catch { return false; }
    });
    return backend;
  }

  fetch(path, body) {
    if (!this.files) {
      return fetch(`http://127.0.0.1:${this.port}${path}`, {
        method: body ? 'POST' : 'GET', body,
        headers: {'x-honeycomb-team': this.key, ...(body && {'content-type': 'application/json'})},
      }).then(async (response) => ({status: response.status, text: await response.text()}));
    }
    return new Promise((done, fail) => {
      const asked = request({
        host: 'localhost', port: this.port, path, method: body ? 'POST' : 'GET', agent: new Agent({ca: readFileSync(this.files.certificate)}),
        headers: {'x-honeycomb-team': this.key, ...(body && {'content-type': 'application/json'})},
      }, (response) => {
        let text = '';
        response.on('data', (piece) => text += piece);
        response.on('end', () => done({status: response.statusCode, text}));
      });
      asked.once('error', fail);
      asked.end(body);
    });
  }

  async query(signal, query) {
    const answer = await this.fetch('/clew/v1/query', JSON.stringify({signal, query, from: 'now-1h', to: 'now'}));
    if (answer.status !== 200) throw new Error(`${query}: ${answer.status} ${answer.text}`);
    const {columns, rows} = JSON.parse(answer.text);
    return rows.map((row) => Object.fromEntries(row.map((value, i) => [columns[i].name, value])));
  }

  remove() {
    rmSync(this.directory, {recursive: true, force: true});
  }
}
