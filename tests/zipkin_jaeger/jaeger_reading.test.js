// Jaeger's query API: what a client of Jaeger sent is found and comes back.
import assert from 'node:assert/strict';
import {createRequire} from 'node:module';
import {after, before, describe, test} from 'node:test';

import {eventually, newId, startClew} from './clients.js';

const {initTracer, opentracing} = createRequire(import.meta.url)('jaeger-client');

let clew, traceId, rootId, childId;

const ask = async (path) => {
  const response = await fetch(`http://127.0.0.1:${clew.jaegerPort}${path}`);
  return {status: response.status, json: await response.json()};
};
const answer = async (path) => {
  const {status, json} = await ask(path);
  assert.equal(status, 200, JSON.stringify(json));
  return json;
};
const plain = (tags) => Object.fromEntries(tags.map(({key, type, value}) => [key, [type, value]]));

before(async () => {
  clew = await startClew();
  const tracer = (serviceName) => initTracer({serviceName, sampler: {type: 'const', param: 1},
    reporter: {collectorEndpoint: `http://127.0.0.1:${clew.jaegerPort}/api/traces`, flushIntervalMs: 20}}, {tags: {region: 'eu'}});
  const web = tracer('web'), shop = tracer('shop');
  const root = web.startSpan('GET /cart', {tags: {[opentracing.Tags.SPAN_KIND]: 'client', tenant: 'acme', items: 3, ratio: 0.5, cached: true}});
  const child = shop.startSpan('cart', {childOf: root, tags: {[opentracing.Tags.SPAN_KIND]: 'server', 'http.status_code': 500}});
  child.log({event: 'declined', code: 51});
  child.setTag('error', true);
  child.finish();
  root.finish();
  for (const one of [web, shop]) await new Promise((done) => one.close(done));
  // This client makes ids of 64 bits, and leaves zeros in front of them out.
  [traceId, rootId, childId] = [root.context().traceIdStr, root.context().spanIdStr, child.context().spanIdStr].map((id) => id.padStart(16, '0'));
  await eventually(async () => (await answer('/api/services')).total === 2);
});
after(() => clew?.stop());

