// What newcomers do wrong, by hand: the answer, the page and the terminal say who, what, and how to mend it.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {connect} from 'node:net';
import {after, before, describe, test} from 'node:test';
import {promisify} from 'node:util';

import {becomes, Browser} from '../browser/browser.mjs';
import {openPage, refusalLike, startClew} from './newcomer.js';

const run = promisify(execFile);
const traceId = '0102030405060708090a0b0c0d0e0f10';
const minute = 60_000_000_000n;
const nowNs = () => BigInt(Date.now()) * 1_000_000n;
const request = (at = nowNs(), fields = {}) => JSON.stringify({resourceSpans: [{
  resource: {attributes: [{key: 'service.name', value: {stringValue: 'shop'}}]},
  scopeSpans: [{spans: [{traceId, spanId: '0102030405060708', name: 'a', startTimeUnixNano: `${at}`, endTimeUnixNano: `${at}`, ...fields}]}],
}]});
const json = {'content-type': 'application/json', 'user-agent': 'my-sender/1.0'};
const post = (url, body, headers = json) => fetch(url, {method: 'POST', headers, body});

// An exporter over gRPC in Python, with or without TLS: prints what the client says when it fails.
const grpcExport = (port, {credentials = '', method = '/opentelemetry.proto.collector.trace.v1.TraceService/Export', bytes = 0, metadata = '()'} = {}) =>
  run('/usr/bin/python3', ['-c', `
import grpc
channel = ${credentials ? `grpc.secure_channel('127.0.0.1:${port}', ${credentials})` : `grpc.insecure_channel('127.0.0.1:${port}')`}
try:
    channel.unary_unary('${method}')(b'\\x0a' * ${bytes}, timeout=20, metadata=${metadata})
    print('taken')
except grpc.RpcError as error:
    print(error.code().name, error.details())
`]).then(({stdout}) => stdout);

// Bytes to a port, and what comes back until it is closed.
const exchange = (port, bytes) => new Promise((done, fail) => {
  let answer = '';
  const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
  socket.on('data', (text) => answer += text).once('close', () => done(answer)).once('error', fail);
});

