// Floods and garbage at the UDP port: every datagram is stored or counted.
import assert from 'node:assert/strict';
import {createSocket} from 'node:dgram';
import {after, before, describe, test} from 'node:test';

import {counters, eventually, newId, newTraceId, startClew, traceOf} from './xray.js';

const header = '{"format":"json","version":1}\n';
const names = {
  received: 'clew_udp_datagrams_total', dropped: 'clew_udp_datagrams_dropped_total', stored: 'clew_xray_datagrams_stored_total',
  malformed: 'clew_refused_xray_datagrams_total', refused: 'clew_refused_xray_datagram_segments_total', lost: 'clew_xray_datagrams_lost_total',
};

describe('datagrams', () => {
  let clew, socket;
  const send = (text) => new Promise((done, fail) => socket.send(text, clew.xrayPort, '127.0.0.1', (error) => error ? fail(error) : done()));
  const counts = async () => {
    const all = await counters(clew);
    return Object.fromEntries(Object.entries(names).map(([short, name]) => [short, all[name]]));
  };
  const since = (now, before) => Object.fromEntries(Object.keys(names).map((name) => [name, now[name] - before[name]]));
  const settled = (before, sent) => eventually(async () => {
    const change = since(await counts(), before);
    const {received, dropped, stored, malformed, refused, lost} = change;
    return received + dropped === sent && stored + malformed + refused + lost === received && change;
  });
  const document = () => JSON.stringify({trace_id: newTraceId(), id: newId(), name: 'flood', start_time: Date.now() / 1000, end_time: Date.now() / 1000 + 0.1,
    http: {request: {method: 'GET', url: 'http://shop.example/cart'}, response: {status: 200}}, annotations: {tenant: 'acme'}});

  before(async () => {
    clew = await startClew();
    socket = createSocket('udp4');
  });
  after(async () => {
    socket?.close();
    await clew?.stop();
  });

  test('garbage is counted, and what stands between it is stored', async () => {
    const before = await counts();
    const good = JSON.parse(document());
    const datagrams = ['', 'garbage', '{}\n{}', `${header}`, `${header}{`, `${header}{"id":"x"}`, `${header}${JSON.stringify(good)}`, Buffer.alloc(65507, 0xff)];
    for (const one of datagrams) await send(one);
    assert.deepEqual(await settled(before, datagrams.length), {received: 8, dropped: 0, stored: 1, malformed: 5, refused: 2, lost: 0});
    assert.equal((await traceOf(clew, good.trace_id, 1)).spans, 1);
  });

  test('of a flood every datagram is stored or counted', async () => {
    const before = await counts();
    const sent = 50_000;
    let left = sent;
    await Promise.all(Array.from({length: 64}, async () => {
      while (left-- > 0) await send(header + document());
    }));
    const change = await settled(before, sent);
    assert.equal(change.malformed + change.refused, 0);
    assert.ok(change.stored > 0);
  });
});
