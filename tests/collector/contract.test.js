// What every receiver, processor and exporter promises: with a next stage that fails at random, each item is accepted or
// refused for good; none is lost, and none comes twice. A part that is added joins the list of its kind.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {createSocket} from 'node:dgram';
import {appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {join} from 'node:path';
import {test} from 'node:test';
import {attribute, bytes, message} from '../clients/protobuf.js';
import {binary, Collector, freePorts, sleep, temporaryDirectory, until} from './collector.js';
import {GrpcSender, startGrpcBackend, startHttpBackend, startXRayBackend} from './failing_backend.js';

const items = 150, senders = 6;
const nameOf = (i) => `item-${String(i).padStart(6, '0')}`;
const hex = (number, digits) => number.toString(16).padStart(digits, '0');

const json = (i) => JSON.stringify({resourceSpans: [{resource: {attributes: [{key: 'service.name', value: {stringValue: 'contract'}}]},
  scopeSpans: [{spans: [{traceId: hex(i + 1, 32), spanId: hex(i + 1, 16), name: nameOf(i), startTimeUnixNano: '1700000000000000000', endTimeUnixNano: '1700000000000000001'}]}]}]});
const protobuf = (i) => message(1,
  message(1, message(1, ...attribute('service.name', bytes(1, 'contract')))),
  message(2, message(2, bytes(1, Buffer.from(hex(i + 1, 32), 'hex')), bytes(2, Buffer.from(hex(i + 1, 16), 'hex')), bytes(5, nameOf(i)))));

// What became of a request, in the words of the contract.
const httpFate = (status) => status === 200 || status === 202 ? 'accepted' : [429, 502, 503, 504].includes(status) ? 'again' : 'refused';
const grpcFate = (code) => code === 0 ? 'accepted' : [1, 4, 8, 10, 11, 14, 15].includes(code) ? 'again' : 'refused';
const answerTo = (port, path, body, headers) => fetch(`http://127.0.0.1:${port}${path}`, {method: 'POST', body, headers});
const post = async (port, body, type, path = '/v1/traces') => {
  const response = await answerTo(port, path, body, {'content-type': type});
  await response.arrayBuffer();
  return httpFate(response.status);
};
// A batch of one event: if it was taken is in the answer.
const postBatch = async (port, events) => {
  const response = await answerTo(port, '/1/batch/contract', JSON.stringify(events), {'content-type': 'application/json'});
  const answer = await response.json();
  return httpFate(response.status === 200 && answer[0].status !== 202 ? answer[0].status : response.status);
};
const putLogEvents = async (port, i) => {
  const response = await answerTo(port, '/', JSON.stringify({logGroupName: 'contract', logStreamName: 'one', logEvents: [{timestamp: Date.now(), message: nameOf(i)}]}),
    {'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Logs_20140328.PutLogEvents'});
  const {__type: type} = await response.json();
  return type?.endsWith('ThrottlingException') ? 'again' : httpFate(response.status);
};
const event = (i) => ({name: nameOf(i)});
const span = (i) => ({name: nameOf(i), 'trace.trace_id': hex(i + 1, 32), 'trace.span_id': hex(i + 1, 16), duration_ms: 1.5, 'service.name': 'contract'});
const item = (i) => JSON.stringify({access_token: 'any', data: {environment: 'test', body: {message: {body: nameOf(i)}}}});
const zipkin = (i) => JSON.stringify([{traceId: hex(i + 1, 32), id: hex(i + 1, 16), name: nameOf(i), timestamp: 1.7e15, duration: 1}]);
const postSpans = (i) => message(1, message(1, bytes(1, Buffer.from(hex(i + 1, 32), 'hex')), bytes(2, Buffer.from(hex(i + 1, 16), 'hex')), bytes(3, nameOf(i))),
  message(2, bytes(1, 'contract')));
// A Batch in Thrift's binary protocol: its field 2 is a list of one span, with the fields 1 (trace), 3 (span) and 5 (name).
const thriftBatch = (i) => Buffer.concat([Buffer.from(`0f00020c000000010a0001${hex(i + 1, 16)}0a0003${hex(i + 1, 16)}0b0005${hex(nameOf(i).length, 8)}`, 'hex'),
  Buffer.from(nameOf(i)), Buffer.from('0000', 'hex')]);
// The call emitBatch in the same protocol.
const emitBatch = (i) => Buffer.concat([Buffer.from('8001000400000009', 'hex'), Buffer.from('emitBatch'), Buffer.from('000000000c0001', 'hex'), thriftBatch(i), Buffer.from('00', 'hex')]);
// Where a request holds the name of an item more than once, the one place that counts.
const foundBy = (pattern) => (body) => [...body.toString('latin1').matchAll(pattern)].map(([, name]) => name);

// `open(port)` gives {send(i), close()}; `signal` is traces where it is not said.
const receivers = [
  {name: 'otlp, HTTP with JSON', config: (port) => `otlp: {protocols: {http: {endpoint: "127.0.0.1:${port}"}}}`,
    open: (port) => ({send: (i) => post(port, json(i), 'application/json'), close() {}})},
  {name: 'otlp, HTTP with protobuf', config: (port) => `otlp: {protocols: {http: {endpoint: "127.0.0.1:${port}"}}}`,
    open: (port) => ({send: (i) => post(port, protobuf(i), 'application/x-protobuf'), close() {}})},
  {name: 'otlp, gRPC', config: (port) => `otlp: {protocols: {grpc: {endpoint: "127.0.0.1:${port}"}}}`,
    open: (port) => {
      const sender = new GrpcSender(port);
      return {send: async (i) => grpcFate(await sender.send(protobuf(i))), close: () => sender.close()};
    }},
  {name: 'libhoney, one event', signal: 'logs', config: (port) => `libhoney: {http: {endpoint: "127.0.0.1:${port}"}}`,
    open: (port) => ({send: (i) => post(port, JSON.stringify(event(i)), 'application/json', '/1/events/contract'), close() {}})},
  {name: 'libhoney, a batch with a log event', signal: 'logs', config: (port) => `libhoney: {http: {endpoint: "127.0.0.1:${port}"}}`,
    open: (port) => ({send: (i) => postBatch(port, [{data: event(i)}]), close() {}})},
  {name: 'libhoney, a batch with a span', config: (port) => `libhoney: {http: {endpoint: "127.0.0.1:${port}"}}`,
    open: (port) => ({send: (i) => postBatch(port, [{data: span(i)}]), close() {}})},
  {name: 'zipkin', config: (port) => `zipkin: {endpoint: "127.0.0.1:${port}"}`,
    open: (port) => ({send: (i) => post(port, zipkin(i), 'application/json', '/api/v2/spans'), close() {}})},
  {name: 'jaeger, Thrift over HTTP', config: (port) => `jaeger: {protocols: {thrift_http: {endpoint: "127.0.0.1:${port}"}}}`,
    open: (port) => ({send: (i) => post(port, thriftBatch(i), 'application/x-thrift', '/api/traces'), close() {}})},
  {name: 'jaeger, gRPC', config: (port) => `jaeger: {protocols: {grpc: {endpoint: "127.0.0.1:${port}"}}}`,
    open: (port) => {
      const sender = new GrpcSender(port);
      return {send: async (i) => grpcFate(await sender.send(postSpans(i), '/jaeger.api_v2.CollectorService/PostSpans')), close: () => sender.close()};
    }},
  {name: 'rollbar', signal: 'logs', itemsIn: foundBy(/"message":\{"body":"(item-\d{6})"/g), config: (port) => `rollbar: {endpoint: "127.0.0.1:${port}"}`,
    open: (port) => ({send: (i) => post(port, item(i), 'application/json', '/api/1/item/'), close() {}})},
  {name: 'awscloudwatchlogs', signal: 'logs', config: (port) => `awscloudwatchlogs: {endpoint: "127.0.0.1:${port}"}`,
    open: (port) => ({send: (i) => putLogEvents(port, i), close() {}})},
];

const exporters = [
  {name: 'otlp', start: startGrpcBackend, config: (to, more) => `otlp: {endpoint: "${to}", ${more}}`},
  {name: 'otlp without compression', start: startGrpcBackend, config: (to, more) => `otlp: {endpoint: "${to}", compression: none, ${more}}`},
  {name: 'otlphttp', start: startHttpBackend, config: (to, more) => `otlphttp: {endpoint: "${to}", ${more}}`},
  {name: 'loadbalancing', start: startGrpcBackend, config: (to, more) =>
    `loadbalancing: {resolver: {static: {hostnames: ["${to.slice('http://'.length)}"]}}, protocol: {otlp: {tls: {insecure: true}, ${more}}}}`},
  {name: 'otlphttp with JSON', start: startHttpBackend, config: (to, more) => `otlphttp: {endpoint: "${to}", encoding: json, ${more}}`},
  {name: 'zipkin', start: startHttpBackend, config: (to, more) => `zipkin: {endpoint: "${to}/api/v2/spans", ${more}}`},
  {name: 'awsxray', start: startXRayBackend, config: (to, more) => `awsxray: {endpoint: "${to}", region: eu-west-1, ${more}}`},
];

// Those that neither add nor drop.
const processors = [
  {name: 'batch', config: 'batch: {timeout: 10ms, send_batch_size: 7, send_batch_max_size: 9}'},
  {name: 'batch that waits for the next stage', config: 'batch: {timeout: 10ms, send_batch_size: 7, acknowledge: delivered}', isTransparent: true},
  {name: 'memory_limiter', config: 'memory_limiter: {check_interval: 1s, limit_mib: 4000}', isTransparent: true},
  {name: 'filter that drops nothing', config: `filter: {traces: {span: ['name == "nobody"']}}`, isTransparent: true},
  {name: 'transform', config: `transform: {trace_statements: ['set(span.attributes["a"], 1)']}`, isTransparent: true},
  {name: 'refinery that keeps all', config: 'refinery: {trace_timeout: 20ms, rules: {Samplers: {__default__: {DeterministicSampler: {SampleRate: 1}}}}}'},
  {name: 'resource', config: 'resource: {attributes: [{key: a, value: 1, action: insert}]}', isTransparent: true},
  {name: 'attributes', config: 'attributes: {actions: [{key: a, value: 1, action: insert}]}', isTransparent: true},
  {name: 'probabilistic_sampler that keeps all', config: 'probabilistic_sampler: {sampling_percentage: 100, mode: proportional}', isTransparent: true},
  {name: 'redaction', config: 'redaction: {allow_all_keys: true, blocked_values: [contract]}', isTransparent: true},
  {name: 'groupbytrace', config: 'groupbytrace: {wait_duration: 20ms}'},
  {name: 'tail_sampling that keeps all', config: 'tail_sampling: {decision_wait: 20ms, policies: [{name: all, type: always_sample}]}'},
  {name: 'tail_sampling with little room', config: 'tail_sampling: {decision_wait: 1s, num_traces: 5, policies: [{name: all, type: always_sample}]}'},
];

const idOf = (config) => config.slice(0, config.indexOf(':'));
const retries = 'retry_on_failure: {initial_interval: 5ms, max_interval: 40ms, max_elapsed_time: 0}';
const atOnce = 'sending_queue: {enabled: false}, retry_on_failure: {enabled: false}';

// Connectors that neither add nor drop, between two pipelines.
const connectors = [
  {name: 'forward', config: 'forward: {}'},
  {name: 'routing', config: `routing: {default_pipelines: [traces/behind], table: [{context: span, condition: 'IsMatch(name, "[02468]$")', pipelines: [traces/behind]}]}`},
];

function configuration({receiver, signal = 'traces', processor, connector, exporter, extensions = ''}) {
  if (connector) return `
receivers: {${receiver}}
connectors: {${connector}}
exporters: {${exporter}}
service:
  pipelines:
    traces: {receivers: [${idOf(receiver)}], exporters: [${idOf(connector)}]}
    traces/behind: {receivers: [${idOf(connector)}], exporters: [${idOf(exporter)}]}
`;
  return `
receivers: {${receiver}}
processors: {${processor ?? ''}}
exporters: {${exporter}}
extensions: {${extensions}}
service:
  extensions: [${extensions ? idOf(extensions) : ''}]
  pipelines:
    ${signal}: {receivers: [${idOf(receiver)}], processors: [${processor ? idOf(processor) : ''}], exporters: [${idOf(exporter)}]}
`;
}

// Sends every item, again as long as it is told to. The names accepted, and those refused for good.
async function sendAll(client) {
  const accepted = [], refused = [];
  let next = 0;
  await Promise.all(Array.from({length: senders}, async () => {
    for (let i = next++; i < items; i = next++) {
      let fate = 'again';
      for (let attempt = 0; fate === 'again'; ++attempt) {
        assert.ok(attempt < 500, `${nameOf(i)} is never taken`);
        fate = await client.send(i);
        if (fate === 'again') await sleep(2);
      }
      (fate === 'accepted' ? accepted : refused).push(nameOf(i));
    }
  }));
  return {accepted: accepted.sort(), refused: refused.sort()};
}

const once = (names) => [...new Set(names)].sort();

async function run({receiver = receivers[0], processor, connector, exporter = exporters[2], more, extensions, checks, seed}) {
  const backend = await exporter.start(seed, receiver.itemsIn);
  const [port] = await freePorts(1);
  const collector = await Collector.start({config: configuration({
    receiver: receiver.config(port), signal: receiver.signal, processor: processor?.config, connector: connector?.config, exporter: exporter.config(backend.address, more), extensions})});
  const client = receiver.open(port);
  try {
    await checks(await sendAll(client), backend);
  } catch (failure) {
    failure.message += `\n${collector.output}`;
    throw failure;
  } finally {
    client.close();
    await collector.stop();
    await backend.stop();
  }
}

// What the sender was told is what happened.
const toldTheTruth = ({accepted, refused}, backend) => {
  assert.deepEqual(backend.taken.toSorted(), accepted);
  assert.deepEqual(once(backend.refused), refused);
  assert.ok(refused.length > 0 && backend.attempts > 20, 'the backend failed now and then');
};
// What was accepted was sent once, or refused for good by the backend.
const sentOnce = async ({accepted, refused}, backend) => {
  assert.deepEqual(refused, []);
  await until('every item has its fate', () => backend.taken.length + backend.refused.length >= accepted.length);
  await sleep(100);
  assert.deepEqual([...backend.taken, ...backend.refused].sort(), accepted);
};

receivers.forEach((receiver, i) => {
  test(`receiver ${receiver.name}`, () => run({receiver, more: atOnce, checks: toldTheTruth, seed: 10 + i}));
});

processors.forEach((processor, i) => {
  if (processor.isTransparent) test(`processor ${processor.name}: its sender hears the truth`, () => run({processor, more: atOnce, checks: toldTheTruth, seed: 20 + i}));
  test(`processor ${processor.name}`, () => run({processor, more: retries, checks: sentOnce, seed: 30 + i}));
});

connectors.forEach((connector, i) => {
  test(`connector ${connector.name}: its sender hears the truth`, () => run({connector, more: atOnce, checks: toldTheTruth, seed: 100 + i}));
});

// Some receivers have no sender to tell: what is refused for now they hand on again. `start(ports)` gives
// {config, feed(), close()}; each of `items` names has one fate.
const unasked = [
  {name: 'filelog', signal: 'logs', start() {
    const file = join(temporaryDirectory(), 'app.log');
    const names = Array.from({length: items}, (_, i) => nameOf(i));
    writeFileSync(file, names.slice(0, 50).map((name) => `${name}\n`).join(''));
    return {names, config: `filelog: {include: ["${file}"], start_at: beginning, poll_interval: 10ms}`, async feed() {
      for (const name of names.slice(50)) {
        appendFileSync(file, `${name}\n`);
        await sleep(4);
      }
    }};
  }},
  {name: 'awsxray', signal: 'traces', itemsIn: foundBy(/"name":"(item-\d{6})"/g), async start() {
    const [port, proxy] = await freePorts(2);
    const socket = createSocket('udp4');
    const names = Array.from({length: items}, (_, i) => nameOf(i));
    const at = Math.floor(Date.now() / 1000);
    const document = (i) => JSON.stringify({name: nameOf(i), id: hex(i + 1, 16), trace_id: `1-${hex(at, 8)}-${hex(i + 1, 24)}`, start_time: at, end_time: at + 0.5});
    return {names, config: `awsxray: {endpoint: "127.0.0.1:${port}", proxy_server: {endpoint: "127.0.0.1:${proxy}", region: eu-west-1, aws_endpoint: "http://127.0.0.1:1"}}`,
      async feed() {
        for (let i = 0; i < items; ++i) {
          socket.send(`{"format":"json","version":1}\n${document(i)}`, port, '127.0.0.1');
          await sleep(2);
        }
      }, close: () => socket.close()};
  }},
  {name: 'jaeger, UDP', signal: 'traces', async start() {
    const [port] = await freePorts(1);
    const socket = createSocket('udp4');
    return {names: Array.from({length: items}, (_, i) => nameOf(i)), config: `jaeger: {protocols: {thrift_binary: {endpoint: "127.0.0.1:${port}"}}}`,
      async feed() {
        for (let i = 0; i < items; ++i) {
          socket.send(emitBatch(i), port, '127.0.0.1');
          await sleep(2);
        }
      }, close: () => socket.close()};
  }},
  // Of each answer the value of one metric tells which it was.
  {name: 'prometheus', signal: 'metrics', itemsIn: valuesOf('item', ({asDouble}) => nameOf(asDouble)), async start() {
    let next = 0;
    const server = createServer((_, response) => response.end(`item ${++next}\n`));
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    const targets = Array.from({length: 10}, (_, i) => `{job_name: j${i}, scrape_interval: 200ms, static_configs: [{targets: ["127.0.0.1:${server.address().port}"]}]}`);
    return {config: `prometheus: {config: {scrape_configs: [${targets}]}}`, close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); })};
  }},
  // A reading is known by its time.
  {name: 'hostmetrics', signal: 'metrics', itemsIn: valuesOf('system.memory.usage', ({timeUnixNano, attributes}) => `${timeUnixNano} ${JSON.stringify(attributes)}`),
    start: () => ({config: 'hostmetrics: {initial_delay: 1ms, collection_interval: 20ms, scrapers: {memory: {}}}'})},
];

