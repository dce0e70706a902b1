// The OpenTelemetry exporters against a running clew: everything that is sent can be asked for again.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';

import {Clew, plain} from './clew.js';
import {makeLogs, makeMetrics, makeSpans} from './telemetry.js';
import {gzip, send, transports} from './transports.js';

const nanoseconds = (ms) => `${BigInt(ms) * 1_000_000n}`;

// The first door stands for 4318, the second for 4317. A sender that mixes them up is served all the same.
const ways = Object.keys(transports).flatMap((transport) => [
  {name: transport, transport, door: (clew) => transport === 'grpc' ? clew.grpc : clew.http},
  {name: `${transport}, gzip`, transport, compression: gzip, door: (clew) => transport === 'grpc' ? clew.grpc : clew.http},
  {name: `${transport} at the other's port`, transport, door: (clew) => transport === 'grpc' ? clew.http : clew.grpc},
]);

describe('OpenTelemetry exporters', () => {
  let clew;
  before(async () => clew = await Clew.start());
  after(() => clew?.stop());

  ways.forEach(({name, transport, compression, door}, number) => {
    const service = `shop-${number}`;
    const exporters = transports[transport];
    const to = () => ({address: door(clew), compression});
    const spans = makeSpans(service);

    test(`traces over ${name}`, async () => {
      assert.deepEqual(await send(exporters.traces(to()), spans.items), {code: 0});

      const outline = await clew.ask(`/traces/${spans.traceId}`);
      assert.equal(outline.spans, 2);
      assert.equal(outline.start_ns, nanoseconds(spans.start));
      assert.equal(outline.duration_ns, 8_000_000);
      assert.deepEqual(outline.services, [service]);
      assert.deepEqual(outline.columns.span_id, [spans.serverId, spans.clientId]);
      assert.deepEqual(outline.columns.parent, [-1, 0]);
      assert.deepEqual(outline.columns.error, [0, 1]);

      const server = await clew.ask(`/traces/${spans.traceId}/spans/${spans.serverId}`);
      assert.equal(server.name, 'GET /cart');
      assert.equal(server.kind, 'server');
      assert.equal(server.parent_id, null);
      assert.equal(server.duration_ms, 8);
      const attributes = plain(server.attributes);
      assert.equal(attributes['http.route'], '/cart');
      assert.equal(attributes['http.response.status_code'], 500);
      assert.equal(attributes.ratio, 0.25);
      assert.equal(attributes.negative, -7);
      assert.equal(attributes.flag, true);
      assert.deepEqual(JSON.parse(attributes['user.ids']), [1, 2, 3]);
      assert.deepEqual(JSON.parse(attributes.words), ['x', 'ä😀']);
      const resource = plain(server.resource.attributes);
      assert.equal(resource['service.name'], service);
      assert.equal(resource['host.cpus'], 4);
      assert.equal(server.instrumentation_scope.name, 'shop');
      assert.equal(server.instrumentation_scope.version, '0.1');

      assert.equal(server.events.length, 1);
      assert.equal(server.events[0].name, 'cache miss');
      assert.equal(server.events[0].time_ns, nanoseconds(spans.start + 1));
      assert.deepEqual(plain(server.events[0].attributes), {key: 'cart:7', size: 3});
      assert.equal(server.links.length, 1);
      assert.equal(server.links[0].trace_id, spans.linked.traceId);
      assert.equal(server.links[0].span_id, spans.linked.spanId);
      assert.deepEqual(plain(server.links[0].attributes), {why: 'retry'});

      const client = await clew.ask(`/traces/${spans.traceId}/spans/${spans.clientId}`);
      assert.equal(client.kind, 'client');
      assert.equal(client.parent_id, spans.serverId);
      assert.deepEqual(client.status, {code: 'error', message: 'no connection'});
      assert.equal(client.error, true);
      assert.equal(client.events[0].name, 'exception');
      assert.equal(plain(client.events[0].attributes)['exception.type'], 'TypeError');
      assert.match(plain(client.events[0].attributes)['exception.stacktrace'], /telemetry\.js/);
    });

    test(`logs over ${name}`, async () => {
      const logs = makeLogs(service, spans.serverContext);
      assert.deepEqual(await send(exporters.logs(to()), logs.items), {code: 0});

      const within = (await clew.ask(`/logs?trace_id=${spans.traceId}`)).logs;
      assert.equal(within.length, 1);
      const [record] = within;
      assert.equal(record.time_ns, nanoseconds(logs.time));
      assert.equal(record.severity, 'warn');
      assert.equal(record.severity_text, 'WARNING');
      assert.equal(record.body.value, 'cart is slow');
      assert.equal(record.service, service);
      assert.equal(record.span_id, spans.serverId);
      const attributes = plain(record.attributes);
      assert.equal(attributes['cart.items'], 3);
      assert.deepEqual(JSON.parse(attributes['nested.deep']), [1, 'two', null]);

      const all = (await clew.ask(`/logs?service=${service}`)).logs;
      assert.equal(all.length, 2);
      const event = all.find((candidate) => candidate.event_name === 'checkout.failed');
      assert.equal(event.severity, 'error');
      assert.deepEqual(JSON.parse(event.body.value), {code: 7, why: 'card'});
    });

    test(`metrics over ${name}`, async () => {
      const metrics = await makeMetrics(service);
      assert.deepEqual(await send(exporters.metrics(to()), metrics.items), {code: 0});

      const kinds = Object.fromEntries((await clew.ask('/metrics')).metrics.map((metric) => [metric.name, metric.kind]));
      assert.equal(kinds['queue.length'], 'gauge');
      assert.equal(kinds.requests, 'sum');
      assert.equal(kinds['reply.time'], 'histogram');
      assert.equal(kinds['reply.size'], 'exponential_histogram');
      const where = `service.name = "${service}"`;
      const total = async (calculation, metric) => Object.values(
        (await clew.query('metrics', `${calculation} WHERE ${where} AND metric.name = "${metric}"`))[0])[0];
      assert.equal(await total('COUNT', 'queue.length'), 1);
      assert.equal(await total('MAX(metric.value)', 'queue.length'), 3.5);
      assert.equal(await total('COUNT', 'requests'), 2);
      assert.equal(await total('SUM(metric.value)', 'requests'), 7);
      assert.equal(await total('SUM(metric.count)', 'reply.time'), 3);
      assert.equal(await total('SUM(metric.sum)', 'reply.time'), 555);
      assert.equal(await total('SUM(metric.count)', 'reply.size'), 4);
      assert.equal(await total('MAX(metric.max)', 'reply.size'), 1000);
    });
  });

  test('each of them is listed as a sender', async () => {
    const {senders, refusals} = await clew.ask('/arrivals');
    const protocols = new Set(senders.map((sender) => sender.protocol));
    for (const protocol of ['OTLP/gRPC', 'OTLP/HTTP', 'OTLP/HTTP JSON']) {
      for (const signal of ['traces', 'logs', 'metrics']) assert.ok(protocols.has(`${protocol} ${signal}`), `${protocol} ${signal}`);
    }
    assert.ok(senders.every((sender) => /OTel-OTLP-Exporter-JavaScript|grpc-node/.test(sender.agent)), JSON.stringify(senders));
    assert.deepEqual(refusals, []);
  });

  test('a trace can be downloaded and sent again as OTLP', async () => {
    const spans = makeSpans('download');
    await send(transports['http/protobuf'].traces({address: clew.http}), spans.items);
    const otlp = await clew.ask(`/traces/${spans.traceId}/otlp`);
    const found = otlp.resourceSpans.flatMap((resource) => resource.scopeSpans.flatMap((scope) => scope.spans));
    assert.deepEqual(found.map((span) => span.spanId).sort(), [spans.serverId, spans.clientId].sort());
    const again = await fetch(`${clew.http}/v1/traces`,
      {method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify(otlp)});
    assert.equal(again.status, 200);
    assert.equal(await again.text(), '{}');
  });

  test('a span comes back with every field it had', async () => {
    const start = BigInt(Date.now()) * 1_000_000n;
    const traceId = '0102030405060708090a0b0c0d0e0f10';
    const otlp = {resourceSpans: [{
      resource: {attributes: [{key: 'service.name', value: {stringValue: 'whole'}},
        {key: 'host.tags', value: {arrayValue: {values: [{stringValue: 'a'}, {intValue: '1'}, {}]}}}]},
      scopeSpans: [{
        scope: {name: 'lib', version: '1.2', attributes: [{key: 'a', value: {boolValue: false}}]},
        spans: [{
          traceId, spanId: '0102030405060708', traceState: 'a=b', parentSpanId: '1112131415161718', flags: 257,
          name: 'GET /', kind: 2, startTimeUnixNano: `${start + 1n}`, endTimeUnixNano: `${start + 78n}`,
          attributes: [
            {key: 'smallest', value: {intValue: '-9223372036854775808'}}, {key: 'largest', value: {intValue: '9223372036854775807'}},
            {key: 'double', value: {doubleValue: 0.1}}, {key: 'nan', value: {doubleValue: 'NaN'}},
            {key: 'infinity', value: {doubleValue: '-Infinity'}}, {key: 'zero', value: {intValue: '0'}},
            {key: 'empty', value: {stringValue: ''}}, {key: 'bytes', value: {bytesValue: 'AP9/'}},
            {key: 'list', value: {arrayValue: {values: [{stringValue: 'x'}, {intValue: '1'}, {}]}}},
          ],
          droppedAttributesCount: 2,
          events: [{timeUnixNano: `${start + 3n}`, name: 'exception',
            attributes: [{key: 'exception.message', value: {stringValue: 'a "quoted"\nline \\ ä😀'}}], droppedAttributesCount: 3}],
          droppedEventsCount: 4,
          links: [{traceId: 'f'.repeat(32), spanId: 'e'.repeat(16), traceState: 'c=d',
            attributes: [{key: 'l', value: {boolValue: true}}], droppedAttributesCount: 5, flags: 769}],
          droppedLinksCount: 6,
          status: {message: 'boom', code: 2},
        }],
        schemaUrl: 'https://example.com/scope',
      }],
      schemaUrl: 'https://example.com/resource',
    }]};
    const sent = await fetch(`${clew.http}/v1/traces`,
      {method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify(otlp)});
    assert.equal(await sent.text(), '{}');
    assert.deepEqual(await clew.ask(`/traces/${traceId}/otlp`), otlp);
  });
});
