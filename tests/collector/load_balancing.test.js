// Spans of a trace arrive at one backend, however they are cut into requests; and an address that names several machines
// is found out.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Collector, freePorts, until} from './collector.js';
import {send} from './numbered_spans.js';
import {startGrpcBackend} from './failing_backend.js';

const hex = (number, digits) => number.toString(16).padStart(digits, '0');
const nameOf = (trace, part) => `item-${String(trace * 10 + part).padStart(6, '0')}`;
const request = (traces, part) => JSON.stringify({resourceSpans: [{resource: {attributes: [{key: 'service.name', value: {stringValue: `service ${part}`}}]},
  scopeSpans: [{spans: traces.map((trace) => ({traceId: hex((trace * 2654435761) % 2 ** 32, 8).repeat(4), spanId: hex(trace * 10 + part, 16), name: nameOf(trace, part),
    startTimeUnixNano: '1700000000000000000', endTimeUnixNano: '1700000000000000001'}))}]}]});
const traces = Array.from({length: 60}, (_, i) => i + 1);
const fast = 'retry_on_failure: {initial_interval: 5ms, max_interval: 40ms, max_elapsed_time: 0}';

async function collect(exporter, work) {
  const [port] = await freePorts(1);
  const collector = await Collector.start({config: `
receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:${port}"}}}}
exporters: {loadbalancing: ${exporter}}
service: {pipelines: {traces: {receivers: [otlp], exporters: [loadbalancing]}}}
`});
  try {
    await work(port);
  } catch (failure) {
    failure.message += `\n${collector.output}`;
    await collector.stop();
    throw failure;
  }
  assert.equal(await collector.stop(), 0, collector.output);
}
const placesOf = (backends, key) => {
  const places = new Map();
  backends.forEach(({taken}, i) => taken.forEach((name) => places.set(key(Number(name.slice(5))), (places.get(key(Number(name.slice(5)))) ?? new Set()).add(i))));
  return places;
};

for (const [routing, keys, key] of [['traceID', 60, (number) => Math.floor(number / 10)], ['service', 3, (number) => number % 10],
  ['attributes, routing_attributes: [span.name]', 180, (number) => number], ['resource', 3, (number) => number % 10]]) {
  test(`by ${routing}, with backends that fail now and then`, async () => {
    const backends = await Promise.all([1, 2, 3].map((seed) => startGrpcBackend(seed)));
    const hosts = backends.map(({address}) => `"${address.slice(7)}"`).join(', ');
    await collect(`{routing_key: ${routing}, protocol: {otlp: {tls: {insecure: true}, ${fast}}}, resolver: {static: {hostnames: [${hosts}]}}}`, async (port) => {
      for (const part of [1, 2, 3]) assert.equal(await send(port, request(traces, part)), 200);
      const there = () => backends.reduce((sum, {taken, refused}) => sum + taken.length + refused.length, 0);
      await until('every span has its fate', () => there() >= 180);
      assert.equal(there(), 180);
    });
    const everything = backends.map(({taken, refused}) => ({taken: [...taken, ...refused]}));
    const places = placesOf(everything, key);
    assert.equal(places.size, keys);
    for (const [which, where] of places) assert.equal(where.size, 1, `${routing} ${which} went to ${[...where]}`);
    if (keys >= 60) for (const {taken} of everything) assert.ok(taken.length > 0, 'every backend gets some');
    for (const backend of backends) backend.stop();
  });
}

test('addresses come from DNS', async () => {
  const backend = await startGrpcBackend(7);
  await collect(`{protocol: {otlp: {tls: {insecure: true}, ${fast}}}, resolver: {dns: {hostname: localhost, port: ${backend.address.split(':')[2]}, interval: 1s}}}`, async (port) => {
    assert.equal(await send(port, request([1], 1)), 200);
    await until('it arrives', () => backend.taken.length + backend.refused.length > 0);
  });
  backend.stop();
});
