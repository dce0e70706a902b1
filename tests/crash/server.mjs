// The real program on one data directory, started and killed again and again.
import {spawn} from 'node:child_process';
import {createServer} from 'node:net';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {setTimeout as sleep} from 'node:timers/promises';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const binary = resolve(root, process.env.CLEW_BINARY ?? join('build', 'release', 'clew'));
const startLimitMs = 30_000;

const freePort = () => new Promise((done, fail) => {
  const server = createServer().once('error', fail).listen(0, '127.0.0.1', () => {
    const {port} = server.address();
    server.close(() => done(port));
  });
});

export class Server {
  static async spawn(directory, {sealRows}) {
    const server = new Server();
    server.port = await freePort();
    server.output = '';
    server.process = spawn(binary, ['serve', '--data', directory, '--listen', `127.0.0.1:${server.port}`, '--seal-rows', `${sealRows}`],
      {stdio: ['ignore', 'pipe', 'pipe']});
    for (const stream of [server.process.stdout, server.process.stderr]) stream.on('data', (text) => server.output += text);
    server.ended = new Promise((done, fail) => {
      server.process.once('error', fail);
      server.process.once('exit', (code, signal) => {
        server.isOver = true;
        done(signal ?? code);
      });
    });
    return server;
  }

  async ready() {
    for (const end = Date.now() + startLimitMs; Date.now() < end && !this.isOver; await sleep(10)) {
      try {
        if ((await fetch(`http://127.0.0.1:${this.port}/readyz`)).ok) return;
      } catch { /* not listening yet */ }
    }
    throw new Error(`clew did not start:\n${this.output}`);
  }

  // SIGKILL: no time for anything. SIGTERM: an orderly end.
  async stop(signal) {
    this.process.kill(signal);
    return this.ended;
  }

  async ask(path, body) {
    const response = await fetch(`http://127.0.0.1:${this.port}/clew/v1${path}`,
      body && {method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify(body)});
    const answer = await response.json();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  }

  async rows(specification) {
    const now = Math.floor(Date.now() / 1000);
    const answer = await this.ask('/query', {specification: {...specification, start_time: now - 7 * 86_400, end_time: now + 60}});
    if (answer.partial) throw new Error(`the answer is partial: ${answer.partial_reason}`);
    return answer.rows;
  }

  async counters() {
    const text = await (await fetch(`http://127.0.0.1:${this.port}/metrics`)).text();
    return Object.fromEntries(text.split('\n').filter((line) => /^clew_\w+ /.test(line)).map((line) => {
      const [name, value] = line.split(' ');
      return [name, Number(value)];
    }));
  }
}
