// The exporter zipkin: what a Zipkin is sent when the vendor's exporter of OpenTelemetry sends to the collector.
import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import {gunzipSync} from 'node:zlib';
import {after, before, test} from 'node:test';
import {makeSpans} from '../clients/telemetry.js';
import {send, transports} from '../clients/transports.js';
import {Collector, freePorts, until} from './collector.js';

const requests = [];
let server, collector, port;

before(async () => {
  server = createServer((request, response) => {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
      requests.push({method: request.method, url: request.url, headers: request.headers, body: Buffer.concat(pieces)});
      response.writeHead(202).end();
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const zipkin = `http://127.0.0.1:${server.address().port}/api/v2/spans`;
  [port] = await freePorts(1);
  collector = await Collector.start({config: `
receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:${port}"}}}}
exporters:
  zipkin: {endpoint: "${zipkin}?format=json", headers: {authorization: "Basic abc"}, default_service_name: somebody, sending_queue: {enabled: false}}
  zipkin/proto: {endpoint: "${zipkin}?format=proto", format: proto, compression: gzip, sending_queue: {enabled: false}}
service: {pipelines: {traces: {receivers: [otlp], exporters: [zipkin, zipkin/proto]}}}
`});
});

after(async () => {
  assert.equal(await collector.stop(), 0, collector.output);
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

const microseconds = ([seconds, nanoseconds]) => Math.round(seconds * 1e6 + nanoseconds / 1e3);

test('spans arrive, field by field', async () => {
  const {items} = makeSpans('shop');
  const result = await send(transports['http/protobuf'].traces({address: `http://127.0.0.1:${port}`}), items);
  assert.equal(result.code, 0, result.error?.message);
  const [json] = requests.filter(({url}) => url.endsWith('json')), [proto] = requests.filter(({url}) => url.endsWith('proto'));
  assert.equal(json.method, 'POST');
  assert.equal(json.headers['content-type'], 'application/json');
  assert.equal(json.headers.authorization, 'Basic abc');
  assert.equal(json.headers['content-encoding'], undefined);
  const spans = new Map(JSON.parse(json.body).map((span) => [span.id, span]));
  assert.equal(spans.size, items.length);
  const kinds = [undefined, 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
  for (const item of items) {
    const {traceId, spanId} = item.spanContext(), span = spans.get(spanId);
    assert.ok(span, `${item.name} is there`);
    assert.equal(span.traceId, traceId);
    assert.equal(span.parentId, item.parentSpanContext?.spanId);
    assert.equal(span.name, item.name);
    assert.equal(span.kind, kinds[item.kind]);
    assert.ok(Math.abs(span.timestamp - microseconds(item.startTime)) <= 1, `${span.timestamp} ${item.startTime}`);
    assert.ok(Math.abs(span.duration - Math.max(1, microseconds(item.duration))) <= 1, `${span.duration} ${item.duration}`);
    assert.equal(span.localEndpoint.serviceName, 'shop');
    for (const [key, value] of Object.entries(item.attributes)) assert.equal(span.tags[key], Array.isArray(value) ? JSON.stringify(value) : String(value), key);
    assert.equal(span.tags['otel.scope.name'], item.instrumentationScope.name);
    assert.equal(span.tags['otel.status_code'], [undefined, 'OK', 'ERROR'][item.status.code]);
    if (item.status.code === 2) assert.equal(span.tags.error, item.status.message || 'true');
    assert.deepEqual((span.annotations ?? []).map(({value}) => value.split('|')[0]), item.events.map(({name}) => name));
    assert.equal(Object.keys(span.tags).filter((key) => key.startsWith('otlp.link.')).length, item.links.length);
  }
  assert.equal(proto.headers['content-type'], 'application/x-protobuf');
  assert.equal(proto.headers['content-encoding'], 'gzip');
  const body = gunzipSync(proto.body);
  for (const item of items) assert.ok(body.includes(Buffer.from(item.spanContext().spanId, 'hex')) && body.includes(item.name), item.name);
});

test('a span without a service, and one without an id', async () => {
  requests.length = 0;
  const response = await fetch(`http://127.0.0.1:${port}/v1/traces`, {method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify(
    {resourceSpans: [{scopeSpans: [{spans: [{traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'alone'}, {traceId: 'a'.repeat(32), name: 'nobody'}]}]}]})});
  assert.equal(response.status, 200);
  assert.equal((await response.json()).partialSuccess.rejectedSpans, '1');
  const [json] = requests.filter(({url}) => url.endsWith('json'));
  assert.deepEqual(JSON.parse(json.body), [{traceId: 'a'.repeat(32), id: 'b'.repeat(16), name: 'alone', localEndpoint: {serviceName: 'somebody'}}]);
  await until('both exporters have counted it', async () => await collector.metric('clew_refused_zipkin_spans_total') === 2);
});
