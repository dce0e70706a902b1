// What senders get wrong, and what they are told: by the exporters themselves where they have something to say.
import assert from 'node:assert/strict';
import {connect} from 'node:net';
import {after, before, describe, test} from 'node:test';

import {OTLPTraceExporter} from '@opentelemetry/exporter-trace-otlp-proto';

import {Clew} from './clew.js';
import {makeSpans} from './telemetry.js';
import {send, transports} from './transports.js';

const post = (url, body, headers = {'content-type': 'application/json'}) => fetch(url, {method: 'POST', headers, body});
const span = (fields = {}) => ({
  traceId: '0102030405060708090a0b0c0d0e0f10', spanId: '0102030405060708', name: 'a',
  startTimeUnixNano: `${BigInt(Date.now()) * 1_000_000n}`, endTimeUnixNano: `${BigInt(Date.now()) * 1_000_000n}`, ...fields,
});
const request = (...spans) => JSON.stringify({resourceSpans: [{scopeSpans: [{spans}]}]});

describe('mistakes of senders', () => {
  let clew;
  before(async () => clew = await Clew.start());
  after(() => clew?.stop());

  // The variables that the SDK reads, as people set them.
  const withEnvironment = async (variables, use) => {
    const saved = {...process.env};
    Object.assign(process.env, variables);
    try {
      return await use();
    } finally {
      process.env = saved;
    }
  };
  const endpoints = {
    'base endpoint without a path': (url) => ({OTEL_EXPORTER_OTLP_ENDPOINT: url}),
    'base endpoint with a slash': (url) => ({OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/`}),
    'base endpoint that has the path already': (url) => ({OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/v1/traces`}),
    'base endpoint with the path of another signal': (url) => ({OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/v1/metrics`}),
    'endpoint of the signal without a path': (url) => ({OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url}),
    'endpoint of the signal with a slash at the end': (url) => ({OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${url}/v1/traces/`}),
  };
  for (const [name, variables] of Object.entries(endpoints)) {
    test(`${name} is served`, async () => {
      const spans = makeSpans('endpoint');
      const result = await withEnvironment(variables(clew.http), () => send(new OTLPTraceExporter(), spans.items));
      assert.deepEqual(result, {code: 0});
      assert.equal((await clew.ask(`/traces/${spans.traceId}`)).spans, 2);
    });
  }

  test('a misspelt path is answered with the right one', async () => {
    const response = await post(`${clew.http}/v1/trace`, '{}');
    assert.equal(response.status, 404);
    assert.match(response.statusText, /\/v1\/traces/);
    assert.match(await response.text(), /\/v1\/traces/);
  });

  test('GET where POST belongs', async () => {
    const response = await fetch(`${clew.http}/v1/traces`);
    assert.equal(response.status, 405);
    assert.match(response.headers.get('allow'), /POST/);
  });

  test('malformed JSON, protobuf and compression', async () => {
    const protobuf = {'content-type': 'application/x-protobuf'};
    const cases = [
      {what: 'cut JSON', body: '{"resourceSpans":[', says: /invalid JSON/},
      {what: 'an id of the wrong length', body: request(span(), span({spanId: 'abc'})), says: /resourceSpans\[0\]\.scopeSpans\[0\]\.spans\[1\]\.spanId/},
      {what: 'cut protobuf', body: new Uint8Array([0x0a, 0x7f, 1]), headers: protobuf, says: /./},
      {what: 'no gzip', body: 'no gzip', headers: {...protobuf, 'content-encoding': 'gzip'}, says: /./},
    ];
    for (const {what, body, headers, says} of cases) {
      const response = await post(`${clew.http}/v1/traces`, body, headers);
      assert.equal(response.status, 400, what);
      assert.match(await response.text(), says, what);
      assert.notEqual(response.statusText, 'Bad Request', what);
    }
    assert.ok(await clew.counter('clew_refused_otlp_malformed_total') >= 3);
    assert.equal((await post(`${clew.http}/v1/traces`, request(span()))).status, 200);
  });

  test('spans that can never be stored are a partial success', async () => {
    const good = span({traceId: '00000000000000000000000000000abc'});
    const response = await post(`${clew.http}/v1/traces`, request(good, span({traceId: '0'.repeat(32)}), span({spanId: ''})));
    assert.equal(response.status, 200);
    const answer = await response.json();
    assert.equal(answer.partialSuccess.rejectedSpans, '2');
    assert.match(answer.partialSuccess.errorMessage, /id/);
    assert.equal((await clew.ask(`/traces/${good.traceId}`)).spans, 1);
  });

  test('content types', async () => {
    for (const headers of [{'content-type': 'application/json; charset=utf-8'}, {'content-type': 'application/x-protobuf'},
      {'content-type': 'text/plain'}, {}]) {
      assert.equal((await post(`${clew.http}/v1/traces`, request(span()), headers)).status, 200, JSON.stringify(headers));
    }
    const refused = await post(`${clew.http}/v1/traces`, '<xml/>', {'content-type': 'text/xml'});
    assert.equal(refused.status, 415);
    assert.match(await refused.text(), /application\/x-protobuf/);
  });

  test('profiles are refused with a sentence', async () => {
    const response = await post(`${clew.http}/v1development/profiles`, '{}');
    assert.equal(response.status, 501);
    assert.match((await response.json()).message, /profiles/);
  });

  test('web pages of any origin may send', async () => {
    const preflight = await fetch(`${clew.http}/v1/traces`, {method: 'OPTIONS', headers: {
      origin: 'https://shop.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type',
    }});
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-origin'), 'https://shop.example');
    assert.match(preflight.headers.get('access-control-allow-headers'), /content-type/);
    for (const body of [request(span()), 'no']) {
      const response = await post(`${clew.http}/v1/traces`, body, {'content-type': 'application/json', origin: 'https://shop.example'});
      assert.equal(response.headers.get('access-control-allow-origin'), 'https://shop.example');
    }
  });

  test('what was understood all the same is listed with what to change', async () => {
    await post(`${clew.http}/v1/traces`, request(span()), {'content-type': 'text/plain'});
    const {refusals} = await clew.ask('/arrivals');
    const remedies = refusals.filter(({status}) => status === 200).map(({remedy}) => remedy).join('\n');
    for (const word of ['OTEL_SERVICE_NAME', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'content type']) assert.match(remedies, new RegExp(word));
  });

  test('TLS at a port without it is counted and disturbs nobody', async () => {
    await new Promise((done) => {
      const socket = connect(clew.ports[0], '127.0.0.1', () => socket.write(Buffer.from('16030100050100000100', 'hex')));
      socket.once('close', done).once('error', () => {}).resume();
      setTimeout(() => socket.destroy(), 2000).unref();
    });
    assert.equal(await clew.counter('clew_tls_to_plain_port_total'), 1);
  });
});