// What tells the points of a metric in OTLP's JSON apart.
function valuesOf(metric, nameOfPoint) {
  return (body) => JSON.parse(body).resourceMetrics.flatMap(({scopeMetrics}) => scopeMetrics).flatMap(({metrics}) => metrics)
    .filter(({name}) => name === metric).flatMap(({gauge, sum}) => (gauge ?? sum).dataPoints).map(nameOfPoint);
}

unasked.forEach(({name, signal, itemsIn, start}, i) => {
  test(`receiver ${name}`, async () => {
    const exporter = exporters.find((one) => one.name === 'otlphttp with JSON');
    const backend = await exporter.start(110 + i, itemsIn);
    const {config, names, feed, close} = await start();
    const collector = await Collector.start({config: `
receivers: {${config}}
exporters: {${exporter.config(backend.address, atOnce)}}
service: {pipelines: {${signal}: {receivers: [${idOf(config)}], exporters: [otlphttp]}}}
`});
    try {
      await feed?.();
      // Where it goes on for ever, those that came first.
      await until('there are enough of them', () => backend.seen.size >= (names?.length ?? items));
      const first = names ?? [...backend.seen].slice(0, items);
      const fates = () => [...backend.taken, ...backend.refused].filter((one) => first.includes(one)).sort();
      await until('everything has its fate', () => fates().length >= first.length);
      await sleep(50); // for what would come twice
      assert.deepEqual(fates(), first.toSorted());
      assert.ok(backend.attempts > 2, 'the backend failed now and then');
    } catch (failure) {
      failure.message += `\n${collector.output}`;
      throw failure;
    } finally {
      await collector.stop();
      await backend.stop();
      await close?.();
    }
  });
});

