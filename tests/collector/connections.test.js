// How exporters reach their backends: certificates on both sides, through a proxy that the environment names, over connections
// that are kept alive; and what is said at the start and in figures about all that.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {createServer as createHttp2Server} from 'node:http2';
import {createServer} from 'node:http';
import {connect} from 'node:net';
import {join} from 'node:path';
import {after, test} from 'node:test';
import {Collector, freePorts, makeCertificate, temporaryDirectory, until} from './collector.js';
import {request, send} from './numbered_spans.js';

const atOnce = 'sending_queue: {enabled: false}, retry_on_failure: {enabled: false}';
const collectors = [];
const start = async (options) => {
  const collector = await Collector.start(options);
  collectors.push(collector);
  return collector;
};
after(async () => { for (const collector of collectors) assert.equal(await collector.stop(), 0, collector.output); });

const between = (port, exporter) => `
receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:${port}"}}}}
exporters: {${exporter}}
service: {pipelines: {traces: {receivers: [otlp], exporters: [${exporter.slice(0, exporter.indexOf(':'))}]}}}
`;

test('both sides show a certificate', async () => {
  const directory = temporaryDirectory();
  const {certificate, key} = makeCertificate(directory);
  const client = {certificate: join(directory, 'client.pem'), key: join(directory, 'client.key')};
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
    '-subj', '/CN=sender', '-keyout', client.key, '-out', client.certificate], {stdio: 'ignore'});
  const [known, unknown, grpc, http] = await freePorts(4);
  const tls = `tls: {cert_file: "${certificate}", key_file: "${key}", client_ca_file: "${client.certificate}"}`;
  const backend = await start({config: `
receivers: {otlp: {protocols: {grpc: {endpoint: "127.0.0.1:${grpc}", ${tls}}, http: {endpoint: "127.0.0.1:${http}", ${tls}}}}}
exporters: {nop: }
service: {pipelines: {traces: {receivers: [otlp], exporters: [nop]}}}
`});
  const arrived = () => backend.metric('otelcol_receiver_accepted_spans', '{receiver="otlp"}');
  // Reached by its address, and known by the name in its certificate.
  const whole = `tls: {ca_file: "${certificate}", cert_file: "${client.certificate}", key_file: "${client.key}", server_name_override: localhost}`;
  await start({config: between(known, `otlp: {endpoint: "https://127.0.0.1:${grpc}", ${whole}, ${atOnce}}`)});
  assert.equal(await send(known, request(1, 3)), 200);
  await until('they arrive over gRPC', async () => await arrived() === 3);
  await start({config: between(unknown, `otlphttp: {endpoint: "https://127.0.0.1:${http}", tls: {ca_file: "${certificate}"}, ${atOnce}}`)});
  assert.equal(await send(unknown, request(1, 3)), 503, 'nobody speaks to whom it does not know');
  const [trusted] = await freePorts(1);
  await start({config: between(trusted, `otlphttp: {endpoint: "https://localhost:${http}", ${whole}, ${atOnce}}`)});
  assert.equal(await send(trusted, request(1, 3)), 200);
  await until('they arrive over HTTP', async () => await arrived() === 6);
});

test('a proxy of the environment is asked for a tunnel, and NO_PROXY goes without', async () => {
  const [port, other, backendPort] = await freePorts(3);
  const backend = await start({config: `
receivers: {otlp: {protocols: {grpc: {endpoint: "127.0.0.1:${backendPort}"}}}}
exporters: {nop: }
service: {pipelines: {traces: {receivers: [otlp], exporters: [nop]}}}
`});
  const asked = [];
  const proxy = createServer().on('connect', (from, socket) => {
    asked.push({to: from.url, as: from.headers['proxy-authorization']});
    const behind = connect(backendPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      behind.pipe(socket).pipe(behind);
    });
    for (const one of [behind, socket]) one.on('error', () => {});
  });
  await new Promise((done) => proxy.listen(0, '127.0.0.1', done));
  // gRPC asks HTTPS_PROXY, whether it is encrypted or not, as Go's does.
  const through = `http://me:secret@127.0.0.1:${proxy.address().port}`;
  const environment = {HTTPS_PROXY: through, HTTP_PROXY: through, NO_PROXY: 'inside.test'};
  await start({environment, config: between(port, `otlp: {endpoint: "http://backend.test:4317", ${atOnce}}`)});
  assert.equal(await send(port, request(1, 2)), 200);
  await start({environment, config: between(other, `otlphttp: {endpoint: "http://backend.test:4318", ${atOnce}}`)});
  assert.equal(await send(other, request(1, 2)), 200);
  await until('both arrived', async () => await backend.metric('otelcol_receiver_accepted_spans', '{receiver="otlp"}') === 4);
  const as = `Basic ${Buffer.from('me:secret').toString('base64')}`;
  assert.deepEqual(asked, [{to: 'backend.test:4317', as}, {to: 'backend.test:4318', as}]);
  const [inside] = await freePorts(1);
  await start({environment, config: between(inside, `otlphttp: {endpoint: "http://inside.test:4318", ${atOnce}}`)});
  assert.equal(await send(inside, request(1, 2)), 503, 'there is no such host');
  assert.equal(asked.length, 2);
  proxy.closeAllConnections();
  proxy.close();
});

