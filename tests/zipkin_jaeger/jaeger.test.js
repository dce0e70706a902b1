// Jaeger's clients: jaeger-client for Node.js and for Ruby, OpenTelemetry's exporter, and the bytes of others.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {createSocket} from 'node:dgram';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {readFileSync, writeFileSync} from 'node:fs';
import {after, before, describe, test} from 'node:test';

import {JaegerExporter} from '@opentelemetry/exporter-jaeger';

import {bytes, message, number} from '../clients/protobuf.js';
import {GrpcSender} from '../collector/failing_backend.js';
import {eventually, newId, sendThroughSdk, spansOf, startClew} from './clients.js';

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const {RemoteSampler, initTracer, opentracing} = require('jaeger-client');

const strategies = {
  default_strategy: {type: 'probabilistic', param: 0.5},
  service_strategies: [
    {service: 'shop', type: 'probabilistic', param: 0.25, operation_strategies: [{operation: 'checkout', type: 'probabilistic', param: 1}]},
    {service: 'noisy', type: 'ratelimiting', param: 7},
  ],
};

let clew;
before(async () => {
  clew = await startClew({prepare: ({data}) => writeFileSync(join(data, 'strategies.json'), JSON.stringify(strategies)), flags: []});
});
after(() => clew?.stop());

const http = (path = '/api/traces') => `http://127.0.0.1:${clew.jaegerPort}${path}`;

describe('jaeger-client for Node.js', () => {
  for (const [situation, reporter] of [
    ['over UDP', () => ({agentHost: '127.0.0.1', agentPort: clew.jaegerPort})],
    ['over HTTP', () => ({collectorEndpoint: http()})],
  ]) {
    test(situation, async () => {
      const tracer = initTracer({serviceName: 'shop', sampler: {type: 'const', param: 1}, reporter: {...reporter(), flushIntervalMs: 20}},
        {tags: {region: 'eu'}});
      const server = tracer.startSpan('GET /cart', {tags: {[opentracing.Tags.SPAN_KIND]: 'server', tenant: 'acme', items: 3, ratio: 0.5, cached: true}});
      const client = tracer.startSpan('SELECT', {childOf: server, tags: {[opentracing.Tags.SPAN_KIND]: 'client'},
        references: [opentracing.followsFrom(server.context())]});
      client.log({event: 'retry', attempt: 2});
      client.setTag('error', true);
      client.finish();
      server.finish();
      await new Promise((done) => tracer.close(done));
      const traceId = server.context().traceIdStr.padStart(32, '0');
      const spans = await spansOf(clew, traceId, 2, ['tenant', 'items', 'ratio', 'cached', 'error', 'region', 'span.num_events', 'span.num_links', 'opencensus.exporterversion']);
      const get = spans.get('GET /cart'), select = spans.get('SELECT');
      assert.equal(get['service.name'], 'shop');
      assert.equal(get['span.kind'], 'server');
      assert.deepEqual([get.tenant, get.items, get.ratio, get.cached, get.region], ['acme', 3, 0.5, true, 'eu']);
      assert.match(get['opencensus.exporterversion'], /^Jaeger-Node/);
      assert.equal(select['span.kind'], 'client');
      assert.equal(select['trace.parent_id'], get['trace.span_id']);
      assert.equal(select.error, true);
      assert.equal(select['span.num_events'], 1);
      assert.equal(select['span.num_links'], 1);
    });
  }

  test('asks how much to sample', async () => {
    let asking;
    const sampler = await new Promise((done) => {
      asking = new RemoteSampler('shop', {host: '127.0.0.1', port: clew.jaegerPort, refreshInterval: 20, onSamplerUpdate: done});
    });
    assert.equal(sampler.samplingRate, 1);
    await new Promise((done) => asking.close(done));
  });
});