exporters.forEach((exporter, i) => {
  test(`exporter ${exporter.name}: without queue`, () => run({exporter, more: atOnce, checks: toldTheTruth, seed: 40 + i}));
  test(`exporter ${exporter.name}: queue in memory`, () => run({exporter, more: retries, checks: sentOnce, seed: 50 + i}));
  test(`exporter ${exporter.name}: queue that joins`, () => run({exporter, checks: sentOnce, seed: 60 + i,
    more: `${retries}, sending_queue: {batch: {flush_timeout: 5ms, min_size: 10}}`}));
  test(`exporter ${exporter.name}: small queue that blocks`, () => run({exporter, checks: sentOnce, seed: 70 + i,
    more: `${retries}, sending_queue: {queue_size: 3, num_consumers: 2, block_on_overflow: true}`}));
  test(`exporter ${exporter.name}: small queue that refuses`, () => run({exporter, checks: sentOnce, seed: 80 + i,
    more: `${retries}, sending_queue: {queue_size: 3, num_consumers: 2}`}));
  test(`exporter ${exporter.name}: queue on disk`, () => run({exporter, checks: sentOnce, seed: 90 + i,
    extensions: `file_storage: {directory: ${temporaryDirectory()}}`, more: `${retries}, sending_queue: {storage: file_storage}`}));
});

