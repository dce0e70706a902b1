// A bookshop of two services that speak HTTP with each other, instrumented with OpenTelemetry's own SDK as its handbook has it: providers
// that batch, context that travels in headers, logs within spans. One tenant's searches find no index, take long and are given up.
//
//   OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 node tests/clients/bookshop_app.js      prints where it listens; ends with its input
import {createServer} from 'node:http';

import {context, propagation, SpanKind, SpanStatusCode, trace} from '@opentelemetry/api';
import {SeverityNumber} from '@opentelemetry/api-logs';
import {OTLPLogExporter} from '@opentelemetry/exporter-logs-otlp-proto';
import {OTLPTraceExporter} from '@opentelemetry/exporter-trace-otlp-proto';
import {resourceFromAttributes} from '@opentelemetry/resources';
import {BatchLogRecordProcessor, LoggerProvider} from '@opentelemetry/sdk-logs';
import {BatchSpanProcessor} from '@opentelemetry/sdk-trace-base';
import {NodeTracerProvider} from '@opentelemetry/sdk-trace-node';

const patienceMs = 1200;
const batch = {scheduledDelayMillis: 200};

function instrumented(service) {
  const resource = resourceFromAttributes({'service.name': service, 'service.version': '2.0.0'});
  const spans = new NodeTracerProvider({resource, spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter(), batch)]});
  const logs = new LoggerProvider({resource, processors: [new BatchLogRecordProcessor({exporter: new OTLPLogExporter(), ...batch})]});
  return {spans, logs, tracer: spans.getTracer('bookshop'), logger: logs.getLogger('bookshop')};
}

const storefront = instrumented('storefront');
const catalogue = instrumented('catalogue');
storefront.spans.register(); // the context manager and the propagator are the process's

/** Runs within a span; what it throws is recorded and the span has failed. */
function within({tracer}, name, options, work) {
  return tracer.startActiveSpan(name, options, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.recordException(error);
      span.setStatus({code: SpanStatusCode.ERROR, message: error.message});
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Answers requests within server spans that go on with the caller's trace. */
function listen(service, route, answer) {
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://service');
    context.with(propagation.extract(context.active(), request.headers), () =>
      within(service, `GET ${route}`, {kind: SpanKind.SERVER, attributes: {'http.request.method': 'GET', 'http.route': route, 'app.tenant': url.searchParams.get('tenant')}}, async (span) => {
        const body = await answer(url.searchParams);
        span.setAttribute('http.response.status_code', 200);
        response.end(JSON.stringify(body));
      }).catch((error) => response.writeHead(504).end(error.message)));
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)));
}

class StatementTimeout extends Error {
  name = 'StatementTimeout';
}

const shelves = await listen(catalogue, '/search', (query) => {
  const hasIndex = query.get('tenant') !== 'acme';
  return within(catalogue, 'SELECT books', {kind: SpanKind.CLIENT, attributes: {'db.system.name': 'postgresql', 'db.namespace': 'books', 'db.query.text': 'SELECT * FROM books WHERE title LIKE $1', 'db.plan': hasIndex ? 'index scan' : 'sequential scan'}}, async () => {
    if (hasIndex) return {found: 3};
    catalogue.logger.emit({severityNumber: SeverityNumber.WARN, severityText: 'WARN', body: 'no index on title for acme, reading the whole table', attributes: {'db.table': 'books_acme'}});
    await new Promise((done) => setTimeout(done, patienceMs));
    throw new StatementTimeout('gave up after 1.2 s');
  });
});

const shop = await listen(storefront, '/books', (query) =>
  within(storefront, 'GET', {kind: SpanKind.CLIENT}, async (span) => {
    const headers = {};
    propagation.inject(context.active(), headers);
    const response = await fetch(`http://127.0.0.1:${shelves.address().port}/search?tenant=${query.get('tenant')}`, {headers});
    span.setAttribute('http.response.status_code', response.status);
    if (!response.ok) throw new Error(`the catalogue answered ${response.status}`);
    return response.json();
  }));

console.log(`http://127.0.0.1:${shop.address().port}/books`);
process.stdin.resume().on('end', async () => {
  shop.close();
  shelves.close();
  await Promise.all([storefront, catalogue].flatMap(({spans, logs}) => [spans.shutdown(), logs.shutdown()]));
});
