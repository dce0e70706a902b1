// Zipkin's reporters: zipkin-js with all its encoders, OpenTelemetry's exporter, and the bytes of others.
import assert from 'node:assert/strict';
import {createRequire} from 'node:module';
import {gzipSync} from 'node:zlib';
import {after, before, describe, test} from 'node:test';

import {ZipkinExporter} from '@opentelemetry/exporter-zipkin';

import {bytes, fixed64, message, number} from '../clients/protobuf.js';
import {GrpcSender} from '../collector/failing_backend.js';
import {eventually, newId, sendThroughSdk, spansOf, startClew} from './clients.js';

const require = createRequire(import.meta.url);
const {Annotation, BatchRecorder, ExplicitContext, InetAddress, Tracer, jsonEncoder, model} = require('zipkin');
const {HttpLogger} = require('zipkin-transport-http');
const thrift = require('zipkin-encoder-thrift');

let clew;
before(async () => { clew = await startClew(); });
after(() => clew?.stop());

const address = (path) => `http://127.0.0.1:${clew.zipkinPort}${path}`;
async function post(path, body, headers = {'content-type': 'application/json'}, to = address(path)) {
  const response = await fetch(to, {method: 'POST', body, headers});
  return {status: response.status, text: await response.text(), headers: response.headers};
}
const v2 = (traceId, more = {}) => ({traceId, id: newId(), name: 'get', kind: 'SERVER', timestamp: Date.now() * 1000, duration: 1500,
  localEndpoint: {serviceName: 'shop'}, ...more});

// A server's span with its client's below, recorded by the library's own tracer.
function record(logger) {
  const tracer = new Tracer({ctxImpl: new ExplicitContext(), recorder: new BatchRecorder({logger}), localServiceName: 'web', traceId128Bit: true,
    defaultTags: {tenant: 'acme'}});
  return tracer.scoped(() => {
    const id = tracer.createRootId();
    tracer.setId(id);
    tracer.recordServiceName('web');
    tracer.recordRpc('get /cart');
    tracer.recordAnnotation(new Annotation.ServerRecv());
    const child = tracer.createChildId();
    tracer.letId(child, () => {
      tracer.recordServiceName('web');
      tracer.recordRpc('select');
      tracer.recordAnnotation(new Annotation.ClientSend());
      tracer.recordAnnotation(new Annotation.ServerAddr({serviceName: 'db', host: new InetAddress('10.1.2.3'), port: 5432}));
      tracer.recordMessage('retried');
      tracer.recordBinary('error', 'timeout');
      tracer.recordAnnotation(new Annotation.ClientRecv());
    });
    tracer.recordBinary('http.path', '/cart');
    tracer.recordAnnotation(new Annotation.ServerSend());
    return {traceId: id.traceId, server: id.spanId, client: child.spanId};
  });
}

async function expectRecorded({traceId, server, client}) {
  const spans = await spansOf(clew, traceId.padStart(32, '0'), 2, ['http.path', 'tenant', 'error', 'status_message', 'peer.service', 'net.peer.ip', 'net.peer.port', 'span.num_events']);
  const get = spans.get('get /cart'), select = spans.get('select');
  assert.equal(get['service.name'], 'web');
  assert.equal(get['span.kind'], 'server');
  assert.equal(get['trace.span_id'], server);
  assert.equal(get['http.path'], '/cart');
  assert.equal(get.tenant, 'acme');
  assert.equal(select['span.kind'], 'client');
  assert.equal(select['trace.span_id'], client);
  assert.equal(select['trace.parent_id'], server);
  assert.equal(select['peer.service'], 'db');
  assert.equal(select['net.peer.ip'], '10.1.2.3');
  assert.equal(select['net.peer.port'], 5432);
  assert.equal(select.error, true);
  assert.equal(select.status_message, 'timeout');
  assert.equal(select['span.num_events'], 1);
}