describe('reading', () => {
  test('names', async () => {
    assert.deepEqual(await answer('/api/services'), {data: ['shop', 'web'], total: 2, limit: 0, offset: 0, errors: null});
    assert.deepEqual((await answer('/api/services/shop/operations')).data, ['cart']);
    assert.deepEqual((await answer('/api/operations?service=web')).data, [{name: 'GET /cart', spanKind: 'client'}]);
    assert.deepEqual((await answer('/api/operations?service=web&spanKind=server')).data, []);
  });

  test('a trace', async () => {
    const {data: [trace], total} = await answer(`/api/traces/${traceId}`);
    assert.equal(total, 1);
    assert.equal(trace.traceID, traceId);
    const root = trace.spans.find(({spanID}) => spanID === rootId), child = trace.spans.find(({spanID}) => spanID === childId);
    assert.equal(root.operationName, 'GET /cart');
    assert.deepEqual(root.references, []);
    const tags = plain(root.tags);
    assert.deepEqual([tags.tenant, tags.items, tags.ratio, tags.cached, tags['span.kind']], [['string', 'acme'], ['float64', 3], ['float64', 0.5], ['bool', true], ['string', 'client']]);
    assert.deepEqual(child.references, [{refType: 'CHILD_OF', traceID: traceId, spanID: rootId}]);
    assert.deepEqual(plain(child.tags).error, ['bool', true]);
    assert.deepEqual(plain(child.logs[0].fields), {event: ['string', 'declined'], code: ['float64', 51]});
    const process = trace.processes[child.processID];
    assert.equal(process.serviceName, 'shop');
    assert.deepEqual(plain(process.tags).region, ['string', 'eu']);
    assert.ok(child.startTime > 1.7e15 && child.duration >= 0);
  });

  for (const [situation, search, found] of [
    ['a service', 'service=web', true], ['another', 'service=nobody', false], ['an operation', 'service=shop&operation=cart', true], ['an operation of another service', 'service=web&operation=cart', false],
    ['tags', 'service=web&tags=%7B%22tenant%22%3A%22acme%22%2C%22items%22%3A%223%22%7D', true], ['a tag', 'service=web&tag=tenant%3Aacme&tag=cached%3Atrue', true], ['a tag of another value', 'service=web&tag=tenant%3Aother', false],
    ['an error', 'service=shop&tags=%7B%22error%22%3A%22true%22%7D', true], ['no error', 'service=shop&tags=%7B%22error%22%3A%22false%22%7D', false],
    ['a duration', 'service=web&minDuration=0ms&maxDuration=10m', true], ['a longer duration', 'service=web&minDuration=1h', false], ['a time', 'service=web&start=1000000&end=2000000', false],
  ]) {
    test(`traces by ${situation}`, async () => {
      assert.deepEqual((await answer(`/api/traces?${search}&limit=20&lookback=1h`)).data.map(({traceID}) => traceID), found ? [traceId] : []);
    });
  }

  test('traces by their ids; those that are not there are told', async () => {
    const {data, errors} = await answer(`/api/traces?traceID=${traceId}&traceID=00000000000000ab`);
    assert.deepEqual(data.map(({traceID}) => traceID), [traceId]);
    assert.deepEqual(errors, [{code: 404, msg: 'trace not found', traceID: '00000000000000ab'}]);
  });

  test('who calls whom', async () => {
    const {data} = await answer(`/api/dependencies?endTs=${Date.now() + 1000}&lookback=3600000`);
    assert.deepEqual(data, [{parent: 'web', child: 'shop', callCount: 1}]);
  });

  for (const [situation, path, code, msg] of [
    ['a trace that is not there', `/api/traces/${newId(16)}`, 404, 'trace not found'],
    ['a search without a service', '/api/traces', 400, "parameter 'service' is required"],
    ['a tag without a value', '/api/traces?service=web&tag=tenant', 400, "malformed 'tag' parameter, expecting key:value, received: tenant"],
    ['durations the wrong way round', '/api/traces?service=web&minDuration=2s&maxDuration=1s', 400, "'maxDuration' should be greater than 'minDuration'"],
  ]) {
    test(`${situation} is told`, async () => {
      const {status, json} = await ask(path);
      assert.equal(status, code);
      assert.deepEqual(json, {data: null, total: 0, limit: 0, offset: 0, errors: [{code, msg}]});
    });
  }
});

describe('reading in OTLP', () => {
  const minute = 60_000;
  const at = (ms) => encodeURIComponent(new Date(Date.now() + ms).toISOString());
  const lately = `query.startTimeMin=${at(-5 * minute)}&query.startTimeMax=${at(5 * minute)}`;
  const spansOf = ({result}) => result.resourceSpans.flatMap(({resource, scopeSpans}) => scopeSpans.flatMap(({spans}) => spans.map((span) => (
    {service: resource.attributes.find(({key}) => key === 'service.name').value.stringValue, ...span}))));

  test('names', async () => {
    assert.deepEqual(await answer('/api/v3/services'), {services: ['shop', 'web']});
    assert.deepEqual(await answer('/api/v3/operations?service=web'), {operations: [{name: 'GET /cart', spanKind: 'client'}]});
    assert.deepEqual(await answer('/api/v3/operations?service=web&span_kind=server'), {operations: []});
  });

  test('a trace', async () => {
    const spans = spansOf(await answer(`/api/v3/traces/${traceId}`));
    const root = spans.find(({service}) => service === 'web'), child = spans.find(({service}) => service === 'shop');
    assert.equal(spans.length, 2);
    assert.deepEqual([root.traceId, root.spanId, root.name, root.kind], [traceId.padStart(32, '0'), rootId, 'GET /cart', 3]);
    assert.deepEqual([child.parentSpanId, child.status.code, child.events[0].name], [rootId, 2, 'declined']);
    assert.deepEqual(root.attributes.find(({key}) => key === 'tenant'), {key: 'tenant', value: {stringValue: 'acme'}});
  });

  for (const [situation, search] of [
    ['a time', lately], ['a service', `query.serviceName=web&${lately}`], ['an operation', `query.serviceName=shop&query.operationName=cart&${lately}`],
    ['attributes', `query.attributes=%7B%22tenant%22%3A%22acme%22%7D&${lately}`], ['a duration', `query.durationMin=0ms&query.durationMax=10m&${lately}`],
    ['older names', `query.service_name=web&query.num_traces=5&query.start_time_min=${at(-5 * minute)}&query.start_time_max=${at(5 * minute)}`],
  ]) {
    test(`traces by ${situation}`, async () => assert.equal(spansOf(await answer(`/api/v3/traces?${search}`)).length, 2));
  }

  for (const [situation, path, httpCode, message] of [
    ['a trace that is not there', `/api/v3/traces/${newId(16)}`, 404, 'No traces found'],
    ['a search that finds nothing', `/api/v3/traces?query.serviceName=nobody&${lately}`, 404, 'No traces found'],
    ['a search without a time', '/api/v3/traces?query.serviceName=web', 400, 'query.startTimeMin is required'],
  ]) {
    test(`${situation} is told`, async () => assert.deepEqual(await ask(path), {status: httpCode, json: {error: {httpCode, message}}}));
  }
});

