// A file from a real project, as it stands, between the vendors' exporters and a backend with TLS that wants a key.
// Only addresses are replaced from outside.
import assert from 'node:assert/strict';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {after, before, test} from 'node:test';
import {makeLogs, makeMetrics, makeSpans} from '../clients/telemetry.js';
import {gzip, send, transports} from '../clients/transports.js';
import {Backend, Collector, freePorts, until} from './collector.js';

const path = join(dirname(fileURLToPath(import.meta.url)), 'config.yaml');
let backend, collector, http, grpc;

before(async () => {
  backend = await Backend.start();
  [http, grpc] = await freePorts(2);
  collector = await Collector.start({
    path,
    environment: {HONEYCOMB_API_KEY: backend.key, SSL_CERT_FILE: backend.files.certificate},
    sets: [
      `receivers.otlp.protocols.http.endpoint=127.0.0.1:${http}`,
      `receivers.otlp.protocols.grpc.endpoint=127.0.0.1:${grpc}`,
      `exporters.otlp/honeycomb.endpoint=https://localhost:${backend.port}`,
      'processors.batch.timeout=300ms',
    ],
  });
});

after(async () => {
  assert.equal(await collector.stop(), 0, collector.output);
  assert.equal(await backend.stop(), 0, backend.output);
  backend.remove();
});

for (const [name, transport] of Object.entries(transports)) {
  for (const compression of [undefined, gzip]) {
    test(`traces, logs and metrics over ${name}${compression ? ' with gzip' : ''}`, async () => {
      const service = `shop ${name} ${compression ?? 'plain'}`;
      const address = `http://127.0.0.1:${name === 'grpc' ? grpc : http}`;
      const spans = makeSpans(service);
      const logs = makeLogs(service, spans.serverContext);
      const metrics = await makeMetrics(service);
      for (const [signal, items] of [['traces', spans.items], ['logs', logs.items], ['metrics', metrics.items]]) {
        const result = await send(transport[signal]({address, compression}), items);
        assert.equal(result.code, 0, result.error?.message);
      }
      const count = (signal) => backend.query(signal, `COUNT WHERE service.name = "${service}"`).then(([row]) => row?.COUNT ?? 0);
      await until('all spans arrive', async () => await count('traces') >= 3);
      await until('all log records arrive', async () => await count('logs') >= 2);
      await until('all metric points arrive', async () => await count('metrics') >= 5);
      const [cart] = await backend.query('traces', `COUNT, MAX(http.response.status_code) WHERE service.name = "${service}" AND name = "GET /cart"`);
      assert.equal(cart['MAX(http.response.status_code)'], 500);
    });
  }
}

test('its own metrics have the names that dashboards know', async () => {
  assert.ok(await collector.metric('otelcol_receiver_accepted_spans', '{receiver="otlp"}') >= 18);
  assert.ok(await collector.metric('otelcol_exporter_sent_spans', '{exporter="otlp/honeycomb"}') >= 18);
  assert.equal(await collector.metric('otelcol_exporter_send_failed_spans', '{exporter="otlp/honeycomb"}'), 0);
});