describe('zipkin-js', () => {
  for (const [situation, path, encoder] of [['version 2 JSON', '/api/v2/spans', jsonEncoder.JSON_V2], ['version 1 JSON', '/api/v1/spans', jsonEncoder.JSON_V1]]) {
    test(`with ${situation}`, async () => {
      const failures = [];
      const logger = new HttpLogger({endpoint: address(path), jsonEncoder: encoder, httpInterval: 20, log: {error: (line) => failures.push(line)}});
      logger.on('error', (error) => failures.push(error));
      await expectRecorded(record(logger));
      assert.deepEqual(failures, []);
    });
  }

  test('with Thrift', async () => {
    const spans = [];
    const recorded = record({logSpan: (span) => spans.push(thrift.encode(span))});
    await eventually(() => spans.length === 2);
    const head = Buffer.from([12, 0, 0, 0, spans.length]);
    const answer = await post('/api/v1/spans', Buffer.concat([head, ...spans]), {'content-type': 'application/x-thrift'});
    assert.deepEqual([answer.status, answer.text], [202, '']);
    await expectRecorded(recorded);
  });

  test('its model says what the API takes', () => assert.ok(model.Span));
});

test("OpenTelemetry's exporter", async () => {
  const sent = await sendThroughSdk(new ZipkinExporter({url: address('/api/v2/spans')}), 'shop-zipkin');
  assert.deepEqual(sent.failures, []);
  const spans = await spansOf(clew, sent.traceId, 2, ['service.version', 'library.name', 'http.status_code', 'status_message', 'error', 'peer.service', 'span.num_events']);
  const server = spans.get('GET /cart'), client = spans.get('SELECT');
  assert.equal(server['service.name'], 'shop-zipkin');
  assert.equal(server['service.version'], '1.2.3');
  assert.equal(server['span.kind'], 'server');
  assert.equal(server.error, true);
  assert.equal(server.status_message, 'no stock');
  assert.equal(server['span.num_events'], 1);
  assert.equal(client['span.kind'], 'client');
  assert.equal(client['trace.parent_id'], sent.serverId);
  assert.equal(client['peer.service'], 'db');
});

describe('protobuf', () => {
  const list = (traceId) => message(1, bytes(1, Buffer.from(traceId, 'hex')), bytes(3, Buffer.from(newId(), 'hex')), number(4, 1), bytes(5, 'call'),
    fixed64(6, Date.now() * 1000), number(7, 250), message(8, bytes(1, 'shop')), message(9, bytes(1, 'db'), bytes(2, Buffer.from([10, 0, 0, 7])), number(4, 5432)),
    message(11, bytes(1, 'tenant'), bytes(2, 'acme')));
  const arrives = async (traceId) => {
    const call = (await spansOf(clew, traceId, 1, ['tenant', 'peer.service', 'net.peer.ip'])).get('call');
    assert.deepEqual([call['span.kind'], call['service.name'], call.tenant, call['peer.service'], call['net.peer.ip']], ['client', 'shop', 'acme', 'db', '10.0.0.7']);
  };
  test('over HTTP', async () => {
    const traceId = newId(16);
    assert.equal((await post('/api/v2/spans', list(traceId), {'content-type': 'application/x-protobuf'})).status, 202);
    await arrives(traceId);
  });
  test('over gRPC', async () => {
    const traceId = newId(16), sender = new GrpcSender(clew.zipkinPort);
    const {code, details} = await sender.call(list(traceId), '/zipkin.proto3.SpanService/Report');
    sender.close();
    assert.equal(code, 0, details);
    await arrives(traceId);
  });
});