describe('metrics', () => {
  // The last step may be under way when it is asked for: the end is a little later than now.
  const metrics = (kind, query) => answer(`/api/metrics/${kind}?${query}&endTs=${Date.now() + 1000}&lookback=300000&step=60000&ratePer=600000`);
  const last = ({metricPoints}) => metricPoints.at(-1).gaugeValue.doubleValue;

  test('calls', async () => {
    const {name, type, help, metrics: [one, ...others]} = await metrics('calls', 'service=shop');
    assert.deepEqual([name, type, help, others], ['service_call_rate', 'GAUGE', 'calls/sec, grouped by service', []]);
    assert.deepEqual(one.labels, [{name: 'service_name', value: 'shop'}]);
    assert.equal(last(one), 1 / 600);
    assert.ok(one.metricPoints.length >= 5 && one.metricPoints.length <= 7, `${one.metricPoints.length} points`);
    assert.equal(one.metricPoints[0].gaugeValue.doubleValue, 0);
    assert.ok(one.metricPoints.every(({timestamp}) => Number.isFinite(Date.parse(timestamp))));
  });

  test('errors, by operation', async () => {
    const {name, metrics: [one]} = await metrics('errors', 'service=shop&service=web&groupByOperation=true');
    assert.equal(name, 'service_operation_error_rate');
    assert.deepEqual(one.labels, [{name: 'operation', value: 'cart'}, {name: 'service_name', value: 'shop'}]);
    assert.equal(last(one), 1);
  });

  test('latencies, in milliseconds, of another kind of span', async () => {
    const {name, help, metrics: [one]} = await metrics('latencies', 'service=web&spanKind=client&quantile=0.95');
    const {data: [trace]} = await answer(`/api/traces/${traceId}`);
    assert.deepEqual([name, help], ['service_latencies', '0.95th quantile latency, grouped by service']);
    const root = trace.spans.find(({spanID}) => spanID === rootId);
    assert.ok(Math.abs(last(one) - root.duration / 1000) <= 0.001 + root.duration / 1000 / 50, `${last(one)} of ${root.duration} µs`);
  });

  test('nothing', async () => assert.deepEqual((await metrics('calls', 'service=web')).metrics, []));

  test('the shortest step', async () => assert.equal((await answer('/api/metrics/minstep')).data, 1));

  for (const [situation, path, part] of [
    ['no service', '/api/metrics/calls', 'please provide at least one service name'],
    ['no quantile', '/api/metrics/latencies?service=shop', "'quantile'"],
    ['too many points', '/api/metrics/calls?service=shop&lookback=86400000&step=1', 'make it longer'],
    ['a step of nothing', '/api/metrics/calls?service=shop&step=0', "'step'"],
  ]) {
    test(`${situation} is told`, async () => {
      const {status, json} = await ask(path);
      assert.equal(status, 400);
      assert.ok(json.errors[0].msg.includes(part), json.errors[0].msg);
    });
  }
});
