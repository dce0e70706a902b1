// The disk runs full below the real server: senders are told to try again, questions go on being answered, and when there is
// room again, it goes on without a restart. On a small file system in memory, which takes the right to mount one.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, statfsSync, writeFileSync} from 'node:fs';
import {connect} from 'node:http2';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';

import {Server} from './server.mjs';

let number = 0;
const acknowledged = new Set();

async function send(server) {
  const batch = ++number;
  const hex = (digits) => batch.toString(16).padStart(digits, '0');
  const at = `${BigInt(Date.now()) * 1000000n}`;
  const response = await fetch(`http://127.0.0.1:${server.port}/v1/traces`, {
    method: 'POST', headers: {'content-type': 'application/json'},
    body: JSON.stringify({resourceSpans: [{scopeSpans: [{spans: [{
      traceId: hex(32), spanId: hex(16), name: 'op', startTimeUnixNano: at, endTimeUnixNano: at,
      attributes: [{key: 'batch', value: {intValue: `${batch}`}}, {key: 'ballast', value: {stringValue: `${hex(8)}`.repeat(500)}}],
    }]}]}]}),
  });
  if (response.status === 200) acknowledged.add(batch);
  await response.arrayBuffer();
  return response;
}

// The status of one Export call: one span, so that there is something to write.
async function sendGrpc(server) {
  const session = connect(`http://127.0.0.1:${server.port}`);
  try {
    const field = (id, bytes) => Buffer.concat([Buffer.from([id << 3 | 2, bytes.length]), bytes]);
    const span = Buffer.concat([field(1, Buffer.alloc(16, 0xee)), field(2, Buffer.alloc(8, 0xee)), field(5, Buffer.from('over gRPC'))]);
    const message = field(1, field(2, field(2, span)));
    const stream = session.request({':method': 'POST', ':path': '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
      'content-type': 'application/grpc', te: 'trailers'});
    stream.end(Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message]));
    return await new Promise((done, fail) => {
      const look = (headers) => headers['grpc-status'] !== undefined && done(Number(headers['grpc-status']));
      stream.on('response', look).on('trailers', look).on('error', fail).resume();
    });
  } finally {
    session.close();
  }
}

const count = async (server) => Number((await server.rows({calculations: [{op: 'COUNT'}]}))[0]?.[0] ?? 0);

test('a full disk refuses for as long as it is full, and loses nothing', {timeout: 120_000}, async (t) => {
  const place = mkdtempSync(join(tmpdir(), 'clew-full-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'clew-full-disk', place]);
  if (mounted.status !== 0) {
    rmSync(place, {recursive: true, force: true});
    t.skip(`a small file system cannot be mounted here: ${mounted.stderr ?? mounted.error}`.trim());
    return;
  }
  let server;
  try {
    server = await Server.spawn(join(place, 'data'), {sealRows: 50});
    await server.ready();
    for (let i = 0; i < 120; ++i) assert.equal((await send(server)).status, 200, server.output);
    for (let round = 0; round < 3; ++round) {
      const {bavail, bsize} = statfsSync(place);
      writeFileSync(join(place, 'ballast'), Buffer.alloc(Math.max(0, bavail * bsize - 60_000), 1));
      let refused;
      for (let i = 0; i < 2000 && !refused; ++i) {
        const response = await send(server);
        if (response.status !== 200) refused = response;
      }
      assert.ok(refused, 'the disk never became full');
      assert.ok([429, 503].includes(refused.status), `${refused.status}`);
      assert.ok(Number(refused.headers.get('retry-after')) > 0);
      // To the last byte, so that also the smallest request finds no room.
      for (let i = 0; i < 50; ++i) await send(server);
      const grpc = await sendGrpc(server);
      assert.ok([0, 8, 14].includes(grpc), `grpc-status ${grpc}`);
      if (grpc !== 0) t.diagnostic(`refused with HTTP ${refused.status} and grpc-status ${grpc}`);
      assert.ok(await count(server) >= acknowledged.size, 'questions are answered on a full disk');
      assert.equal((await fetch(`http://127.0.0.1:${server.port}/healthz`)).status, 200);

      rmSync(join(place, 'ballast'));
      let recovered = false;
      for (const end = Date.now() + 20_000; !recovered && Date.now() < end; await sleep(100)) recovered = (await send(server)).status === 200;
      assert.ok(recovered, `room is there again, but not for clew:\n${server.output}`);
      for (const end = Date.now() + 20_000; Date.now() < end; await sleep(100))
        if ((await fetch(`http://127.0.0.1:${server.port}/readyz`)).ok) break;
      assert.equal((await fetch(`http://127.0.0.1:${server.port}/readyz`)).status, 200);
    }
    assert.equal(await server.stop('SIGKILL'), 'SIGKILL');
    server = await Server.spawn(join(place, 'data'), {sealRows: 50});
    await server.ready();
    const rows = await server.rows({breakdowns: ['batch'], calculations: [{op: 'COUNT'}], filters: [{column: 'batch', op: 'exists'}], limit: 10_000});
    const found = new Map(rows.map(([batch, times]) => [Number(batch), Number(times)]));
    for (const batch of acknowledged) assert.equal(found.get(batch), 1, `batch ${batch} was acknowledged`);
    for (const [batch, times] of found) assert.ok(times === 1 && acknowledged.has(batch), `batch ${batch}: ${times} times, not acknowledged`);
    assert.equal((await server.counters()).clew_wal_records_damaged_total, 0, server.output);
    t.diagnostic(`${acknowledged.size} of ${number} batches acknowledged`);
  } finally {
    if (server && !server.isOver) await server.stop('SIGKILL');
    spawnSync('umount', [place]);
    rmSync(place, {recursive: true, force: true});
  }
});
