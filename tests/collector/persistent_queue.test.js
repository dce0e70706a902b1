// What was acknowledged reaches the backend, whatever happens to the collector (kill -9) and to the backend (away).
import assert from 'node:assert/strict';
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {Backend, Collector, freePorts, sleep, temporaryDirectory, until} from './collector.js';
import {arrivals, request, send} from './numbered_spans.js';

const spansPerRequest = 5, requests = 160, kills = 4;
let backend, directory, port, config;

before(async () => {
  backend = await Backend.start({tls: false});
  directory = temporaryDirectory();
  [port] = await freePorts(1);
  config = `
receivers:
  otlp: {protocols: {http: {endpoint: "127.0.0.1:${port}"}}}
extensions:
  file_storage/queues: {directory: ${directory}/queues}
exporters:
  otlp:
    endpoint: http://127.0.0.1:${backend.port}
    headers: {x-honeycomb-team: ${backend.key}}
    sending_queue: {storage: file_storage/queues, num_consumers: 2, queue_size: 100000}
    retry_on_failure: {initial_interval: 50ms, max_interval: 200ms, max_elapsed_time: 1s}
service:
  extensions: [file_storage/queues]
  pipelines:
    traces: {receivers: [otlp], exporters: [otlp]}
`;
});

after(async () => {
  await backend.stop();
  backend.remove();
});

test('kill -9 of the collector while the backend is away, then back', async () => {
  assert.equal(await backend.stop(), 0);
  const acknowledged = new Set();
  let collector = await Collector.start({config});
  let next = 0;
  const sender = async () => {
    while (next < requests) {
      const first = next++ * spansPerRequest;
      // A sender tries again until it is told yes: every number is to arrive.
      for (let status = 0; status !== 200; await sleep(20)) status = await send(port, request(first, spansPerRequest));
      for (let i = 0; i < spansPerRequest; ++i) acknowledged.add(first + i);
    }
  };
  const senders = Promise.all(Array.from({length: 4}, sender));
  for (let kill = 0; kill < kills; ++kill) {
    await sleep(400);
    assert.equal(await collector.stop('SIGKILL'), 'SIGKILL');
    // After half of them the backend is there again, and is killed with data under way.
    if (kill === kills / 2) backend = await Backend.resume(backend.what);
    collector = await Collector.start({config});
  }
  await senders;
  assert.equal(acknowledged.size, requests * spansPerRequest);
  const found = await until('everything arrives', async () => {
    const now = await arrivals(backend);
    return now.size >= acknowledged.size && now;
  });
  const twice = [...found.values()].filter((count) => count > 1).length;
  // Only what was on its way at a kill may come twice: by the sender, or by the two consumers of the queue.
  assert.ok(twice <= kills * (2 + 4) * spansPerRequest, `${twice} spans came twice`);
  await until('the queue is empty', async () => await collector.metric('otelcol_exporter_queue_size', '{exporter="otlp"}') === 0);
  assert.equal(await collector.stop(), 0, collector.output);
  assert.doesNotMatch(collector.output, /lost/);
  assert.equal(readdirSync(join(directory, 'queues', 'otlp')).filter((name) => name.endsWith('.queue')).length <= 1, true);
});

test('an outage longer than max_elapsed_time loses nothing', async () => {
  assert.equal(await backend.stop(), 0);
  const collector = await Collector.start({config});
  for (let i = 0; i < 10; ++i) assert.equal(await send(port, request(10_000 + i, 1, 'patient')), 200);
  await sleep(2_500);
  await until('all wait', async () => await collector.metric('otelcol_exporter_queue_size', '{exporter="otlp"}') === 10);
  backend = await Backend.resume(backend.what);
  await until('everything arrives', async () => (await arrivals(backend, 'patient')).size === 10);
  assert.equal(await collector.stop(), 0);
  assert.deepEqual([...(await arrivals(backend, 'patient')).values()], Array(10).fill(1));
  assert.doesNotMatch(collector.output, /lost/);
});
