// A bit flips on the disk below a running server: it is found when it is read, named everywhere, and the rest answers.
import assert from 'node:assert/strict';
import {closeSync, openSync, readSync, writeSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';

import {clew, serve, temporaryDirectory, until} from './program.mjs';

const spans = (trace, number, service, ms = Date.now()) => JSON.stringify({resourceSpans: [{
  resource: {attributes: [{key: 'service.name', value: {stringValue: service}}]},
  scopeSpans: [{spans: Array.from({length: number}, (_, i) => ({
    traceId: trace.padStart(32, '0'), spanId: `${i + 1}`.padStart(16, '0'), name: `op${i}`,
    startTimeUnixNano: `${BigInt(ms) * 1000000n}`, endTimeUnixNano: `${BigInt(ms) * 1000000n + 5n}`,
  }))}],
}]});

test('a damaged granule is set aside while the server runs, and afterwards', async (t) => {
  const data = temporaryDirectory(t);
  let server = await serve('--data', data, '--seal-rows', '4', '--listen', '127.0.0.1:0');
  t.after(() => server.stop('SIGKILL'));
  const status = async () => (await (await fetch(`${server.url}/clew/v1/status`)).json());
  const ask = async () => {
    const run = await clew('query', 'COUNT GROUP BY service.name', '--from', '3d', '--json', '--server', server.url);
    assert.equal(run.code, 0, run.err);
    return JSON.parse(run.out);
  };
  // Of two days, so that they are never merged into one part.
  for (const [trace, service, ms] of [['1', 'broken', Date.now() - 86_400_000], ['2', 'sound', Date.now()]]) {
    const response = await fetch(`${server.url}/v1/traces`, {method: 'POST', headers: {'content-type': 'application/json'}, body: spans(trace, 4, service, ms)});
    assert.equal(response.status, 200);
    await until('sealed', async () => (await clew('dump', '--data', data)).out.includes(`MANIFEST: ${trace} part`));
  }
  assert.deepEqual((await status()).storage, {trouble: '', damages: []});
  assert.equal(await (await fetch(`${server.url}/readyz`)).text(), 'ready\n');

  // The first piece: behind the header, the values of the first column.
  const part = join(data, 'store', 'parts', '000000000001.part');
  const file = openSync(part, 'r+');
  const header = Buffer.alloc(400);
  readSync(file, header, 0, 400, 0);
  for (let offset = 16; offset < 150; ++offset) writeSync(file, Buffer.from([header[offset] ^ 1]), 0, 1, offset);
  closeSync(file);

  for (let times = 0; times < 2; ++times) {
    const answer = await ask();
    assert.deepEqual(answer.rows, [['sound', 4]]);
    assert.equal(answer.partial, true);
    assert.match(answer.partial_reason, /^4 rows are damaged on disk and left out/);
  }
  const table = await clew('query', 'COUNT', '--from', '3d', '--server', server.url);
  assert.match(table.err, /note: 4 rows are damaged/);
  assert.equal((await fetch(`${server.url}/clew/v1/traces/${'2'.padStart(32, '0')}`)).status, 200);
  const {damages, trouble} = (await status()).storage;
  assert.equal(trouble, '');
  assert.equal(damages.length, 1);
  assert.equal(damages[0].file, part);
  assert.equal(damages[0].rows, 4);
  assert.match(damages[0].what, /is damaged/);
  const ready = await fetch(`${server.url}/readyz`);
  assert.equal(ready.status, 200);
  assert.match(await ready.text(), /^ready\ndamaged: part .*000000000001\.part is damaged/);
  assert.match(await (await fetch(`${server.url}/metrics`)).text(), /^clew_parts_damaged_total 1$/m);
  const verified = await clew('dump', '--data', data, '--verify');
  assert.equal(verified.code, 1);
  assert.match(verified.err, /000000000001\.part is damaged: \d+ bytes at \d+ fail their checksum/);

  assert.equal(await server.stop(), 0, server.err);
  server = await serve('--data', data, '--listen', '127.0.0.1:0');
  assert.deepEqual((await ask()).rows, [['sound', 4]]);
  assert.equal((await status()).storage.damages.length, 1);
});
