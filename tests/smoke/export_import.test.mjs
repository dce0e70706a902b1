// What clew export writes beside a running server, clew import gives another server whole; and files as the
// OpenTelemetry Collector's file exporter writes them.
import assert from 'node:assert/strict';
import {existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {gzipSync} from 'node:zlib';

import {clew, serve, temporaryDirectory} from './program.mjs';

const anyDoor = ['--listen', '127.0.0.1:0'];
const nanos = (ms = 0) => `${BigInt(Date.now() + ms) * 1000000n}`;
const text = (key, value) => ({key, value: {stringValue: value}});
const resource = {attributes: [text('service.name', 'shop')]};

const id = (number, digits) => number.toString(16).padStart(digits, '0');
const traces = (from, to) => ({resourceSpans: [{resource, scopeSpans: [{scope: {name: 'lib'}, spans: Array.from({length: to - from}, (_, i) => ({
  traceId: id(from + i + 1, 32), spanId: id(from + i + 1, 16), name: `op${(from + i) % 3}`, kind: 2, startTimeUnixNano: nanos(), endTimeUnixNano: nanos(250),
  attributes: [{key: 'n', value: {intValue: `${from + i}`}}], events: [{timeUnixNano: nanos(1), name: 'cache', attributes: [text('hit', 'no')]}],
  links: [{traceId: id(7, 32), spanId: id(7, 16)}],
}))}]}]});
const logs = {resourceLogs: [{resource, scopeLogs: [{logRecords: [
  {timeUnixNano: nanos(), severityNumber: 9, body: {stringValue: 'hello'}},
  {timeUnixNano: nanos(), severityNumber: 17, body: {kvlistValue: {values: [text('why', 'broken')]}}},
]}]}]};
const metrics = {resourceMetrics: [{resource, scopeMetrics: [{metrics: [
  {name: 'temperature', gauge: {dataPoints: [{timeUnixNano: nanos(), asDouble: 20.5}, {timeUnixNano: nanos(), asInt: '21'}]}},
  {name: 'latency', histogram: {aggregationTemporality: 1, dataPoints: [{timeUnixNano: nanos(), count: '3', sum: 6.5, bucketCounts: ['1', '2'], explicitBounds: [2]}]}},
]}]}]};

async function post(url, signal, body) {
  const response = await fetch(`${url}/v1/${signal}`, {method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify(body)});
  assert.equal(response.status, 200, await response.text());
}

// Every row with every column.
async function rowsOf(url, signal) {
  const answer = await clew('query', 'ROWS LIMIT 1000', '--signal', signal, '--json', '--server', url);
  assert.equal(answer.code, 0, answer.err);
  const {columns, rows} = JSON.parse(answer.out);
  const names = columns.map(({name}) => name);
  return rows.map((row) => JSON.stringify(Object.fromEntries(row.map((cell, i) => [names[i], cell]).filter(([, cell]) => cell !== null).sort()))).sort();
}

test('an export of a running server is imported whole, in every format', async (t) => {
  const data = temporaryDirectory(t), files = temporaryDirectory(t);
  const server = await serve('--data', data, '--seal-rows', '150', ...anyDoor);
  t.after(() => server.stop('SIGKILL'));
  for (let i = 0; i < 4; ++i) await post(server.url, 'traces', traces(i * 50, i * 50 + 50));
  await post(server.url, 'logs', logs);
  await post(server.url, 'metrics', metrics);
  for (const [signal, items] of [['traces', '200 spans'], ['logs', '2 log records'], ['metrics', '3 metric points']]) {
    for (const [name, how] of [['protobuf', []], ['json', ['--format', 'json']], ['zstd', ['--zstd']], ['json.zstd', ['--format', 'json', '--zstd']]]) {
      const file = join(files, `${signal}.${name}`);
      const exported = await clew('export', file, '--signal', signal, '--data', data, ...how);
      assert.equal(exported.code, 0, exported.err);
      assert.match(exported.err, new RegExp(`^${items}, `));
      const other = await serve('--data', temporaryDirectory(t), ...anyDoor);
      const imported = await clew('import', file, '--server', other.url);
      assert.equal(imported.code, 0, imported.err);
      assert.match(imported.out, /^\d+ requests? sent and acknowledged\n$/);
      const rows = await rowsOf(server.url, signal);
      assert.equal(rows.length, {traces: 600, logs: 2, metrics: 3}[signal]);
      assert.deepEqual(await rowsOf(other.url, signal), rows, `${signal} as ${name}`);
      assert.equal(await other.stop(), 0, other.err);
    }
  }
  assert.deepEqual(readdirSync(data).filter((name) => name.includes('.tmp')), [], 'nothing is left behind');
  mkdirSync(join(data, 'export-999999999.tmp'));
  const piped = await clew('export', '-', '--format', 'json', '--data', data);
  assert.equal(piped.out.trim().split('\n').flatMap((line) => JSON.parse(line).resourceSpans.flatMap((r) => r.scopeSpans[0].spans)).length, 200);
  assert.ok(!existsSync(join(data, 'export-999999999.tmp')), 'what a killed export left is removed');
  const taken = await clew('export', join(files, 'logs.json'), '--data', data);
  assert.equal(taken.code, 1);
  assert.match(taken.err, /the file exists already/);
  const none = await clew('export', join(files, 'none'), '--to', '-1d', '--data', data);
  assert.match(none.err, /^0 spans, 0 bytes/);
  assert.equal((await clew('export', join(files, 'x'), '--environment', 'elsewhere', '--data', data)).code, 1);
  assert.ok(!existsSync(join(files, 'x')));
});

test('files as the Collector writes them', async (t) => {
  const files = temporaryDirectory(t);
  const server = await serve('--data', temporaryDirectory(t), ...anyDoor);
  t.after(() => server.stop('SIGKILL'));
  const lines = join(files, 'lines.json');
  writeFileSync(lines, `${JSON.stringify(traces(0, 2))}\n${JSON.stringify(logs)}\n${JSON.stringify(metrics)}\n`);
  const zipped = join(files, 'lines.json.gz');
  writeFileSync(zipped, gzipSync(JSON.stringify(traces(2, 5))));
  const frame = (bytes) => Buffer.concat([Buffer.from([bytes.length >>> 24, bytes.length >>> 16 & 255, bytes.length >>> 8 & 255, bytes.length & 255]), bytes]);
  // One span: trace id, span id, name, start and end.
  const field = (number, bytes) => Buffer.concat([Buffer.from([number << 3 | 2, bytes.length]), bytes]);
  const at = Buffer.alloc(8);
  at.writeBigUInt64LE(BigInt(nanos()));
  const span = Buffer.concat([field(1, Buffer.alloc(16, 9)), field(2, Buffer.alloc(8, 9)), field(5, Buffer.from('framed')),
    Buffer.from([7 << 3 | 1]), at, Buffer.from([8 << 3 | 1]), at]);
  const request = field(1, field(2, field(2, span)));
  const framed = join(files, 'frames.proto');
  writeFileSync(framed, Buffer.concat([frame(request), frame(Buffer.alloc(0))]));
  const imported = await clew('import', lines, zipped, framed, '--server', server.url);
  assert.equal(imported.code, 0, imported.err);
  assert.equal(imported.out, '5 requests sent and acknowledged\n');
  const table = await clew('query', 'COUNT GROUP BY name', '--server', server.url);
  assert.match(table.out, /^framed +1\b/m);
  assert.match(table.out, /^op0 +2\b/m);
  assert.equal((await rowsOf(server.url, 'logs')).length, 2);

  const cut = join(files, 'cut.proto');
  writeFileSync(cut, readFileSync(framed).subarray(0, 20));
  const broken = await clew('import', cut, '--server', server.url);
  assert.notEqual(broken.code, 0);
  assert.match(broken.err, /cut\.proto: the file is cut short: expected \d+ bytes at 4, got 16/);
  writeFileSync(cut, 'PK\x03\x04');
  assert.match((await clew('import', cut, '--server', server.url)).err, /neither JSON lines nor length-prefixed requests/);
  assert.match((await clew('import', lines, '--server', 'http://127.0.0.1:1')).err, /cannot send to http:\/\/127\.0\.0\.1:1/);
});

test('an import waits for a server that restarts', async (t) => {
  const data = temporaryDirectory(t), files = temporaryDirectory(t);
  let server = await serve('--data', data, ...anyDoor);
  t.after(() => server.stop('SIGKILL'));
  const file = join(files, 'lines.json');
  writeFileSync(file, `${JSON.stringify(traces(0, 3))}\n`);
  const port = new URL(server.url).port;
  assert.equal(await server.stop(), 0);
  const importing = clew('import', file, '--server', `http://127.0.0.1:${port}`);
  server = await serve('--data', data, '--listen', `127.0.0.1:${port}`);
  const imported = await importing;
  assert.equal(imported.code, 0, imported.err);
  const table = await clew('query', 'COUNT', '--json', '--server', server.url);
  assert.deepEqual(JSON.parse(table.out).rows, [[9]]);
});
