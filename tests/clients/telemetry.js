// What an instrumented application makes: a small trace, log records within it, and one metric of each kind.
import {context, SpanKind, SpanStatusCode, trace} from '@opentelemetry/api';
import {SeverityNumber} from '@opentelemetry/api-logs';
import {resourceFromAttributes} from '@opentelemetry/resources';
import {InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor} from '@opentelemetry/sdk-logs';
import {AggregationTemporality, AggregationType, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader} from '@opentelemetry/sdk-metrics';
import {InMemorySpanExporter, SimpleSpanProcessor} from '@opentelemetry/sdk-trace-base';
import {NodeTracerProvider} from '@opentelemetry/sdk-trace-node';

const resourceOf = (service) => resourceFromAttributes({
  'service.name': service,
  'service.version': '1.2.3',
  'host.cpus': 4,
  'host.tags': ['a', 'b'],
});

// A server span with a failing client span beneath it.
export function makeSpans(service) {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({resource: resourceOf(service), spanProcessors: [new SimpleSpanProcessor(exporter)]});
  const tracer = provider.getTracer('shop', '0.1');
  const start = Date.now();

  const elsewhere = tracer.startSpan('elsewhere', {startTime: start - 10});
  elsewhere.end(start - 5);
  const server = tracer.startSpan('GET /cart', {
    kind: SpanKind.SERVER,
    startTime: start,
    attributes: {
      'http.route': '/cart',
      'http.response.status_code': 500,
      ratio: 0.25,
      negative: -7,
      flag: true,
      'user.ids': [1, 2, 3],
      words: ['x', 'ä😀'],
    },
    links: [{context: elsewhere.spanContext(), attributes: {why: 'retry'}}],
  });
  server.addEvent('cache miss', {key: 'cart:7', size: 3}, start + 1);
  const client = tracer.startSpan('SELECT cart', {kind: SpanKind.CLIENT, startTime: start + 2},
    trace.setSpan(context.active(), server));
  client.recordException(new TypeError('no connection'), start + 3);
  client.setStatus({code: SpanStatusCode.ERROR, message: 'no connection'});
  client.end(start + 5);
  server.end(start + 8);

  return {
    items: exporter.getFinishedSpans(), start,
    traceId: server.spanContext().traceId, serverId: server.spanContext().spanId, clientId: client.spanContext().spanId,
    linked: elsewhere.spanContext(), serverContext: server.spanContext(),
  };
}

// One plain record within `spanContext`, one with a map as its body.
export function makeLogs(service, spanContext) {
  const exporter = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({resource: resourceOf(service), processors: [new SimpleLogRecordProcessor({exporter})]});
  const logger = provider.getLogger('shop', '0.1');
  const time = Date.now();
  logger.emit({
    timestamp: time, severityNumber: SeverityNumber.WARN, severityText: 'WARNING', body: 'cart is slow',
    attributes: {'cart.items': 3, nested: {deep: [1, 'two', null]}},
    context: trace.setSpanContext(context.active(), spanContext),
  });
  logger.emit({timestamp: time + 1, severityNumber: SeverityNumber.ERROR, eventName: 'checkout.failed', body: {code: 7, why: 'card'}});
  return {items: exporter.getFinishedLogRecords(), time};
}

// A gauge, a sum, a histogram and an exponential histogram.
export async function makeMetrics(service) {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({exporter, exportIntervalMillis: 3_600_000});
  const provider = new MeterProvider({
    resource: resourceOf(service),
    readers: [reader],
    views: [
      {instrumentName: 'reply.size', aggregation: {type: AggregationType.EXPONENTIAL_HISTOGRAM}},
      {instrumentName: 'reply.time', aggregation: {type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: {boundaries: [10, 100]}}},
    ],
  });
  const meter = provider.getMeter('shop', '0.1');
  meter.createGauge('queue.length', {description: 'Waiting', unit: '{job}'}).record(3.5, {queue: 'mail'});
  const requests = meter.createCounter('requests', {unit: '{request}'});
  requests.add(2, {route: '/cart'});
  requests.add(5, {route: '/'});
  const time = meter.createHistogram('reply.time', {unit: 'ms'});
  for (const ms of [5, 50, 500]) time.record(ms);
  const size = meter.createHistogram('reply.size', {unit: 'By'});
  for (const bytes of [1, 2, 4, 1000]) size.record(bytes);
  await reader.forceFlush();
  const items = exporter.getMetrics()[0];
  await provider.shutdown();
  return {items};
}