// Each: what a person does, what comes back, and what Arrivals and the terminal have.
const mistakes = {
  'TLS of a Python gRPC exporter on a port without it': {
    make: ({port}) => grpcExport(port, {credentials: 'grpc.ssl_channel_credentials()'}),
    answer: /UNAVAILABLE/,
    told: {protocol: 'gRPC within TLS', agent: /^python3\S* \(process \d+\)$/, status: 400, reason: /opened TLS on port \d+, which has no certificate/, remedy: /OTEL_EXPORTER_OTLP_INSECURE=true/},
  },
  'https where there is no certificate': {
    make: ({port}) => run('curl', ['-sS', `https://127.0.0.1:${port}/v1/traces`]).catch(({stderr}) => stderr),
    answer: /wrong version number/,
    told: {protocol: 'TLS', agent: /^curl \(process \d+\)$/, reason: /opened TLS/, remedy: /http:\/\/ in place of https:\/\//},
  },
  'JSON to the wrong path': {
    make: async ({http}) => (await post(`${http}/v1/trace`, request())).text(),
    answer: /did you mean \/v1\/traces/,
    told: {agent: 'my-sender/1.0', status: 404, reason: /did you mean \/v1\/traces/, remedy: /OTEL_EXPORTER_OTLP_ENDPOINT takes the address alone/},
  },
  'OTLP to a path of Honeycomb': {
    make: async ({http}) => (await post(`${http}/1/events/shop`, new Uint8Array([10, 0]), {...json, 'content-type': 'application/x-protobuf'})).text(),
    answer: /error/,
    told: {agent: 'my-sender/1.0', status: 400, protocol: /Honeycomb/, remedy: /OTLP belongs to \/v1\/traces/},
  },
  'what is no gzip': {
    make: async ({http}) => (await post(`${http}/v1/traces?key=secret`, 'garbage', {...json, 'content-encoding': 'gzip'})).text(),
    answer: /gzip/,
    told: {agent: 'my-sender/1.0', status: 400, reason: /^POST \/v1\/traces: .*gzip/, remedy: /encoding header/},
  },
  'an encoding that is not offered': {
    make: async ({http}) => (await post(`${http}/v1/traces`, 'x', {...json, 'content-encoding': 'br'})).text(),
    answer: /gzip, deflate and zstd/,
    told: {agent: 'my-sender/1.0', status: 415, reason: /"br" is not offered/},
  },
  'a body that is too large': {
    make: async ({http}) => (await post(`${http}/v1/traces`, 'x'.repeat(2 << 20))).text(),
    answer: /over the limit of 1048576 bytes/,
    told: {agent: 'my-sender/1.0', status: 413, reason: /POST \/v1\/traces: request body over the limit/, remedy: /smaller batches, or raise --max-body-bytes/},
  },
  'a message over gRPC that is too large': {
    make: ({port}) => grpcExport(port, {bytes: 2 << 20}),
    answer: /RESOURCE_EXHAUSTED received message larger than max/,
    told: {protocol: 'gRPC', agent: /grpc-python/, status: 413, remedy: /smaller batches/},
  },
  'a gRPC service that is not there': {
    make: ({port}) => grpcExport(port, {method: '/skywalking.v3.TraceSegmentReportService/collect'}),
    answer: /UNIMPLEMENTED unknown method/,
    told: {protocol: 'gRPC', agent: /grpc-python/, reason: /unknown method \/skywalking/, remedy: /OTLP/},
  },
  'segments of X-Ray over TCP': {
    make: ({port}) => exchange(port, '{"format": "json", "version": 1}\n{"name":"a"}'),
    answer: /this looks like segments of AWS X-Ray/,
    told: {agent: /^\S+ \(process \d+\)$/, status: 400, reason: /X-Ray/, remedy: /UDP/},
  },
  'something that is no protocol of ours': {
    make: ({port}) => exchange(port, '<34>1 2026-03-01T12:00:00Z host app - - - hello\n'),
    answer: /syslog/,
    told: {status: 400, reason: /syslog/, remedy: /Collector/},
  },
  'a clock an hour ahead': {
    make: async ({http}) => (await post(`${http}/v1/traces`, request(nowNs() + 61n * minute))).status,
    answer: 200,
    told: {agent: 'my-sender/1.0', status: 200, reason: 'its times are 60 minutes ahead of clew\'s clock', remedy: /Set the sender's clock/},
  },
  'a clock two hours behind': {
    make: async ({http}) => (await post(`${http}/v1/traces`, request(nowNs() - 121n * minute))).status,
    answer: 200,
    told: {agent: 'my-sender/1.0', status: 200, reason: 'its spans ended 2 hours ago by clew\'s clock', remedy: /set the sender's clock/},
  },
  'a content type that the body has not': {
    make: async ({http}) => (await post(`${http}/v1/traces`, request(), {...json, 'content-type': 'application/x-protobuf'})).status,
    answer: 200,
    told: {agent: 'my-sender/1.0', status: 200, reason: /the body is application\/json, the content type says otherwise/, remedy: /Set the content type/},
  },
  'a service without a name': {
    make: async ({http}) => (await post(`${http}/v1/traces`, request().replace('service.name', 'else'))).status,
    answer: 200,
    told: {agent: 'my-sender/1.0', status: 200, reason: 'the service has no name', remedy: /OTEL_SERVICE_NAME/},
  },
};

describe('mistakes are told with what to change', () => {
  let clew, browser, page;
  before(async () => {
    [clew, browser] = await Promise.all([startClew({flags: ['--max-body-bytes', '1MiB']}), Browser.start()]);
    page = await browser.open(`${clew.http}/arrivals`);
  });
  after(async () => {
    await browser?.stop();
    await clew?.stop();
  });

  for (const [name, {make, answer, told}] of Object.entries(mistakes)) {
    test(name, async () => {
      const answered = await make({http: clew.http, port: clew.ports[0]});
      if (answer instanceof RegExp) assert.match(answered, answer);
      else assert.equal(answered, answer);
      const refusal = await refusalLike(clew, told);
      assert.ok(refusal.remedy.length > 10, refusal.remedy);
      assert.doesNotMatch(JSON.stringify(refusal), /secret/);
      const line = `${refusal.reason}. ${refusal.remedy}`;
      await becomes(() => clew.output, (output) => output.includes(line));
      const shown = page.locator('.refusals li').filter({hasText: refusal.reason}).first();
      await shown.getByText(refusal.remedy).waitFor();
      await shown.getByText(refusal.agent).waitFor();
    });
  }

  test('gRPC on the port for HTTP is no mistake here', async () => {
    assert.equal((await grpcExport(clew.ports[0])).trim(), 'taken');
    await becomes(async () => (await clew.ask('/arrivals')).senders.some(({protocol, agent}) => protocol === 'OTLP/gRPC traces' && /grpc-python/.test(agent)), true);
  });

  test('the same again is one line on the terminal, and counted on the page', async () => {
    for (let i = 0; i < 3; ++i) assert.equal((await post(`${clew.http}/v1/tracess`, '{}')).status, 404);
    const {reason} = await refusalLike(clew, {reason: /tracess/, times: 3});
    assert.equal(clew.output.split(reason).length, 2);
    await page.locator('.refusals li').filter({hasText: reason}).getByText('3 times').waitFor();
  });
});

describe('keys that are wrong or not there', () => {
  let clew, browser;
  before(async () => { [clew, browser] = await Promise.all([startClew({keys: {'key-one': 'One'}}), Browser.start()]); });
  after(async () => {
    await browser?.stop();
    await clew?.stop();
  });
  const key = 'key-one';
  const wrong = {
    'OTLP over HTTP': {make: () => post(`${clew.http}/v1/traces`, request(), {...json, 'x-honeycomb-team': 'no'}), remedy: /clew keys list/},
    'Honeycomb': {make: () => post(`${clew.http}/1/events/shop`, '{}', {...json, 'x-honeycomb-team': 'no'}), remedy: /X-Honeycomb-Team/},
    'Rollbar': {make: () => post(`${clew.http}/api/1/item/`, '{"access_token":"no","data":{}}'), remedy: /access token/},
    'X-Ray': {make: () => post(`${clew.http}/TraceSummaries`, '{}'), remedy: /clew keys create --aws/},
    'CloudWatch Logs': {make: () => post(`${clew.http}/`, '{}', {...json, 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Logs_20140328.DescribeLogGroups'}), remedy: /clew keys create --aws/},
    'Zipkin': {make: () => post(`${clew.http}/api/v2/spans`, '[]'), remedy: /password of the address/},
    'OTLP over gRPC': {make: () => grpcExport(clew.ports[1], {metadata: '((\'x-honeycomb-team\', \'no\'),)'}).then((answer) => ({status: answer.startsWith('UNAUTHENTICATED') ? 401 : answer})), remedy: /clew keys/, protocol: /gRPC/},
  };

  for (const [name, {make, remedy, protocol = new RegExp(name.split(' ')[0])}] of Object.entries(wrong)) {
    test(name, async () => {
      const {status} = await make();
      assert.ok([400, 401, 403].includes(status), `${status}`);
      const found = await becomes(async () => {
        const {refusals} = await clew.ask('/arrivals', {key});
        return refusals.find((one) => remedy.test(one.remedy) && protocol.test(one.protocol)) ?? refusals;
      }, (refusal) => !Array.isArray(refusal));
      await becomes(() => clew.output, (output) => output.includes(found.remedy));
    });
  }

  test('the empty page names them beside the lines to paste', async () => {
    const page = await openPage(browser, clew, {key});
    await page.getByText('Something arrived and was turned away').waitFor();
    await page.getByText('my-sender/1.0').first().waitFor();
  });
});
