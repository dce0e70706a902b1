// SIGHUP: another configuration, without losing what is under way.
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import {after, before, test} from 'node:test';
import {Backend, Collector, freePorts, sleep, until} from './collector.js';
import {arrivals, request, send} from './numbered_spans.js';

let backend, collector, port, other;

const config = (door, {timeout = '100ms', typo = ''} = {}) => `
receivers:
  otlp: {protocols: {http: {endpoint: "127.0.0.1:${door}"}}}
processors:
  batch: {timeout${typo}: ${timeout}, send_batch_size: 50}
exporters:
  otlphttp:
    endpoint: http://127.0.0.1:${backend.port}
    headers: {x-honeycomb-team: ${backend.key}}
    retry_on_failure: {initial_interval: 100ms, max_interval: 300ms}
service:
  pipelines:
    traces: {receivers: [otlp], processors: [batch], exporters: [otlphttp]}
`;

before(async () => {
  backend = await Backend.start({tls: false});
  [port, other] = await freePorts(2);
  collector = await Collector.start({config: config(port)});
});

after(async () => {
  await collector.stop();
  await backend.stop();
  backend.remove();
});

const reload = async (text, saying) => {
  const before = collector.output.length;
  writeFileSync(collector.file, text);
  collector.process.kill('SIGHUP');
  await until(saying, () => collector.output.slice(before).includes(saying));
};

test('what is under way arrives once, over several reloads', async () => {
  let sending = true, next = 0;
  const acknowledged = new Set();
  const senders = Array.from({length: 3}, async () => {
    while (sending) {
      const number = next++;
      for (let status = 0; status !== 200; await sleep(5)) status = await send(port, request(number, 1));
      acknowledged.add(number);
    }
  });
  for (let i = 0; i < 5; ++i) {
    await sleep(200);
    await reload(config(port, {timeout: `${100 + i}ms`}), 'the new configuration is in force');
  }
  sending = false;
  await Promise.all(senders);
  await until('everything arrives', async () => (await arrivals(backend)).size >= Math.min(acknowledged.size, 1000));
  const [{COUNT: all}] = await backend.query('traces', 'COUNT WHERE service.name = "numbered"');
  assert.ok(all >= acknowledged.size, `${all} of ${acknowledged.size}`);
});

test('what the backend does not take at the moment goes to the exporter after the reload', async () => {
  await backend.stop();
  for (let i = 0; i < 20; ++i) assert.equal(await send(port, request(i, 1, 'kept')), 200);
  await sleep(300);
  await reload(config(port, {timeout: '200ms'}), 'the new configuration is in force');
  backend = await Backend.resume(backend.what);
  await until('everything arrives', async () => (await arrivals(backend, 'kept')).size === 20);
  assert.deepEqual([...(await arrivals(backend, 'kept')).values()], Array(20).fill(1));
});

test('a mistake leaves the configuration in force', async () => {
  await reload(config(port, {typo: 'out'}), "processors::batch has no setting 'timeoutout'; did you mean 'timeout'?");
  assert.equal(await send(port, request(1, 1, 'still')), 200);
  await until('it arrives', async () => (await arrivals(backend, 'still')).size === 1);
});

test('doors move', async () => {
  await reload(config(other), 'the new configuration is in force');
  assert.equal(await send(port, request(1, 1, 'moved')), 0);
  assert.equal(await send(other, request(1, 1, 'moved')), 200);
  await until('it arrives', async () => (await arrivals(backend, 'moved')).size === 1);
});
