// The program from the outside, as a newcomer meets it: start, send, ask, stop, start again.
import assert from 'node:assert/strict';
import {closeSync, openSync, readSync, writeSync} from 'node:fs';
import {createServer} from 'node:net';
import {join} from 'node:path';
import test from 'node:test';

import {clew, serve, temporaryDirectory, until} from './program.mjs';

const anyDoor = ['--listen', '127.0.0.1:0'];

const oneSpan = (name) => JSON.stringify({
  resourceSpans: [{
    resource: {attributes: [{key: 'service.name', value: {stringValue: 'smoke'}}]},
    scopeSpans: [{spans: [{
      traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174', name, kind: 2,
      startTimeUnixNano: `${BigInt(Date.now()) * 1000000n}`,
      endTimeUnixNano: `${BigInt(Date.now()) * 1000000n + 250000000n}`,
    }]}],
  }],
});

async function send(url, name, headers = {}) {
  return fetch(`${url}/v1/traces`, {method: 'POST', headers: {'content-type': 'application/json', ...headers}, body: oneSpan(name)});
}

test('a span that was acknowledged is found, also after a restart', async (t) => {
  const data = temporaryDirectory(t);
  let server = await serve('--data', data, ...anyDoor);
  t.after(() => server.stop('SIGKILL'));
  assert.equal((await send(server.url, 'first')).status, 200);

  const table = await clew('query', 'COUNT GROUP BY name', '--server', server.url);
  assert.equal(table.code, 0, table.err);
  assert.match(table.out, /^name +COUNT/);
  assert.match(table.out, /^first +1/m);
  const json = await clew('query', 'COUNT', '--json', '--server', server.url);
  assert.deepEqual(JSON.parse(json.out).rows, [[1]]);

  assert.equal(await server.stop(), 0, server.err);
  const offline = await clew('query', 'COUNT GROUP BY name', '--data', data);
  assert.match(offline.out, /^first +1/m, offline.err);

  server = await serve('--data', data, ...anyDoor);
  assert.equal((await send(server.url, 'second')).status, 200);
  assert.equal(await server.stop('SIGKILL'), 'SIGKILL');
  server = await serve('--data', data, ...anyDoor);
  const both = await clew('query', 'COUNT GROUP BY name', '--server', server.url);
  assert.match(both.out, /^first +1/m, both.err);
  assert.match(both.out, /^second +1/m);
  assert.equal(await server.stop('SIGINT'), 0, server.err);
});

test('a damaged part is found, named and does not stop the server', async (t) => {
  const data = temporaryDirectory(t);
  let server = await serve('--data', data, '--seal-rows', '1', ...anyDoor);
  t.after(() => server.stop('SIGKILL'));
  assert.equal((await send(server.url, 'first')).status, 200);
  const sound = await until('there is a part', async () => {
    const dump = await clew('dump', '--data', data, '--verify');
    return dump.out.includes('MANIFEST: 1 part;') && dump;
  });
  assert.equal(sound.code, 0, sound.err);
  assert.match(sound.out, /^000000000001\.part +1 +traces [^]*Everything is sound\.\n$/m);
  assert.equal(await server.stop(), 0, server.err);

  const part = join(data, 'store', 'parts', '000000000001.part');
  const columns = await clew('dump', part);
  assert.match(columns.out, /^intrinsic +trace\.trace_id +trace_id +1 /m, columns.err);
  const file = openSync(part, 'r+');
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, 200);
  writeSync(file, Buffer.from([byte[0] ^ 1]), 0, 1, 200);
  closeSync(file);
  const damaged = await clew('dump', '--data', data, '--verify');
  assert.equal(damaged.code, 1);
  assert.match(damaged.err, /^clew dump: 1 damaged:\n.*000000000001\.part/);
  server = await serve('--data', data, ...anyDoor);
  assert.equal((await send(server.url, 'second')).status, 200);
});

test('it says where to look and what to set', async (t) => {
  const data = temporaryDirectory(t);
  const server = await serve('--data', data, ...anyDoor);
  t.after(() => server.stop('SIGKILL'));
  assert.match(server.out, /^clew \d+\.\d+\.\d+\n/);
  assert.match(server.out, /export OTEL_EXPORTER_OTLP_ENDPOINT=http:\/\/127\.0\.0\.1:\d+\n/);
  assert.match(server.err, /^(note: .*\n)*$/);
  for (const path of ['/healthz', '/readyz', '/metrics', '/clew/v1/status', '/']) {
    assert.equal((await fetch(server.url + path)).status, 200, path);
  }
  assert.match(await (await fetch(`${server.url}/metrics`)).text(), /^clew_http_requests_total \d+$/m);
  const started = Date.now();
  assert.equal(await server.stop(), 0);
  assert.ok(Date.now() - started < 4500, 'an idle server does not wait out its grace of five seconds');
});