test('a connection is kept alive while an answer is waited for', async () => {
  let pings = 0;
  const backend = createHttp2Server();
  const sessions = new Set();
  backend.on('session', (session) => {
    sessions.add(session);
    session.on('ping', () => ++pings);
  });
  backend.on('stream', (stream) => {
    stream.resume();
    // Answers when it was asked twice whether it is still there.
    const timer = setInterval(() => {
      if (pings < 2) return;
      clearInterval(timer);
      stream.respond({':status': 200, 'content-type': 'application/grpc'}, {waitForTrailers: true});
      stream.on('wantTrailers', () => stream.sendTrailers({'grpc-status': '0'}));
      stream.end(Buffer.alloc(5));
    }, 10);
  });
  await new Promise((done) => backend.listen(0, '127.0.0.1', done));
  const [port] = await freePorts(1);
  await start({config: between(port, `otlp: {endpoint: "http://127.0.0.1:${backend.address().port}", timeout: 60s, keepalive: {time: 100ms, timeout: 10s}, ${atOnce}}`)});
  assert.equal(await send(port, request(1, 1)), 200);
  assert.ok(pings >= 2);
  for (const session of sessions) session.destroy();
  backend.close();
});

test('a header without its variable is said at the start', async () => {
  const [port] = await freePorts(1);
  const collector = await start({environment: {HONEYCOMB_API_KEY: ''}, config: between(port, 'otlp: {endpoint: "http://127.0.0.1:1", headers: {"x-honeycomb-team": "${env:HONEYCOMB_API_KEY}"}}')});
  assert.match(collector.output, /warning: .*config\.yaml:3: the environment variable HONEYCOMB_API_KEY is empty, so that the header 'x-honeycomb-team' is sent empty/);
});

test('its figures have the names of dashboards', async () => {
  const [port] = await freePorts(1);
  const collector = await start({config: `
receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:${port}"}}}}
processors: {batch: {timeout: 10ms}}
exporters: {otlphttp: {endpoint: "http://127.0.0.1:1"}}
service: {pipelines: {traces: {receivers: [otlp], processors: [batch], exporters: [otlphttp]}}}
`});
  assert.equal(await send(port, request(1, 1)), 200);
  await until('it waits for its backend', async () => await collector.metric('otelcol_exporter_in_flight_requests') === 1);
  const text = await (await fetch(`http://127.0.0.1:${collector.metricsPort}/metrics`)).text();
  const names = new Set(text.split('\n').filter((line) => line && !line.startsWith('#')).map((line) => /^[^{ ]+/.exec(line)[0]));
  for (const name of ['receiver_accepted_spans', 'receiver_refused_spans', 'receiver_failed_spans', 'processor_incoming_items', 'processor_outgoing_items',
    'processor_batch_batch_send_size_count', 'processor_batch_batch_size_trigger_send', 'processor_batch_timeout_trigger_send', 'processor_batch_metadata_cardinality',
    'exporter_sent_spans', 'exporter_send_failed_spans', 'exporter_enqueue_failed_spans', 'exporter_queue_size', 'exporter_queue_capacity', 'exporter_in_flight_requests',
    'process_uptime', 'process_cpu_seconds', 'process_memory_rss', 'process_runtime_heap_alloc_bytes']) {
    assert.ok(names.has(`otelcol_${name}`), `otelcol_${name} is not among ${[...names].join(' ')}`);
  }
});
