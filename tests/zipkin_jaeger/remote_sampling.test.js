// What applications are told that ask how many traces to keep: by OpenTelemetry's sampler, by Jaeger's client, over gRPC;
// set through the API, by environment, in the file's place.
import assert from 'node:assert/strict';
import {createInterface} from 'node:readline';
import {createRequire} from 'node:module';
import {fileURLToPath} from 'node:url';
import {join} from 'node:path';
import {spawn} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {after, before, describe, test} from 'node:test';

import {bytes, message, number} from '../clients/protobuf.js';
import {GrpcSender} from '../collector/failing_backend.js';
import {eventually, newId, startClew} from './clients.js';

const {RemoteSampler} = createRequire(import.meta.url)('jaeger-client');

let clew;
before(async () => (clew = await startClew()));
after(() => clew?.stop());

const at = (path) => `http://127.0.0.1:${clew.jaegerPort}${path}`;
const ask = async (service, one, headers = {}) => (await fetch(`${one.http}/sampling?service=${service}`, {headers})).json();
async function set(strategy, one = clew, headers = {}) {
  const response = await fetch(`${one.http}/clew/v1/sampling`, {method: 'POST', headers: {'content-type': 'application/json', ...headers}, body: JSON.stringify(strategy)});
  assert.equal(response.status, 200, await response.clone().text());
  return response.json();
}
const operation = (name, param) => ({operation: name, type: 'probabilistic', param});

describe("OpenTelemetry's sampler", {timeout: 120_000}, () => {
  let app, lines;
  before(() => {
    app = spawn(process.execPath, [fileURLToPath(new URL('sampled_app.js', import.meta.url)), at(''), at('/api/traces'), 'app'], {stdio: ['pipe', 'pipe', 'inherit']});
    lines = createInterface({input: app.stdout})[Symbol.asyncIterator]();
  });
  after(() => app?.kill());
  const make = async (work) => {
    app.stdin.write(`${JSON.stringify(work)}\n`);
    assert.equal((await lines.next()).value, 'done');
  };
  const counts = async () => Object.fromEntries((await clew.query('traces', 'COUNT WHERE service.name = app GROUP BY name')).map((row) => [row.name, row.COUNT]));

  test('keeps the part that it is told, of traces and all that is in them', async () => {
    await set({service: 'app', type: 'probabilistic', param: 0.25});
    await make({sampler: 'TraceIdRatioBased{0.25}', traces: 40, names: ['GET /cart']});
    // What it leaves out it does not write into its spans: what was kept is counted.
    await eventually(async () => assert.deepEqual(await counts(), {'GET /cart': 10, 'below GET /cart': 10}) ?? true);
  });

  test('hears of a change, and of operations that are kept otherwise', async () => {
    await set({service: 'app', type: 'probabilistic', param: 0.5, operation_strategies: [operation('GET /health', 0), operation('POST /pay', 1)]});
    await make({sampler: 'POST /pay=TraceIdRatioBased{1}', traces: 20, names: ['GET /', 'GET /health', 'POST /pay']});
    await eventually(async () => {
      const {'GET /': any, 'GET /health': health, 'POST /pay': pay} = await counts();
      assert.deepEqual([any, health, pay], [10, undefined, 20]);
      return true;
    });
  });

  test('is seen asking', async () => {
    const {askers} = await (await fetch(`${clew.http}/clew/v1/sampling`)).json();
    const {times, last_ns} = askers.find(({service}) => service === 'app');
    assert.ok(times > 1 && BigInt(last_ns) > 0n);
  });
});

test("Jaeger's client is told a limit", async () => {
  await set({service: 'limited', type: 'ratelimiting', param: 3});
  let asking;
  const sampler = await new Promise((done) => {
    asking = new RemoteSampler('limited', {host: '127.0.0.1', port: clew.jaegerPort, refreshInterval: 20, onSamplerUpdate: done});
  });
  assert.equal(sampler.maxTracesPerSecond, 3);
  await new Promise((done) => asking.close(done));
});

test('gRPC, as Java and the Collector ask', async () => {
  await set({service: 'java', type: 'probabilistic', param: 0.5});
  const sender = new GrpcSender(clew.jaegerPort);
  const {answer} = await sender.call(bytes(1, 'java'), '/jaeger.api_v2.SamplingManager/GetSamplingStrategy');
  assert.equal(Buffer.from(answer).toString('hex'), '1209' + '09000000000000e03f');
  sender.close();
});

test('a span whose sampler wrote its threshold counts for those that were left out', async () => {
  const sender = new GrpcSender(clew.jaegerPort), traceId = newId(16);
  const span = message(1, bytes(1, Buffer.from(traceId, 'hex')), bytes(2, Buffer.from(newId(), 'hex')), bytes(3, 'GET /cart'),
    message(6, number(1, Math.floor(Date.now() / 1000))), message(7, number(2, 1_500_000)), message(8, bytes(1, 'w3c.tracestate'), bytes(3, 'ot=th:c')));
  const {code, details} = await sender.call(message(1, span, message(2, bytes(1, 'consistent'))), '/jaeger.api_v2.CollectorService/PostSpans');
  sender.close();
  assert.equal(code, 0, details);
  await eventually(async () => (await clew.query('traces', `COUNT WHERE trace.trace_id = "${traceId}"`))[0]?.COUNT === 4);
});

test('what is set comes before the file, and stays over a restart', async () => {
  const file = {default_strategy: {type: 'probabilistic', param: 0.5}, service_strategies: [{service: 'filed', type: 'ratelimiting', param: 7}]};
  const other = await startClew({prepare: ({data}) => writeFileSync(join(data, 'strategies.json'), JSON.stringify(file))});
  try {
    await set({service: 'set', type: 'probabilistic', param: 0.125}, other);
    await set({service: null, type: 'probabilistic', param: 0.75}, other);
    other.flags.push('--jaeger-sampling', join(other.data, 'strategies.json'));
    await other.restart();
    const part = async (service) => (await ask(service, other)).probabilisticSampling?.samplingRate;
    assert.deepEqual([await part('set'), await part('unknown')], [0.125, 0.75]);
    assert.deepEqual(await ask('filed', other), {strategyType: 'RATE_LIMITING', rateLimitingSampling: {maxTracesPerSecond: 7}});
    const {strategies} = await set({service: null, type: null}, other);
    assert.equal(await part('unknown'), 0.5);
    assert.deepEqual(strategies.map(({service, modified_ns}) => [service, modified_ns !== undefined]), [[undefined, false], ['filed', false], ['set', true]]);
  } finally {
    await other.stop();
  }
});

test('who shows a key is told what holds in its environment, others what holds in the default one', async () => {
  const other = await startClew({keys: {ours: 'default', theirs: 'staging'}});
  try {
    for (const [key, param] of [['ours', 0.5], ['theirs', 0.25]]) await set({service: 'shop', type: 'probabilistic', param}, other, {'x-honeycomb-team': key});
    const part = async (headers) => (await ask('shop', other, headers)).probabilisticSampling.samplingRate;
    assert.deepEqual([await part({}), await part({authorization: 'Bearer theirs'}), await part({authorization: 'Bearer nobody'})], [0.5, 0.25, 0.5]);
  } finally {
    await other.stop();
  }
});
