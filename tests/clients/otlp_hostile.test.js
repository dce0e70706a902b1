// Bytes that mean harm, or come from something broken: a clear answer, a counter, nothing else lost, no crash.
import assert from 'node:assert/strict';
import {connect} from 'node:net';
import {after, before, describe, test} from 'node:test';
import {gzipSync} from 'node:zlib';

import {Clew, sleep} from './clew.js';
import {makeSpans} from './telemetry.js';
import {attribute, bytes, fixed64, message, number, span, spansRequest} from './protobuf.js';
import {send, transports} from './transports.js';

const MiB = 1 << 20;
const traceId = (number) => number.toString(16).padStart(32, 'a');
const nanoseconds = () => BigInt(Date.now()) * 1_000_000n;
const times = () => [fixed64(7, nanoseconds()), fixed64(8, nanoseconds() + 1_000_000n)];

describe('hostile senders', () => {
  let clew;
  const innocent = makeSpans('innocent');
  before(async () => {
    clew = await Clew.start();
    assert.deepEqual(await send(transports.grpc.traces({address: clew.grpc}), innocent.items), {code: 0});
  });
  after(async () => {
    assert.equal((await clew.ask(`/traces/${innocent.traceId}`)).spans, 2, 'what was there before is there still');
    await clew.stop();
  });

  const post = (body, headers = {}) => fetch(`${clew.http}/v1/traces`,
    {method: 'POST', headers: {'content-type': 'application/x-protobuf', ...headers}, body});
  // How much `name` grows while `use` runs.
  const growth = async (name, use) => {
    const before = await clew.counter(name);
    assert.notEqual(before, undefined, name);
    await use();
    return await clew.counter(name) - before;
  };
  // Writes `head` and then `chunk` again and again; the first line of what comes back.
  const pour = (head, chunk) => new Promise((done, fail) => {
    const socket = connect(clew.ports[0], '127.0.0.1');
    let answer = '';
    const more = () => { while (!socket.destroyed && socket.write(chunk)); };
    socket.on('connect', () => { socket.write(head); more(); }).on('drain', more);
    socket.on('data', (text) => {
      answer += text;
      if (answer.includes('\r\n')) socket.destroy();
    });
    socket.on('error', () => {}).on('close', () => done(answer.split('\r\n')[0]));
    setTimeout(() => fail(new Error('no answer')), 30_000).unref();
  });

  test('a body larger than the limit', async () => {
    assert.equal(await growth('clew_refused_body_too_large_total', async () => {
      const line = await pour(`POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-protobuf\r\ncontent-length: ${1 << 30}\r\n\r\n`,
        Buffer.alloc(65536));
      assert.match(line, /^HTTP\/1.1 413 /);
    }), 1);
  });

  test('a body without end', async () => {
    const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65536), Buffer.from('\r\n')]);
    const line = await pour('POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-protobuf\r\ntransfer-encoding: chunked\r\n\r\n', chunk);
    assert.match(line, /^HTTP\/1.1 413 /);
  });

  test('a header without end', async () => {
    const line = await pour('POST /v1/traces HTTP/1.1\r\nhost: x\r\nx-long: ', Buffer.alloc(65536, 'x'));
    assert.match(line, /^HTTP\/1.1 431 /);
  });

  test('a decompression bomb', async () => {
    assert.equal(await growth('clew_refused_decompressed_too_large_total', async () => {
      const response = await post(gzipSync(Buffer.alloc(200 * MiB)), {'content-encoding': 'gzip'});
      assert.equal(response.status, 413);
    }), 1);
  });

  test('gzip that somebody forgot to declare', async () => {
    assert.equal((await post(gzipSync(spansRequest(span(traceId(1), ...times()))))).status, 200);
    assert.equal((await clew.ask(`/traces/${traceId(1)}`)).spans, 1);
  });

  test('a span with a million attributes is turned away, the one beside it is not', async () => {
    const attributes = Array.from({length: 1_000_000}, (_, i) => message(9, ...attribute(`a${i}`, number(3, i))));
    assert.equal(await growth('clew_rejected_too_many_attributes_total', async () => {
      const response = await post(spansRequest(span(traceId(2), ...times(), Buffer.concat(attributes)), span(traceId(3), ...times())));
      assert.equal(response.status, 200);
      assert.match(Buffer.from(await response.arrayBuffer()).toString('latin1'), /attributes/);
    }), 1);
    await assert.rejects(clew.ask(`/traces/${traceId(2)}`), /404/);
    assert.equal((await clew.ask(`/traces/${traceId(3)}`)).spans, 1);
  });

  test('values within values, ten thousand deep', async () => {
    let value = bytes(1, 'core');
    for (let depth = 0; depth < 10_000; ++depth) value = message(5, message(1, value));
    const response = await post(spansRequest(span(traceId(4), ...times(), message(9, ...attribute('deep', value))), span(traceId(5), ...times())));
    assert.ok([200, 400].includes(response.status), `${response.status}`);
  });

  test('text that is not UTF-8 is kept, and shown mended', async () => {
    assert.equal((await post(spansRequest(span(traceId(6), bytes(5, Buffer.from([0x61, 0xff])), ...times())))).status, 200);
    assert.deepEqual((await clew.ask(`/traces/${traceId(6)}`)).names, ['a\ufffd']);
  });

  test('times missing, far away and backwards', async () => {
    assert.ok(await growth('clew_time_out_of_range_total', async () => {
      const response = await post(spansRequest(
        span(traceId(7)),
        span(traceId(8), fixed64(7, 1n), fixed64(8, 2n)),
        span(traceId(9), fixed64(7, 2n ** 64n - 1n), fixed64(8, 2n ** 64n - 1n)),
        span(traceId(10), fixed64(7, nanoseconds()), fixed64(8, nanoseconds() - 1_000_000_000n))));
      assert.equal(response.status, 200);
    }) >= 2);
    for (const id of [7, 8, 9, 10]) {
      const outline = await clew.ask(`/traces/${traceId(id)}`);
      assert.equal(outline.spans, 1, `${id}`);
      assert.ok(outline.duration_ns >= 0);
    }
  });

  test('ids missing, zero and of the wrong length', async () => {
    assert.equal(await growth('clew_rejected_bad_id_total', async () => {
      const response = await post(spansRequest(
        message(2, bytes(5, 'no ids')),
        span('0'.repeat(32), ...times()),
        span('01', ...times()),
        span(traceId(11), ...times())));
      assert.equal(response.status, 200);
    }), 3);
    assert.equal((await clew.ask(`/traces/${traceId(11)}`)).spans, 1);
  });

  test('lengths that lie', async () => {
    const whole = spansRequest(span(traceId(12), ...times(), message(9, ...attribute('key', bytes(1, 'value')))));
    for (let cut = 1; cut < whole.length; ++cut) {
      const response = await post(whole.subarray(0, cut));
      assert.equal(response.status, 400, `cut at ${cut}`);
    }
    for (const lie of ['0affffffffffffffffff01', '0affffffff0f', '0a80808080808080808080', '0b', '00', 'ff']) {
      assert.equal((await post(Buffer.from(lie, 'hex'))).status, 400, lie);
    }
    await assert.rejects(clew.ask(`/traces/${traceId(12)}`), /404/);
  });

  test('connections that say nothing, or nonsense', async () => {
    for (const text of ['', 'hello\r\n\r\n', '\0\0\0\0', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nnonsense, and more nonsense', 'GET']) {
      const socket = connect(clew.ports[0], '127.0.0.1', () => socket.end(text));
      await new Promise((done) => socket.on('error', done).on('close', done).resume());
    }
    await sleep(10);
    assert.equal((await fetch(`${clew.http}/healthz`)).status, 200);
  });
});
