// One mistake of one application, told in every way there is, is one error: linked to its traces, its lines and its deploy.
import assert from 'node:assert/strict';
import {createRequire} from 'node:module';
import {after, before, test} from 'node:test';
import {eventually, newId, newTraceId, plainTraceId, startClew} from '../xray/xray.js';

const from = (suite) => createRequire(new URL(`../${suite}/`, import.meta.url));
const [clients, xray, cloudwatch, rollbars] = ['clients', 'xray', 'cloudwatch_logs', 'rollbar'].map(from);
const otel = clients('@opentelemetry/api');
const {SeverityNumber} = clients('@opentelemetry/api-logs');
const {resourceFromAttributes} = clients('@opentelemetry/resources');
const {LoggerProvider, SimpleLogRecordProcessor} = clients('@opentelemetry/sdk-logs');
const {SimpleSpanProcessor} = clients('@opentelemetry/sdk-trace-base');
const {NodeTracerProvider} = clients('@opentelemetry/sdk-trace-node');
const {OTLPLogExporter} = clients('@opentelemetry/exporter-logs-otlp-proto');
const {OTLPTraceExporter} = clients('@opentelemetry/exporter-trace-otlp-proto');
const {PutTraceSegmentsCommand, XRayClient} = xray('@aws-sdk/client-xray');
const {CloudWatchLogsClient, CreateLogGroupCommand, CreateLogStreamCommand, PutLogEventsCommand} = cloudwatch('@aws-sdk/client-cloudwatch-logs');

