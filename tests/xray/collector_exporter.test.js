// The exporter awsxray: spans of OpenTelemetry go through a collector to an API that asks for signatures, and come out of it
// for X-Ray's own clients.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';

import {makeSpans} from '../clients/telemetry.js';
import {send, transports} from '../clients/transports.js';
import {Collector, freePorts, until} from '../collector/collector.js';
import {cli, eventually, startClew} from './xray.js';

describe('exporter awsxray', () => {
  let clew, keys, collector, port;
  const configuration = () => `
receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:${port}"}}}}
exporters:
  awsxray: {endpoint: "${clew.http}", region: eu-west-1, indexed_attributes: [http.route, flag, otel.resource.host.cpus], aws_log_groups: [/shop/log], sending_queue: {enabled: false}, retry_on_failure: {enabled: false}}
service: {pipelines: {traces: {receivers: [otlp], exporters: [awsxray]}}}
`;
  before(async () => {
    clew = await startClew({prepare: (stopped) => {
      const text = stopped.run('keys', 'create', '--aws', '--name', 'collector', '--environment', 'production');
      keys = {AWS_ACCESS_KEY_ID: /AWS_ACCESS_KEY_ID=(\S+)/.exec(text)[1], AWS_SECRET_ACCESS_KEY: /AWS_SECRET_ACCESS_KEY=(\S+)/.exec(text)[1]};
    }});
    [port] = await freePorts(1);
    collector = await Collector.start({environment: keys, config: configuration()});
  });
  after(async () => {
    await collector?.stop();
    await clew?.stop();
  });

  const sendSpans = (to = port) => {
    const spans = makeSpans('shop');
    return send(transports['http/protobuf'].traces({address: `http://127.0.0.1:${to}`}), spans.items).then((result) => ({spans, result}));
  };

  test('spans are segments for aws xray batch-get-traces', async () => {
    const {spans, result} = await sendSpans();
    assert.equal(result.code, 0, result.error?.message);
    const id = `1-${spans.traceId.slice(0, 8)}-${spans.traceId.slice(8)}`;
    const trace = await eventually(async () => {
      const {Traces: [found]} = await cli(clew, ['batch-get-traces', '--trace-ids', id], keys);
      return found?.Segments.length > 0 && found;
    });
    const [segment] = trace.Segments.map(({Document}) => JSON.parse(Document));
    assert.equal(segment.id, spans.serverId);
    assert.equal(segment.name, 'shop');
    assert.equal(segment.fault, true);
    assert.equal(segment.http.response.status, 500);
    assert.deepEqual(segment.annotations, {'http.route': '/cart', flag: true, 'otel.resource.host.cpus': 4});
    assert.equal(segment.metadata.default.ratio, 0.25);
    assert.deepEqual(segment.metadata.default.words, ['x', 'ä😀']);
    assert.deepEqual(segment.aws.cloudwatch_logs, [{log_group: '/shop/log'}]);
    assert.ok(Math.abs(segment.start_time - spans.start / 1000) < 0.002, `${segment.start_time}`);
    const [call] = segment.subsegments;
    assert.equal(call.id, spans.clientId);
    assert.equal(call.namespace, 'remote');
    assert.equal(call.fault, true);
    assert.equal(call.cause.exceptions[0].message, 'no connection');
    assert.equal(call.cause.exceptions[0].type, 'TypeError');
  });

  test('an annotation can be searched for', async () => {
    const now = Math.floor(Date.now() / 1000);
    const {TraceSummaries} = await cli(clew, ['get-trace-summaries', '--start-time', `${now - 3600}`, '--end-time', `${now + 60}`,
      '--filter-expression', 'annotation[http.route] = "/cart"'], keys);
    assert.equal(TraceSummaries.length, 1);
    assert.equal(TraceSummaries[0].HasFault, true);
  });

  test('what the API refuses is told to the sender, and counted', async () => {
    const start = 1_700_000_000;
    const response = await fetch(`http://127.0.0.1:${port}/v1/traces`, {method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify({resourceSpans: [{scopeSpans: [{spans: [
      {traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'good', startTimeUnixNano: `${start}000000000`, endTimeUnixNano: `${start + 1}000000000`},
      {traceId: 'a'.repeat(32), spanId: 'c'.repeat(16), name: 'large', startTimeUnixNano: `${start}000000000`, endTimeUnixNano: `${start + 1}000000000`,
        attributes: [{key: 'text', value: {stringValue: 'x'.repeat(2 << 20)}}]},
      {traceId: 'a'.repeat(32), name: 'nobody'},
    ]}]}]})});
    assert.equal(response.status, 200);
    assert.equal((await response.json()).partialSuccess.rejectedSpans, '2');
    assert.equal(await collector.metric('clew_refused_xray_exported_segments_total'), 2);
  });

  test('without the right credentials nothing is taken, and the log says why', async () => {
    const [other] = await freePorts(1);
    const withQueue = configuration().replace(`127.0.0.1:${port}`, `127.0.0.1:${other}`).replace('sending_queue: {enabled: false}, ', '');
    const wrong = await Collector.start({environment: {...keys, AWS_SECRET_ACCESS_KEY: 'wrong'}, config: withQueue});
    try {
      const {spans, result} = await sendSpans(other);
      assert.equal(result.code, 0, result.error?.message);
      await until('it is counted', async () => await wrong.metric('clew_delivery_lost_total') === spans.items.length);
      assert.match(wrong.output, /the X-Ray API: .*InvalidSignatureException/s);
    } finally {
      await wrong.stop();
    }
  });
});