describe('what else clients do', () => {
  test("every door takes spans, gzip too; the browser's question before is answered", async () => {
    const traceId = newId(16);
    const body = gzipSync(JSON.stringify([v2(traceId)]));
    const answer = await post('/api/v2/spans', body, {'content-type': 'application/json', 'content-encoding': 'gzip', origin: 'https://shop.example'}, `${clew.http}/api/v2/spans`);
    assert.equal(answer.status, 202);
    assert.equal(answer.headers.get('access-control-allow-origin'), 'https://shop.example');
    await spansOf(clew, traceId, 1, []);
    const preflight = await fetch(address('/api/v2/spans'), {method: 'OPTIONS', headers: {origin: 'https://shop.example', 'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type'}});
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-origin'), 'https://shop.example');
  });

  test('an empty list, nothing at all, and one span that is no list', async () => {
    for (const body of ['[]', '']) assert.equal((await post('/api/v2/spans', body)).status, 202);
    const traceId = newId(16);
    assert.equal((await post('/api/v2/spans', JSON.stringify(v2(traceId)))).status, 202);
    await spansOf(clew, traceId, 1, []);
  });

  for (const [situation, path, body, said] of [
    ['version 1 at version 2', '/api/v2/spans', '[{"traceId":"1","id":"1","binaryAnnotations":[]}]', 'Expected a JSON_V2 encoded list, but received: JSON_V1\n'],
    ['version 2 at version 1', '/api/v1/spans', '[{"traceId":"1","id":"1","tags":{}}]', 'Expected a JSON_V1 encoded list, but received: JSON_V2\n'],
    ['no list', '/api/v2/spans', 'hello', 'Expected a JSON_V2 encoded list\n'],
    ['no id', '/api/v2/spans', '[{"traceId":"1"}]', 'id is missing at path $[0] reading List<Span> from json\n'],
  ]) {
    test(`${situation} is refused as Zipkin refuses it`, async () => {
      const before = await clew.counter('clew_refused_zipkin_total');
      const answer = await post(path, body);
      assert.deepEqual([answer.status, answer.text], [400, said]);
      await eventually(async () => await clew.counter('clew_refused_zipkin_total') > before);
    });
  }

  test('both halves of a shared span are kept, under one id', async () => {
    const traceId = newId(16), id = newId();
    await post('/api/v2/spans', JSON.stringify([v2(traceId, {id, name: 'call', kind: 'CLIENT', localEndpoint: {serviceName: 'web'}})]));
    await post('/api/v2/spans', JSON.stringify([v2(traceId, {id, name: 'serve', shared: true})]));
    const spans = await spansOf(clew, traceId, 2, ['zipkin.shared']);
    assert.equal(spans.get('call')['trace.span_id'], id);
    assert.equal(spans.get('serve')['trace.span_id'], id);
    assert.equal(spans.get('serve')['zipkin.shared'], true);
    const outline = await clew.ask(`/traces/${traceId}`);
    assert.equal(outline.spans, 2);
  });

  test("questions find the right half of a shared span as a span's parent", async () => {
    const traceId = newId(16), id = newId();
    await post('/api/v2/spans', JSON.stringify([v2(traceId, {id, name: 'call', kind: 'CLIENT', localEndpoint: {serviceName: 'web'}})]));
    await post('/api/v2/spans', JSON.stringify([v2(traceId, {id, name: 'serve', shared: true}), v2(traceId, {parentId: id, name: 'select', kind: 'CLIENT'})]));
    await spansOf(clew, traceId, 3, []);
    const parents = await clew.query('traces', `COUNT WHERE trace.trace_id = "${traceId}" GROUP BY name, parent.name`);
    assert.deepEqual(Object.fromEntries(parents.map((row) => [row.name, row['parent.name']])), {call: null, serve: 'call', select: 'serve'});
    assert.deepEqual((await clew.query('traces', `COUNT WHERE trace.trace_id = "${traceId}" AND child.name = "select" GROUP BY name`)).map(({name}) => name), ['serve']);
  });

  test('the page says who sends', async () => {
    await eventually(async () => {
      const {senders} = await clew.ask('/arrivals');
      return senders.some(({protocol}) => protocol === 'Zipkin JSON') && senders.some(({protocol}) => protocol === 'Zipkin v1 Thrift');
    });
    const {doors, setup} = await clew.ask('/status');
    assert.ok(doors.some(({purpose, port}) => purpose === 'Zipkin' && port === clew.zipkinPort));
    assert.ok(setup.some(({title}) => title === 'Zipkin'));
  });
});

test('a key is asked for where there are keys; the password of the address is one', async () => {
  const guarded = await startClew({keys: {secret: 'production'}});
  try {
    const to = `http://127.0.0.1:${guarded.zipkinPort}/api/v2/spans`, type = {'content-type': 'application/json'};
    const body = JSON.stringify([v2(newId(16))]);
    const basic = (password) => ({...type, authorization: `Basic ${Buffer.from(`any:${password}`).toString('base64')}`});
    assert.equal((await post('', body, type, to)).status, 401);
    assert.equal((await post('', body, basic('wrong'), to)).status, 401);
    assert.equal((await post('', body, basic('secret'), to)).status, 202);
    assert.equal((await post('', body, {...type, 'x-honeycomb-team': 'secret'}, to)).status, 202);
  } finally {
    await guarded.stop();
  }
});