describe('jaeger-client for Ruby', () => {
  const script = `
require 'jaeger/client'
port, kind = ARGV
log = Logger.new($stderr)
encoder = Jaeger::Encoders::ThriftEncoder.new(service_name: 'ruby-shop', tags: {}, logger: log)
sender = kind == 'udp' ? Jaeger::UdpSender.new(host: '127.0.0.1', port: port.to_i, encoder: encoder, logger: log)
                       : Jaeger::HttpSender.new(url: "http://127.0.0.1:#{port}/api/traces", encoder: encoder, logger: log)
reporter = Jaeger::Reporters::RemoteReporter.new(sender: sender, flush_interval: 60)
tracer = Jaeger::Client.build(service_name: 'ruby-shop', reporter: reporter)
root = tracer.start_span('checkout', tags: {'span.kind' => 'server', 'items' => 3, 'ratio' => 0.5, 'cached' => true, 'tenant' => 'acme'})
child = tracer.start_span('charge', child_of: root)
child.log_kv(event: 'declined', code: 51)
child.finish
root.finish
reporter.flush
puts root.context.trace_id.to_s(16)
`;
  for (const kind of ['udp', 'http']) {
    test(kind === 'udp' ? 'over UDP, in the compact protocol' : 'over HTTP', async () => {
      const {stdout, stderr} = await run('/usr/bin/ruby', ['-W0', '-e', script, String(clew.jaegerPort), kind], {env: {PATH: '/usr/bin:/bin', LANG: 'C.UTF-8'}});
      assert.equal(stderr, '');
      const spans = await spansOf(clew, stdout.trim().padStart(32, '0'), 2, ['tenant', 'items', 'ratio', 'cached', 'span.num_events', 'host.name']);
      const root = spans.get('checkout'), child = spans.get('charge');
      assert.deepEqual([root['service.name'], root['span.kind'], root.tenant, root.items, root.ratio, root.cached], ['ruby-shop', 'server', 'acme', 3, 0.5, true]);
      assert.ok(root['host.name']);
      assert.equal(child['trace.parent_id'], root['trace.span_id']);
      assert.equal(child['span.num_events'], 1);
    });
  }
});

describe("OpenTelemetry's exporter", () => {
  for (const [situation, options] of [
    ['over UDP', () => ({host: '127.0.0.1', port: clew.jaegerPort})],
    ['over HTTP', () => ({endpoint: http()})],
  ]) {
    test(situation, async () => {
      const sent = await sendThroughSdk(new JaegerExporter(options()), 'shop-jaeger');
      assert.deepEqual(sent.failures, []);
      const spans = await spansOf(clew, sent.traceId, 2, ['service.version', 'status_message', 'error', 'span.num_events', 'library.name']);
      const server = spans.get('GET /cart'), client = spans.get('SELECT');
      assert.equal(server['service.name'], 'shop-jaeger');
      assert.equal(server['service.version'], '1.2.3');
      assert.equal(server['span.kind'], 'server');
      assert.equal(server.error, true);
      assert.equal(server.status_message, 'no stock');
      assert.equal(server['library.name'], 'shop-lib');
      assert.equal(server['span.num_events'], 1);
      assert.equal(client['trace.parent_id'], sent.serverId);
    });
  }
});

describe('gRPC', () => {
  test('spans, those with a process of their own too', async () => {
    const traceId = newId(16), sender = new GrpcSender(clew.jaegerPort);
    const time = (ms) => [number(1, Math.floor(ms / 1000)), number(2, (ms % 1000) * 1e6)];
    const process = (name) => [bytes(1, name)];
    const span = (name, ...more) => message(1, bytes(1, Buffer.from(traceId, 'hex')), bytes(2, Buffer.from(newId(), 'hex')), bytes(3, name),
      message(6, ...time(Date.now())), message(7, number(2, 1_500_000)), message(8, bytes(1, 'span.kind'), bytes(3, 'client')), ...more);
    const {code, details} = await sender.call(message(1, span('one'), span('two', message(10, ...process('other'))), message(2, ...process('shop'))),
      '/jaeger.api_v2.CollectorService/PostSpans');
    assert.equal(code, 0, details);
    const spans = await spansOf(clew, traceId, 2, ['duration_ms']);
    assert.deepEqual([spans.get('one')['service.name'], spans.get('two')['service.name']], ['shop', 'other']);
    assert.deepEqual([spans.get('one')['span.kind'], spans.get('one').duration_ms], ['client', 1.5]);
    assert.equal((await sender.call(Buffer.from([10, 200]), '/jaeger.api_v2.CollectorService/PostSpans')).code, 3);
    const {answer} = await sender.call(bytes(1, 'shop'), '/jaeger.api_v2.SamplingManager/GetSamplingStrategy');
    assert.equal(Buffer.from(answer).toString('hex'), '1209' + '09000000000000f03f');
    sender.close();
  });
});

