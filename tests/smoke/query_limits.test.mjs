// A question that is too dear for its limits ends with a sentence that names the limit; one whose asker goes away ends too;
// and how far it has come is told meanwhile. Against the real server, with enough rows that a question takes a while.
import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';

import {clew, serve, until} from './program.mjs';
import {Traffic, randomNumbers} from '../crash/traffic.mjs';

const requests = 300, spansARequest = 800;
// A group for each span, and in each the values of several columns.
const dear = {
  breakdowns: ['trace.span_id', 'text'],
  calculations: [
    ...['P50', 'P75', 'P90', 'P95', 'P99'].flatMap((op) => ['number', 'batch', 'duration_ms'].map((column) => ({op, column}))),
    {op: 'COUNT_DISTINCT', column: 'text'}, {op: 'COUNT_DISTINCT', column: 'trace.trace_id'},
  ],
  limit: 10,
};
const body = () => {
  const now = Math.floor(Date.now() / 1000);
  return JSON.stringify({specification: {...dear, start_time: now - 7 * 86_400, end_time: now + 60}});
};
const counter = async (server, name) =>
  Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(await (await fetch(`${server.url}/metrics`)).text())[1]);

test('limits, progress and askers who go away', {timeout: 180_000}, async (t) => {
  const data = mkdtempSync(join(tmpdir(), 'clew-limits-'));
  let server = await serve('--data', data, '--listen', '127.0.0.1:0');
  t.after(async () => {
    await server.stop('SIGKILL');
    rmSync(data, {recursive: true, force: true});
  });
  const traffic = new Traffic(randomNumbers(1));
  for (let i = 0; i < requests; ++i) {
    const response = await fetch(`${server.url}/v1/traces`, {method: 'POST', headers: {'content-type': 'application/x-protobuf'}, body: traffic.encode(traffic.make(spansARequest))});
    assert.equal(response.status, 200);
  }
  const ask = (signal) => fetch(`${server.url}/clew/v1/query`, {method: 'POST', signal, body: body(),
    headers: {'content-type': 'application/json', accept: 'application/x-ndjson'}});

  // To the end: progress in lines, then the result.
  const lines = (await (await ask()).text()).trim().split('\n').map((line) => JSON.parse(line));
  const told = lines.slice(0, -1).map(({progress}) => progress);
  assert.ok(told.length >= 1, 'the question is so quick that it tells no progress: it needs more rows');
  for (const [i, {rows_scanned: scanned, rows_total: total}] of told.entries()) {
    assert.equal(total, requests * spansARequest);
    assert.ok(scanned <= total && (i === 0 || scanned >= told[i - 1].rows_scanned));
  }
  assert.equal(lines.at(-1).result.total_rows, requests * spansARequest);

  // Away after the first progress. A question that comes to its end before the server learns of it is asked again.
  assert.equal(await counter(server, 'clew_queries_cancelled_total'), 0);
  await until('a question was cancelled', async () => {
    const ended = await counter(server, 'clew_queries_total');
    const leaving = new AbortController();
    const response = await ask(leaving.signal);
    await response.body.getReader().read();
    leaving.abort();
    await until('the question has ended', async () => await counter(server, 'clew_queries_total') > ended);
    return await counter(server, 'clew_queries_cancelled_total') >= 1;
  });
  assert.equal((await clew('query', 'COUNT', '--from', '7d', '--server', server.url)).code, 0);
  assert.equal(await server.stop(), 0, server.err);

  for (const [flag, value, sentence] of [
    ['--query-time-limit', '20ms', /longer than its time limit of 20\.0 ms.*--query-time-limit/],
    ['--query-memory-limit', '1MB', /needs more memory than its limit of 1000000 bytes.*--query-memory-limit/],
    ['--query-scan-limit', '10kB', /reads more than its limit of 10000 bytes from disk.*--query-scan-limit/],
  ]) {
    server = await serve('--data', data, '--listen', '127.0.0.1:0', flag, value);
    // The limit on reading is about parts: what is in memory costs nothing to read.
    if (flag === '--query-scan-limit')
      await until('the log has become parts', async () => /MANIFEST: [1-9]\d* part/.test((await clew('dump', '--data', data)).out));
    const refused = await (await ask()).text();
    assert.match(refused, sentence, flag);
    assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
    assert.equal(await server.stop(), 0, server.err);
  }
});
