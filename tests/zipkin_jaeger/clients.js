// A clew with doors for Zipkin's and Jaeger's clients on free ports, and what the tests of these clients have in common.
import {randomBytes} from 'node:crypto';

import {BasicTracerProvider, SimpleSpanProcessor} from '@opentelemetry/sdk-trace-base';
import {ROOT_CONTEXT, SpanKind, SpanStatusCode, trace} from '@opentelemetry/api';
import {resourceFromAttributes} from '@opentelemetry/resources';

import {Clew, sleep} from '../clients/clew.js';

export async function startClew(options = {}) {
  const clew = await Clew.start({...options, flags: ['--zipkin-listen', '127.0.0.1:0', '--jaeger-listen', '127.0.0.1:0', ...(options.flags ?? [])]});
  // It answers before the last line of its greeting has come through the pipe.
  const portOf = (purpose) => eventually(() => Number(new RegExp(`127\\.0\\.0\\.1:(\\d+) +${purpose}`).exec(clew.output)?.[1] ?? 0));
  clew.zipkinPort = await portOf('Zipkin');
  clew.jaegerPort = await portOf('Jaeger');
  return clew;
}

// Until `look` gives something; what it throws is told when the time is over.
export async function eventually(look, limitMs = 30_000) {
  let failure;
  for (const end = Date.now() + limitMs; ; await sleep(50)) {
    try {
      const found = await look();
      if (found) return found;
    } catch (error) {
      failure = error;
    }
    if (Date.now() > end) throw failure ?? new Error('it did not come to pass in time');
  }
}

export const newId = (bytes = 8) => randomBytes(bytes).toString('hex');

// The rows of a trace as spans, by name, once there are so many.
export const spansOf = (clew, traceId, count, columns) => eventually(async () => {
  const list = ['name', 'service.name', 'span.kind', 'trace.span_id', 'trace.parent_id', ...columns];
  const rows = await clew.query('traces', `COUNT WHERE trace.trace_id = "${traceId}" AND trace.span_id exists GROUP BY ${list.join(', ')}`);
  return rows.length >= count && new Map(rows.map((row) => [row.name, row]));
});

// Spans as an OpenTelemetry SDK makes them: a server's with an event and an exception, and its client's below it.
export async function sendThroughSdk(exporter, service) {
  const failures = [];
  const telling = {export: (spans, done) => exporter.export(spans, (result) => {
    if (result.code !== 0) failures.push(result.error ?? result);
    done(result);
  }), shutdown: () => exporter.shutdown(), forceFlush: () => exporter.forceFlush?.()};
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({'service.name': service, 'service.version': '1.2.3'}),
    spanProcessors: [new SimpleSpanProcessor(telling)],
  });
  const tracer = provider.getTracer('shop-lib', '4.5.6');
  const server = tracer.startSpan('GET /cart', {kind: SpanKind.SERVER, attributes: {'http.method': 'GET', 'http.status_code': 500}}, ROOT_CONTEXT);
  const client = tracer.startSpan('SELECT', {kind: SpanKind.CLIENT, attributes: {'peer.service': 'db'}}, trace.setSpan(ROOT_CONTEXT, server));
  client.end();
  server.addEvent('cache.miss', {key: 'cart'});
  server.setStatus({code: SpanStatusCode.ERROR, message: 'no stock'});
  server.end();
  await provider.forceFlush();
  await provider.shutdown();
  return {traceId: server.spanContext().traceId, serverId: server.spanContext().spanId, clientId: client.spanContext().spanId, failures};
}