// Exporters behind which nobody refuses: what they were handed is where they put it. `items(directory, collector)` reads it.
const namesIn = (text) => text.match(/item-\d{6}/g) ?? [];
const metricsOf = (i) => JSON.stringify({resourceMetrics: [{scopeMetrics: [{metrics: [{name: `reading_${i}`, gauge: {dataPoints: [{timeUnixNano: '1700000000000000000', asDouble: i}]}}]}]}]});
const readingsIn = (text) => [...text.matchAll(/^reading_\d+(?:\{.*\})? (\d+)/gm)].map(([, i]) => nameOf(Number(i)));
const ends = [
  {name: 'file', config: (directory) => `file: {path: "${directory}/out.jsonl", rotation: {max_megabytes: 1}}`,
    items: (directory) => readdirSync(directory).filter((name) => name.startsWith('out')).flatMap((name) => namesIn(readFileSync(join(directory, name), 'latin1')))},
  {name: 'debug', config: () => 'debug: {verbosity: detailed, sampling_initial: 1000000}', items: (_, {output}) => namesIn(output)},
  {name: 'clew', isReadAtTheEnd: true, config: (directory) => `clew: {data: "${directory}/data"}`,
    items: (directory) => namesIn(execFileSync(binary, ['export', '-', '--format', 'json', '--data', join(directory, 'data')], {encoding: 'utf8'}))},
  {name: 'prometheus', signal: 'metrics', path: '/v1/metrics', body: metricsOf, config: (_, port) => `prometheus: {endpoint: "127.0.0.1:${port}"}`,
    items: async (_, {pagePort}) => readingsIn(await (await fetch(`http://127.0.0.1:${pagePort}/metrics`)).text())},
];

for (const {name, signal = 'traces', path, body = json, config, items: read, isReadAtTheEnd} of ends) {
  test(`exporter ${name}`, async () => {
    const directory = temporaryDirectory();
    const [port, page] = await freePorts(2);
    const exporter = config(directory, page);
    const collector = await Collector.start({config: configuration({signal, receiver: receivers[0].config(port), exporter})});
    collector.pagePort = page;
    let found = [];
    const look = async () => found = (await read(directory, collector)).sort();
    try {
      const {accepted, refused} = await sendAll({send: (i) => post(port, body(i), 'application/json', path)});
      assert.deepEqual([accepted.length, refused], [items, []]);
      if (isReadAtTheEnd) {
        assert.equal(await collector.stop(), 0, collector.output);
        await look();
      } else {
        await until('everything is there', async () => (await look()).length >= items);
      }
      assert.deepEqual(found, accepted);
    } finally {
      await collector.stop();
      rmSync(directory, {recursive: true, force: true});
    }
  });
}