let clew;
const aws = () => ({endpoint: clew.http, region: 'us-east-1', credentials: {accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret'}});

// No ES module: X-Ray's SDK takes their addresses for nothing but "file".
const {failure} = createRequire(import.meta.url)('./till.cjs');

before(async () => {
  clew = await startClew();
  const response = await fetch(`${clew.http}/api/1/deploy/`, {method: 'POST', headers: {'content-type': 'application/json'},
    body: JSON.stringify({environment: 'production', revision: '1.2.3', local_username: 'ada', comment: 'new prices'})});
  assert.equal(response.status, 200);
});
after(async () => {
  await clew?.stop();
  // The pollers of the X-Ray SDK never end.
  setImmediate(() => process.exit());
});

const theError = async () => {
  const {errors} = await clew.ask(`/errors?q=${encodeURIComponent('reading amount')}&environment=`);
  return errors.find(({environment}) => environment === '');
};
// The error, once it has that many occurrences.
const counted = (occurrences) => eventually(async () => {
  const error = await theError();
  return error?.occurrences === occurrences && clew.ask(`/errors/${error.id}`);
});
const occurrencesOf = async ({id}) => (await clew.ask(`/errors/${id}/occurrences`)).occurrences;

let traceId;
test('OpenTelemetry: on a span, on a log record, in the text of a line of severity ERROR', async () => {
  const resource = resourceFromAttributes({'service.name': 'till', 'service.version': '1.2.3'});
  const spans = new NodeTracerProvider({resource, spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter({url: `${clew.http}/v1/traces`}))]});
  const logs = new LoggerProvider({resource, processors: [new SimpleLogRecordProcessor({exporter: new OTLPLogExporter({url: `${clew.http}/v1/logs`})})]});
  const span = spans.getTracer('till').startSpan('POST /pay');
  span.recordException(failure);
  const context = otel.trace.setSpan(otel.context.active(), span);
  const logger = logs.getLogger('till');
  logger.emit({severityNumber: SeverityNumber.INFO, body: 'paying', context});
  logger.emit({severityNumber: SeverityNumber.ERROR, body: 'payment failed', context,
    attributes: {'exception.type': failure.name, 'exception.message': failure.message, 'exception.stacktrace': failure.stack}});
  logger.emit({severityNumber: SeverityNumber.ERROR, body: `2026-01-02 10:00:00 ERROR cannot pay\n${failure.stack}`, context});
  logger.emit({severityNumber: SeverityNumber.ERROR, body: 'two lines\nwithout a stack', context});
  span.end();
  ({traceId} = span.spanContext());
  await Promise.all([spans.shutdown(), logs.shutdown()]);

  const error = await counted(3);
  assert.deepEqual([error.type, error.language, error.last_version], ['TypeError', 'javascript', '1.2.3']);
  assert.match(error.culprit, /till\.cjs in amountOf$/);
  const occurrences = await occurrencesOf(error);
  assert.deepEqual(occurrences.map(({source}) => source).sort(), ['log record', 'log record', 'span event']);
  for (const occurrence of occurrences) assert.deepEqual([occurrence.trace_id, occurrence.span_id], [traceId, span.spanContext().spanId]);
});

test('it leads to its trace, to the lines of that, and to its deploy', async () => {
  const error = await counted(3);
  assert.equal((await clew.ask(`/traces/${error.trace_id}`)).spans, 1);
  const lines = await clew.query('logs', `COUNT WHERE trace.trace_id = "${error.trace_id}"`);
  assert.equal(lines[0].COUNT, 4);
  const {likely_caused_by: cause, first_seen_in: first} = error;
  assert.deepEqual([cause.deploy.revision, cause.deploy.user, cause.because], ['1.2.3', 'ada', 'version']);
  assert.equal(first.deploy.id, cause.deploy.id);
});

test('X-Ray: the cause of a segment through the daemon, and by PutTraceSegments', async () => {
  process.env.AWS_XRAY_DAEMON_ADDRESS = `127.0.0.1:${clew.xrayPort}`;
  const AWSXRay = xray('aws-xray-sdk-core');
  AWSXRay.setLogger({debug() {}, info() {}, warn() {}, error() {}});
  AWSXRay.setContextMissingStrategy('IGNORE_ERROR');
  const segment = new AWSXRay.Segment('till');
  segment.addError(failure);
  segment.close();
  const throughDaemon = await counted(4);
  const [newest] = await occurrencesOf(throughDaemon);
  assert.deepEqual([newest.source, newest.trace_id], ['span event', plainTraceId(segment.trace_id)]);

  const written = JSON.parse(segment.format());
  const trace = newTraceId();
  const document = {name: 'till', id: newId(), trace_id: trace, start_time: Date.now() / 1000 - 1, end_time: Date.now() / 1000, fault: true, cause: written.cause};
  const {UnprocessedTraceSegments} = await new XRayClient(aws()).send(new PutTraceSegmentsCommand({TraceSegmentDocuments: [JSON.stringify(document)]}));
  assert.deepEqual(UnprocessedTraceSegments, []);
  const error = await counted(5);
  assert.ok((await occurrencesOf(error)).some(({trace_id: id}) => id === plainTraceId(trace)));
});

test('CloudWatch Logs: a line with a stack, linked to the trace it names', async () => {
  const client = new CloudWatchLogsClient(aws());
  await client.send(new CreateLogGroupCommand({logGroupName: 'till'}));
  await client.send(new CreateLogStreamCommand({logGroupName: 'till', logStreamName: 'one'}));
  await client.send(new PutLogEventsCommand({logGroupName: 'till', logStreamName: 'one',
    logEvents: [{timestamp: Date.now(), message: `[ERROR] trace_id=${traceId} ${failure.stack}`}]}));
  const error = await counted(6);
  const [newest] = await occurrencesOf(error);
  assert.deepEqual([newest.source, newest.service, newest.trace_id, newest.version], ['log record', 'till', traceId, '']);
});

test('rollbar.js: the same frames, within the environment that it names', async () => {
  const Rollbar = rollbars('rollbar');
  const rollbar = new Rollbar({accessToken: 'x', endpoint: `${clew.http}/api/1/item/`, environment: 'production', captureUncaught: false});
  rollbar.error(failure, {trace_id: traceId});
  await new Promise((done) => rollbar.wait(done));
  const other = await eventually(async () => (await clew.ask('/errors?environment=production')).errors[0]);
  assert.deepEqual([other.type, other.culprit, other.trace_id], ['TypeError', (await theError()).culprit, traceId]);
});
