// Metrics that the collector makes, shows and fetches: spans of the vendors' exporters become metrics, a Prometheus would
// read them from one collector, and another collector does.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {makeMetrics, makeSpans} from '../clients/telemetry.js';
import {send, transports} from '../clients/transports.js';
import {Backend, Collector, freePorts, until} from './collector.js';

const http = transports['http/protobuf'];
let backend, first, second, otlp, shown;

before(async () => {
  backend = await Backend.start({tls: false});
  [otlp, shown] = await freePorts(2);
  first = await Collector.start({config: `
receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:${otlp}"}}}}
connectors:
  spanmetrics: {metrics_flush_interval: 200ms, dimensions: [{name: http.route}], exemplars: {enabled: true}}
  servicegraph: {metrics_flush_interval: 200ms, store: {ttl: 500ms}}
  routing:
    table: [{context: metric, condition: 'IsMatch(name, "^traces_service_graph")', pipelines: [metrics/graph]}]
    default_pipelines: [metrics/shown]
exporters:
  prometheus: {endpoint: "127.0.0.1:${shown}", namespace: shop, const_labels: {region: eu}, enable_open_metrics: true}
  otlphttp: {endpoint: "http://127.0.0.1:${backend.port}", headers: {x-honeycomb-team: "${backend.key}"}}
service:
  pipelines:
    traces: {receivers: [otlp], exporters: [spanmetrics, servicegraph]}
    metrics: {receivers: [otlp, spanmetrics, servicegraph], exporters: [routing]}
    metrics/graph: {receivers: [routing], exporters: [otlphttp]}
    metrics/shown: {receivers: [routing], exporters: [prometheus]}
`});
  second = await Collector.start({config: `
receivers:
  prometheus:
    config:
      scrape_configs:
        - job_name: shown
          scrape_interval: 300ms
          static_configs: [{targets: ["127.0.0.1:${shown}"]}]
          metric_relabel_configs: [{source_labels: [region], target_label: zone}, {regex: region, action: labeldrop}]
        - job_name: nobody
          scrape_interval: 300ms
          static_configs: [{targets: ["127.0.0.1:1"]}]
exporters: {otlphttp: {endpoint: "http://127.0.0.1:${backend.port}", headers: {x-honeycomb-team: "${backend.key}"}}}
service: {pipelines: {metrics: {receivers: [prometheus], exporters: [otlphttp]}}}
`});
});

after(async () => {
  assert.equal(await second.stop(), 0, second.output);
  assert.equal(await first.stop(), 0, first.output);
  await backend.stop();
  backend.remove();
});

const page = async (accept = 'text/plain') => {
  const response = await fetch(`http://127.0.0.1:${shown}/metrics`, {headers: {accept}});
  return {type: response.headers.get('content-type'), text: await response.text()};
};

test("spans and metrics of the vendors' exporters are shown as Prometheus knows them", async () => {
  const service = 'shop metrics';
  const spans = makeSpans(service);
  const metrics = await makeMetrics(service);
  for (const [signal, items] of [['traces', spans.items], ['metrics', metrics.items]]) {
    const result = await send(http[signal]({address: `http://127.0.0.1:${otlp}`}), items);
    assert.equal(result.code, 0, result.error?.message);
  }
  const line = await until('the calls are counted', async () => (await page()).text.split('\n').find((one) =>
    one.startsWith('shop_traces_span_metrics_calls_total{') && one.includes('span_name="SELECT cart"')));
  assert.match(line, /region="eu"/);
  assert.match(line, /status_code="STATUS_CODE_ERROR"/);
  assert.match(line, /\} 1$/);
  const {text, type} = await page();
  assert.match(type, /^text\/plain; version=0\.0\.4/);
  assert.match(text, /^# TYPE shop_traces_span_metrics_duration_milliseconds histogram$/m);
  assert.doesNotMatch(text, /service_graph/);
  const open = await page('application/openmetrics-text;version=1.0.0');
  assert.match(open.type, /^application\/openmetrics-text/);
  assert.match(open.text, /_bucket\{.*\} \d+ # \{span_id="[0-9a-f]{16}",trace_id="[0-9a-f]{32}"\}/);
  assert.ok(open.text.endsWith('# EOF\n'));
});

test('another collector fetches them, and tells whom it reached', async () => {
  const rows = await until('the metrics arrive', async () => {
    const found = await backend.query('metrics', 'MAX(metric.value) WHERE metric.name = "shop_traces_span_metrics_calls_total" GROUP BY service.name, zone, span_name');
    return found.length > 0 && found;
  });
  assert.ok(rows.some((row) => row['service.name'] === 'shown' && row.zone === 'eu' && row.span_name === 'GET /cart'), JSON.stringify(rows));
  const up = await until('both targets are told about', async () => {
    const found = await backend.query('metrics', 'MAX(metric.value) WHERE metric.name = "up" GROUP BY service.name');
    return found.length === 2 && Object.fromEntries(found.map((row) => [row['service.name'], row['MAX(metric.value)']]));
  });
  assert.deepEqual(up, {shown: 1, nobody: 0});
});

test('the graph of services goes where the routing leads it', async () => {
  await until('edges arrive', async () => (await backend.query('metrics',
    'MAX(metric.value) WHERE metric.name = "traces_service_graph_request_total" GROUP BY client, server')).length > 0);
});