describe('keys', () => {
  const missing = "missing 'x-honeycomb-team' header";
  const unknown = 'unknown API key - check your credentials, region, and API URL';
  let clew;
  before(async () => clew = await Clew.start({keys: {'key-one': 'One', 'key-two': 'Two'}}));
  after(() => clew?.stop());

  const sentenceOf = (error) => error.details ?? error.message;
  for (const [name, exporters] of Object.entries(transports)) {
    const address = () => name === 'grpc' ? clew.grpc : clew.http;
    const unauthenticated = name === 'grpc' ? 16 : 401;

    test(`none at all over ${name}`, async () => {
      const {code, error} = await send(exporters.traces({address: address()}), makeSpans('shop').items);
      assert.equal(code, 1);
      assert.equal(error.code, unauthenticated);
      assert.ok(sentenceOf(error).startsWith(missing), sentenceOf(error));
    });

    test(`an unknown one over ${name}`, async () => {
      const headers = {'x-honeycomb-team': 'wrong'};
      const {code, error} = await send(exporters.traces({address: address(), headers}), makeSpans('shop').items);
      assert.equal(code, 1);
      assert.equal(error.code, unauthenticated);
      assert.equal(sentenceOf(error), unknown);
    });

    test(`each key leads to its own environment over ${name}`, async () => {
      const first = makeSpans('shop'), second = makeSpans('shop');
      const send1 = await send(exporters.traces({address: address(), headers: {'x-honeycomb-team': 'key-one'}}), first.items);
      const send2 = await send(exporters.traces({address: address(), headers: {authorization: 'Bearer key-two'}}), second.items);
      assert.deepEqual([send1, send2], [{code: 0}, {code: 0}]);
      assert.equal((await clew.ask(`/traces/${first.traceId}`, {key: 'key-one'})).spans, 2);
      assert.equal((await clew.ask(`/traces/${second.traceId}`, {key: 'key-two'})).spans, 2);
      await assert.rejects(clew.ask(`/traces/${first.traceId}`, {key: 'key-two'}), /404/);
      await assert.rejects(clew.ask(`/traces/${second.traceId}`, {key: 'key-one'}), /404/);
    });
  }

  test('a refusal names the headers that came, but not what they hold', async () => {
    const response = await post(`${clew.http}/v1/traces`, request(span()), {'content-type': 'application/json', 'x-honeycomb-taem': 'key-one'});
    assert.equal(response.status, 401);
    const {message} = await response.json();
    assert.match(message, /x-honeycomb-taem/);
    assert.doesNotMatch(message, /key-one/);
  });
});