test('keys made while it runs count within a second', async (t) => {
  const data = temporaryDirectory(t);
  const server = await serve('--data', data, ...anyDoor);
  t.after(() => server.stop('SIGKILL'));
  assert.equal((await send(server.url, 'free')).status, 200);
  const created = await clew('keys', 'create', '--name', 'smoke', '--environment', 'elsewhere', '--data', data);
  const key = created.out.match(/hcaik_[0-9a-z]{58}/)[0];
  // Within a second, and on a slow machine when it comes to it.
  const refused = await until('a key is asked for', async () => {
    const response = await send(server.url, 'without');
    return response.status === 401 && response;
  });
  assert.match(await refused.text(), /missing 'x-honeycomb-team' header/);
  assert.equal((await send(server.url, 'with', {'x-honeycomb-team': key})).status, 200);
  assert.equal((await clew('query', 'COUNT', '--server', server.url)).code, 1);
  const own = await clew('query', 'COUNT GROUP BY name', '--server', server.url, '--key', key);
  assert.match(own.out, /^with +1/m, own.err);
  assert.doesNotMatch(own.out, /free/);
  assert.equal((await clew('keys', 'disable', 'smoke', '--data', data)).code, 0);
  await until('the key counts no more', async () => (await send(server.url, 'disabled', {'x-honeycomb-team': key})).status === 401);
});

test('what cannot be done is refused with a sentence', async (t) => {
  const data = temporaryDirectory(t);
  const server = await serve('--data', data, ...anyDoor);
  t.after(() => server.stop('SIGKILL'));
  const other = temporaryDirectory(t);
  const taken = createServer().listen(0, '127.0.0.1');
  t.after(() => taken.close());
  await new Promise((done) => taken.once('listening', done));
  const port = taken.address().port;
  const inUse = new RegExp(`^clew serve: .* is in use by another clew \\(process ${server.child.pid}\\): stop it first`);
  for (const [args, code, sentence] of [
    [['serve', '--data', data, ...anyDoor], 1, inUse],
    [['serve', '--data', '/proc/nowhere', ...anyDoor], 1, /^clew serve: cannot keep data in \/proc\/nowhere/],
    [['serve', '--data', new URL(import.meta.url).pathname, ...anyDoor], 2, /is a file, not a directory/],
    [['serve', '--data', other, '--listen', `127.0.0.1:${port}`], 1, new RegExp(`127\\.0\\.0\\.1:${port} is taken by .*process ${process.pid}`)],
    [['serve', '--data', other, '--listen', '0.0.0.0:0'], 2, /will not listen on 0\.0\.0\.0:0: .*clew keys create --data .* --insecure/],
    [['serve', '--data', other, ...anyDoor, '--tls-cert', '/nowhere.pem', '--tls-key', '/nowhere.pem'], 2, /\/nowhere\.pem/],
    [['query', 'COUNT', '--server', 'localhost:2539'], 2, /expected http:\/\/ or https:\/\//],
    [['query', 'COUNT', '--server', 'http://127.0.0.1:1'], 1, /^clew query: cannot ask http:\/\/127\.0\.0\.1:1: .*Is clew serve running there\?/],
    [['query', 'COUNT', '--data', data], 1, /is in use by a server: leave --data out/],
    [['query', 'COUNT', '--data', `${other}/none`], 1, /there is no data directory/],
    [['query', 'CUONT', '--server', server.url], 2, /CUONT/],
  ]) {
    const run = await clew(...args);
    assert.equal(run.code, code, `${args.join(' ')}: ${run.err}`);
    assert.match(run.err, sentence);
  }
});

test('a key opens the doors to other machines', async (t) => {
  const data = temporaryDirectory(t);
  await clew('keys', 'create', '--name', 'a', '--data', data);
  const server = await serve('--data', data, '--listen', '0.0.0.0:0');
  t.after(() => server.stop('SIGKILL'));
  assert.equal((await send(server.url, 'without')).status, 401);
  assert.match(server.out, /x-honeycomb-team=YOUR_KEY/);
});
