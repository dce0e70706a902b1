// An application with OpenTelemetry's remote sampler, whose timer never ends; so it has a process of its own.
// sampled_app.js SAMPLING_URL SPANS_URL SERVICE: for each line {"sampler", "traces", "names"} on its standard input it waits
// until the sampler calls itself so, makes so many traces of each name, and answers with a line.
import {createInterface} from 'node:readline';

import {JaegerExporter} from '@opentelemetry/exporter-jaeger';
import {AlwaysOffSampler, BasicTracerProvider, BatchSpanProcessor} from '@opentelemetry/sdk-trace-base';
import {JaegerRemoteSampler} from '@opentelemetry/sampler-jaeger-remote';
import {ROOT_CONTEXT, trace} from '@opentelemetry/api';
import {resourceFromAttributes} from '@opentelemetry/resources';

const [samplingUrl, spansUrl, service] = process.argv.slice(2);
const sampler = new JaegerRemoteSampler({endpoint: samplingUrl, serviceName: service, initialSampler: new AlwaysOffSampler(), poolingInterval: 50});
// Ids that a sampler by trace id finds spread evenly: how many are kept is known beforehand.
let of = 1, next = 0, spans = 0;
const hex = (number, digits) => number.toString(16).padStart(digits, '0');
const idGenerator = {generateTraceId: () => hex(Math.floor((next++ + 0.5) / of * 2 ** 32), 8) + hex(0, 24), generateSpanId: () => hex(++spans, 16)};
const provider = new BasicTracerProvider({
  sampler, idGenerator, resource: resourceFromAttributes({'service.name': service}),
  spanProcessors: [new BatchSpanProcessor(new JaegerExporter({endpoint: spansUrl}))],
});
const tracer = provider.getTracer('app');

for await (const line of createInterface({input: process.stdin})) {
  const {sampler: expected, traces, names} = JSON.parse(line);
  while (!String(sampler).includes(expected)) await new Promise((done) => setTimeout(done, 20));
  for (const name of names) {
    of = traces;
    next = 0;
    for (let i = 0; i < traces; ++i) {
      const root = tracer.startSpan(name, {}, ROOT_CONTEXT);
      tracer.startSpan(`below ${name}`, {}, trace.setSpan(ROOT_CONTEXT, root)).end();
      root.end();
    }
  }
  await provider.forceFlush();
  console.log('done');
}
process.exit();
