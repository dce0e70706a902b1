// Those who are notified: a webhook's receiver and a mail server, both real and on this machine.
import {execFileSync, spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import {sleep} from '../clients/clew.js';

// `what` until it gives something; for a minute.
export async function eventually(what, describe = 'it') {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(50)) {
    const found = await what();
    if (found) return found;
  }
  throw new Error(`${describe} did not happen`);
}

export class WebhookReceiver {
  // `answer` gets the number of the request, from 1, and its path, and gives the status.
  static async start(answer = () => 204) {
    const receiver = new WebhookReceiver();
    receiver.requests = [];
    receiver.server = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => body += part).on('end', () => {
        receiver.requests.push({path: request.url, headers: request.headers, body: JSON.parse(body)});
        response.writeHead(answer(receiver.requests.length, request.url)).end();
      });
    });
    await new Promise((done) => receiver.server.listen(0, '127.0.0.1', done));
    return receiver;
  }
  get url() { return `http://127.0.0.1:${this.server.address().port}`; }
  stop() {
    this.server.closeAllConnections?.();
    return new Promise((done) => this.server.close(done));
  }
}

export class MailServer {
  // `without`: mechanisms of AUTH that are not offered.
  static async start({without = []} = {}) {
    const server = new MailServer();
    server.directory = mkdtempSync(join(tmpdir(), 'clew-mail-'));
    server.certificate = join(server.directory, 'certificate.pem');
    const key = join(server.directory, 'key.pem');
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost',
      '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', server.certificate], {stdio: 'ignore'});
    server.messages = [];
    server.process = spawn('/usr/bin/python3',
      [fileURLToPath(new URL('mail_server.py', import.meta.url)), server.certificate, key, ...without], {stdio: ['ignore', 'pipe', 'inherit']});
    const lines = createInterface({input: server.process.stdout});
    server.port = await new Promise((done, fail) => {
      lines.once('line', (line) => done(Number(line)));
      server.process.once('exit', () => fail(new Error('the mail server did not start')));
    });
    lines.on('line', (line) => server.messages.push(JSON.parse(line)));
    return server;
  }
  async stop() {
    const ended = new Promise((done) => this.process.once('exit', done));
    this.process.kill();
    await ended;
    rmSync(this.directory, {recursive: true, force: true});
  }
}

// The text of a mail as clew writes it.
export const textOfMail = (mail) => Buffer.from(mail.text.split('\r\n\r\n')[1], 'base64').toString();