describe('remote sampling', () => {
  test('without a file everything is kept', async () => {
    for (const path of ['/sampling', '/api/sampling'])
      assert.deepEqual(await (await fetch(http(`${path}?service=shop`))).json(), {strategyType: 'PROBABILISTIC', probabilisticSampling: {samplingRate: 1}});
    for (const query of ['', '?service=', '?service=a&service=b']) {
      const response = await fetch(http(`/sampling${query}`));
      assert.equal(response.status, 400);
      assert.equal(await response.text(), "'service' parameter must be provided once\n");
    }
  });

  test('with a file it says what the file says', async () => {
    const other = await startClew({flags: ['--jaeger-sampling', join(clew.data, 'strategies.json')]});
    try {
      const ask = async (service) => (await fetch(`http://127.0.0.1:${other.jaegerPort}/sampling?service=${service}`)).json();
      assert.deepEqual(await ask('unknown'), {strategyType: 'PROBABILISTIC', probabilisticSampling: {samplingRate: 0.5}});
      assert.deepEqual(await ask('noisy'), {strategyType: 'RATE_LIMITING', rateLimitingSampling: {maxTracesPerSecond: 7}});
      const shop = await ask('shop');
      assert.equal(shop.probabilisticSampling.samplingRate, 0.25);
      assert.deepEqual(shop.operationSampling.perOperationStrategies, [{operation: 'checkout', probabilisticSampling: {samplingRate: 1}}]);
    } finally {
      await other.stop();
    }
  });
});

describe('what else arrives', () => {
  test('every datagram is stored or counted', async () => {
    const socket = createSocket('udp4');
    const counts = async () => Object.fromEntries(await Promise.all(Object.entries({stored: 'clew_jaeger_datagrams_stored_total',
      refused: 'clew_refused_jaeger_datagrams_total', lost: 'clew_jaeger_datagrams_lost_total'}).map(async ([short, name]) => [short, await clew.counter(name)])));
    const before = await counts();
    const datagrams = ['', 'garbage', Buffer.from('82810009656d697442617463681c', 'hex'), Buffer.from('828100047768617400', 'hex'), Buffer.alloc(60_000, 0xff),
      Buffer.from('82810009656d6974426174636800', 'hex')];
    for (const one of datagrams) await new Promise((done, fail) => socket.send(one, clew.jaegerPort, '127.0.0.1', (error) => error ? fail(error) : done()));
    await eventually(async () => {
      const now = await counts();
      const change = Object.fromEntries(Object.entries(now).map(([name, value]) => [name, value - before[name]]));
      // The last is a call without a batch: there is nothing in it to store.
      return change.stored + change.refused === datagrams.length && change.refused === 5 && change.lost === 0;
    });
    socket.close();
  });

  test('of a flood every datagram is stored or counted', async () => {
    const socket = createSocket('udp4');
    const names = ['clew_jaeger_datagrams_stored_total', 'clew_jaeger_datagrams_lost_total', 'clew_udp_datagrams_dropped_total'];
    const handled = async () => (await Promise.all(names.map((name) => clew.counter(name)))).reduce((sum, count) => sum + count);
    // As jaeger-client for Ruby made it; the first byte is the fuzzer's.
    const datagram = readFileSync(new URL('../fuzz/corpus/jaeger_batch/compact_datagram', import.meta.url)).subarray(1);
    const before = await handled(), sent = 20_000;
    let left = sent;
    await Promise.all(Array.from({length: 64}, async () => {
      while (left-- > 0) await new Promise((done, fail) => socket.send(datagram, clew.jaegerPort, '127.0.0.1', (error) => error ? fail(error) : done()));
    }));
    await eventually(async () => await handled() - before === sent);
    socket.close();
  });

  for (const [situation, type, body, said] of [
    ['another content type', 'application/json', '{}', 'Unsupported content type: application/json\n'],
    ['no content type', '', 'x', 'Cannot parse content type: mime: no media type\n'],
    ['bytes that are no batch', 'application/x-thrift', Buffer.from('0c000100', 'hex'), 'Unable to process request body: binary Thrift: ends early at byte 4 of 4\n'],
  ]) {
    test(`${situation} is refused as Jaeger refuses it`, async () => {
      const response = await fetch(http(), {method: 'POST', body: Buffer.from(body), headers: type ? {'content-type': type} : {}});
      assert.equal(response.status, 400);
      assert.equal(await response.text(), said);
    });
  }

  test('the page says who sends', async () => {
    await eventually(async () => {
      const {senders} = await clew.ask('/arrivals');
      return ['Jaeger UDP', 'Jaeger Thrift', 'Jaeger gRPC'].every((wanted) => senders.some(({protocol}) => protocol === wanted));
    });
    const {doors, setup} = await clew.ask('/status');
    assert.ok(doors.some(({purpose, port}) => purpose.startsWith('Jaeger') && port === clew.jaegerPort));
    assert.ok(setup.some(({title}) => title === 'Jaeger'));
  });
});
