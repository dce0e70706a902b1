// Data directories that earlier versions made: what is in them is read by today's program, to the last value.
//   CLEW_GOLDEN_NEW=0.2.0 node --test tests/smoke/golden.test.mjs      keeps one that today's program makes
import assert from 'node:assert/strict';
import {cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import test from 'node:test';
import {fileURLToPath} from 'node:url';

import {clew, serve, sleep, temporaryDirectory} from './program.mjs';

const golden = join(dirname(fileURLToPath(import.meta.url)), 'golden');
const start = 1767225600000n * 1000000n;  // 2026-01-01
const at = (offset) => `${start + BigInt(offset)}`;
const text = (key, value) => ({key, value: {stringValue: value}});
const resource = {attributes: [text('service.name', 'shop'), {key: 'pods', value: {intValue: '3'}}]};

const requests = {
  traces: (n) => ({resourceSpans: [{resource, scopeSpans: [{scope: {name: 'lib', version: '1'}, spans: [
    {traceId: `${n}`.padStart(32, '0'), spanId: `${n}1`.padStart(16, '0'), name: 'pay', kind: 2, startTimeUnixNano: at(n), endTimeUnixNano: at(n + 250), status: {code: 2, message: 'no'},
      attributes: [text('user', `u${n}`), {key: 'amount', value: {doubleValue: n / 4}}, {key: 'ok', value: {boolValue: n % 2 === 0}}, {key: 'list', value: {arrayValue: {values: [{intValue: `${n}`}]}}}],
      events: [{timeUnixNano: at(n + 5), name: 'retry'}], links: [{traceId: `${n + 1}`.padStart(32, 'a'), spanId: '1'.padStart(16, 'b')}]},
    {traceId: `${n}`.padStart(32, '0'), spanId: `${n}2`.padStart(16, '0'), parentSpanId: `${n}1`.padStart(16, '0'), name: 'sql', startTimeUnixNano: at(n + 10), endTimeUnixNano: at(n + 20)}]}]}]}),
  logs: (n) => ({resourceLogs: [{resource, scopeLogs: [{logRecords: [
    {timeUnixNano: at(n), severityNumber: 9 + n % 8, body: {stringValue: `line ${n}`}}, {timeUnixNano: at(n + 1), body: {kvlistValue: {values: [text('why', `because ${n}`)]}}}]}]}]}),
  metrics: (n) => ({resourceMetrics: [{resource, scopeMetrics: [{metrics: [
    {name: 'heap', unit: 'By', gauge: {dataPoints: [{timeUnixNano: at(n), asInt: `${n}`}]}},
    {name: 'latency', histogram: {aggregationTemporality: 1, dataPoints: [{timeUnixNano: at(n), count: '3', sum: n + 0.5, bucketCounts: ['1', '2'], explicitBounds: [2]}]}}]}]}]}),
};

// What today's program derives from requests that it finds in the log; parts are as they were written.
const derivedSince = {'0.1.0': ['metric.series']};

async function rowsOf(url, signal) {
  const answer = await clew('query', 'ROWS LIMIT 1000', '--signal', signal, '--from', '2026-01-01T00:00:00Z', '--to', '2026-01-02T00:00:00Z', '--json', '--server', url);
  assert.equal(answer.code, 0, answer.err);
  const {columns, rows} = JSON.parse(answer.out);
  return rows.map((row) => Object.fromEntries(row.map((cell, i) => [columns[i].name, cell]).filter(([, cell]) => cell !== null).sort()));
}

async function allRows(url, derived = []) {
  const all = {};
  for (const signal of Object.keys(requests)) {
    all[signal] = await rowsOf(url, signal);
    for (const row of all[signal]) for (const column of derived) delete row[column];
  }
  return all;
}

const serving = (data) => serve('--data', data, '--retention', 'forever', '--seal-rows', '40', '--listen', '127.0.0.1:0');

if (process.env.CLEW_GOLDEN_NEW) {
  test('a new golden directory', async (t) => {
    const work = join(temporaryDirectory(t), 'data'), place = join(golden, process.env.CLEW_GOLDEN_NEW);
    const server = await serving(work);
    t.after(() => server.stop('SIGKILL'));
    for (let n = 1; n <= 12; ++n) {
      for (const [signal, request] of Object.entries(requests)) {
        const response = await fetch(`${server.url}/v1/${signal}`, {method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify(request(n))});
        assert.equal(response.status, 200);
      }
      // Some of it in parts, the rest in the log.
      if (n === 8) await sleep(1500);
    }
    rmSync(place, {recursive: true, force: true});
    mkdirSync(place, {recursive: true});
    const backup = await clew('backup', join(place, 'data'), '--data', work, '--copy', '--verify');
    assert.equal(backup.code, 0, backup.err);
    writeFileSync(join(place, 'rows.json'), `${JSON.stringify(await allRows(server.url), null, 1)}\n`);
  });
}

for (const version of readdirSync(golden)) {
  test(`the data directory of ${version}`, async (t) => {
    const data = join(temporaryDirectory(t), 'data');
    cpSync(join(golden, version, 'data'), data, {recursive: true});
    const sound = await clew('dump', '--data', data, '--verify');
    assert.equal(sound.code, 0, sound.err);
    assert.match(sound.out, /MANIFEST: [1-9]\d* parts?;/);
    const expected = JSON.parse(readFileSync(join(golden, version, 'rows.json'), 'utf8'));
    let server = await serving(data);
    t.after(() => server.stop('SIGKILL'));
    assert.deepEqual(await allRows(server.url, derivedSince[version]), expected);
    assert.equal((await (await fetch(`${server.url}/clew/v1/status`)).json()).storage.damages.length, 0);
    assert.equal(await server.stop(), 0, server.err);
    server = await serving(data);
    assert.deepEqual(await allRows(server.url, derivedSince[version]), expected, 'and again, after today\'s program has used the directory');
  });
}
