// Samplers between the vendors' exporters and a backend: what is kept stands for what was left out, and traces are kept
// or left out as a whole, also when their spans come over several connections.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {makeSpans} from '../clients/telemetry.js';
import {send, transports} from '../clients/transports.js';
import {Backend, Collector, freePorts, until} from './collector.js';
import {send as post} from './numbered_spans.js';

const hex = (number, digits) => number.toString(16).padStart(digits, '0');
const traceId = (i) => hex((i * 2654435761) % 2 ** 32, 8).repeat(4);

function spans(service, count, span) {
  const start = BigInt(Date.now()) * 1_000_000n;
  return JSON.stringify({resourceSpans: [{resource: {attributes: [{key: 'service.name', value: {stringValue: service}}]}, scopeSpans: [{spans:
    Array.from({length: count}, (_, i) => ({traceId: traceId(i + 1), spanId: hex(i + 1, 16), name: 'op', startTimeUnixNano: `${start}`, endTimeUnixNano: `${start + 1000n}`, ...span(i)}))}]}]});
}

let backend;
before(async () => { backend = await Backend.start({tls: false}); });
after(async () => {
  await backend.stop();
  backend.remove();
});

async function collect(processors, names, work) {
  const [port] = await freePorts(1);
  const collector = await Collector.start({config: `
receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:${port}"}}}}
processors: {${processors}}
exporters: {otlphttp: {endpoint: "http://127.0.0.1:${backend.port}", headers: {x-honeycomb-team: "${backend.key}"}}}
service: {pipelines: {traces: {receivers: [otlp], processors: [${names}], exporters: [otlphttp]}}}
`});
  try {
    await work(port, collector);
  } catch (failure) {
    failure.message += `\n${collector.output}`;
    await collector.stop();
    throw failure;
  }
  assert.equal(await collector.stop(), 0, collector.output);
}

const total = async (service, calculation = 'COUNT') => (await backend.query('traces', `${calculation} WHERE service.name = "${service}"`))[0]?.[calculation] ?? 0;

for (const mode of ['hash_seed', 'proportional', 'equalizing']) {
  test(`a tenth of the spans counts as all of them, chosen by ${mode}`, () => collect(
    `probabilistic_sampler: {sampling_percentage: 10, mode: ${mode}}`, 'probabilistic_sampler', async (port, collector) => {
      assert.equal(await post(port, spans(mode, 5000, () => ({}))), 200);
      await until('they arrive', async () => await total(mode) > 0);
      const kept = await until('the sender has counted them', () => collector.metric('otelcol_exporter_sent_spans'));
      assert.ok(kept > 300 && kept < 700, `${kept} kept`);
      assert.equal(await total(mode), kept * 10);
    }));
}

test('tail_sampling keeps whole traces, and late spans follow', () => collect(
  `tail_sampling: {decision_wait: 3s, policies: [{name: errors, type: status_code, status_code: {status_codes: [ERROR]}}]}`,
  'tail_sampling', async (port, collector) => {
    const service = 'whole traces';
    const child = (offset, more) => (i) => ({spanId: hex(offset + i, 16), ...more(i)});
    // The first spans of 50 traces, then their second ones, of which every tenth failed.
    assert.equal(await post(port, spans(service, 50, () => ({}))), 200);
    assert.equal(await post(port, spans(service, 50, child(1000, (i) => i % 10 === 0 ? {status: {code: 2}} : {}))), 200);
    await until('five traces of two spans arrive', async () => await total(service) === 10);
    assert.equal(await total(service, 'COUNT_DISTINCT(trace.trace_id)'), 5);
    await until('all are decided about', async () => await collector.metric('otelcol_processor_tail_sampling_sampling_traces_on_memory') === 0);
    assert.equal(await post(port, spans(service, 50, child(2000, () => ({})))), 200);
    await until('the late ones arrive', async () => await total(service) === 15);
    assert.equal(await collector.metric('otelcol_processor_tail_sampling_late_spans'), 50);
  }));

test("a vendor's exporter and a stop before the decision: what waits is decided about, not lost", async () => {
  const service = 'stopped early';
  await collect(`tail_sampling: {decision_wait: 1h, policies: [{name: slow, type: always_sample}]}`, 'tail_sampling', async (port) => {
    const {items} = makeSpans(service);
    const result = await send(transports['http/protobuf'].traces({address: `http://127.0.0.1:${port}`}), items);
    assert.equal(result.code, 0, result.error?.message);
    assert.equal(await total(service), 0);
  });
  await until('all spans arrive', async () => await total(service) >= 3);
});
