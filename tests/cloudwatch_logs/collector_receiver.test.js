// The receiver awscloudwatchlogs stands where CloudWatch Logs would: clients make their groups and streams, put events, and
// find what they made; the events become log records of a pipeline.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import winston from 'winston';
import WinstonCloudWatch from 'winston-cloudwatch';

import {Backend, Collector, freePorts, until} from '../collector/collector.js';
import {clientOf, credentials, handler, python, sender} from './logs.js';

let backend, collector, config, door, send;

before(async () => {
  backend = await Backend.start({tls: false});
  const [port] = await freePorts(1);
  door = {http: `http://127.0.0.1:${port}`};
  config = `
receivers: {awscloudwatchlogs: {endpoint: "127.0.0.1:${port}"}}
exporters: {otlphttp: {endpoint: "http://127.0.0.1:${backend.port}", headers: {x-honeycomb-team: "${backend.key}"}}}
service: {pipelines: {logs: {receivers: [awscloudwatchlogs], exporters: [otlphttp]}}}
`;
  collector = await Collector.start({config});
  send = sender(clientOf(door));
});

after(async () => {
  assert.equal(await collector.stop(), 0, collector.output);
  await backend.stop();
  backend.remove();
});

const bodiesOf = async (group) =>
  (await backend.query('logs', `COUNT WHERE aws.log.group.names = "${group}" GROUP BY body ORDER BY body ASC`)).map(({body}) => body);

test('winston-cloudwatch', async () => {
  const transport = new WinstonCloudWatch({
    logGroupName: 'winston', logStreamName: 'app', retentionInDays: 7, jsonMessage: true, uploadRate: 100,
    awsOptions: {endpoint: door.http, region: 'us-east-1', credentials},
  });
  const logger = winston.createLogger({transports: [transport]});
  const errors = [];
  transport.errorHandler = (error) => errors.push(error);
  logger.error('card denied', {trace_id: '5759e988bd862e3fe1be46a994272793', amount: 12});
  const [found] = await until('the event arrives', async () => {
    const rows = await backend.query('logs', 'MAX(amount) WHERE amount exists GROUP BY aws.log.group.names, aws.log.stream.names, severity, trace.trace_id');
    return rows.length > 0 && rows;
  });
  assert.deepEqual(found, {'aws.log.group.names': 'winston', 'aws.log.stream.names': 'app', severity: 'error', 'trace.trace_id': '5759e988bd862e3fe1be46a994272793', 'MAX(amount)': 12});
  await new Promise((done) => transport.kthxbye(done));
  assert.deepEqual(errors, []);
});

test('a logging handler of Python, and a collector that started anew meanwhile', async () => {
  const log = (more) => python(door, `${handler}
log = logging.getLogger("shop")
log.setLevel(logging.INFO)
to = Handler(client, "Cruddur", "host/app/shop/1", ${more})
log.addHandler(to)
log.info("HomeActivities")
to.flush()
log.error("it broke")
logging.shutdown()
`);
  await log('tags={"team": "shop"}, retention=30');
  assert.equal(await collector.stop(), 0, collector.output);
  collector = await Collector.start({config});
  await send('PutLogEvents', {logGroupName: 'Cruddur', logStreamName: 'host/app/shop/1', logEvents: [{timestamp: Date.now(), message: 'still there'}]});
  await until('all of them arrive', async () => (await bodiesOf('Cruddur')).length === 3);
  assert.deepEqual(await bodiesOf('Cruddur'), ['HomeActivities', 'it broke', 'still there']);
});

test('what clients look for before they send', async () => {
  await send('CreateLogGroup', {logGroupName: 'made'});
  await assert.rejects(send('CreateLogGroup', {logGroupName: 'made'}), {name: 'ResourceAlreadyExistsException'});
  for (const logStreamName of ['a', 'b', 'c']) await send('CreateLogStream', {logGroupName: 'made', logStreamName});
  await assert.rejects(send('CreateLogStream', {logGroupName: 'made', logStreamName: 'a'}), {name: 'ResourceAlreadyExistsException'});
  const names = ({logStreams}) => logStreams.map(({logStreamName}) => logStreamName);
  const first = await send('DescribeLogStreams', {logGroupName: 'made', limit: 2});
  assert.deepEqual(names(first), ['a', 'b']);
  const rest = await send('DescribeLogStreams', {logGroupName: 'made', limit: 2, nextToken: first.nextToken});
  assert.deepEqual([names(rest), rest.nextToken], [['c'], undefined]);
  assert.deepEqual(names(await send('DescribeLogStreams', {logGroupIdentifier: first.logStreams[0].arn, logStreamNamePrefix: 'b'})), ['b']);
  await send('DeleteLogStream', {logGroupName: 'made', logStreamName: 'b'});
  assert.deepEqual(names(await send('DescribeLogStreams', {logGroupName: 'made'})), ['a', 'c']);
  assert.deepEqual((await send('DescribeLogGroups', {logGroupNamePrefix: 'mad'})).logGroups.map(({logGroupName}) => logGroupName), ['made']);
  await send('DeleteLogGroup', {logGroupName: 'made'});
  await assert.rejects(send('DescribeLogStreams', {logGroupName: 'made'}), {name: 'ResourceNotFoundException'});
});

test('events of the wrong age are left out, and what is asked of a store is refused', async () => {
  const day = 24 * 3_600_000;
  const {rejectedLogEventsInfo} = await send('PutLogEvents', {logGroupName: 'ages', logStreamName: 's', logEvents: [{timestamp: Date.now() - 15 * day, message: 'old'}, {timestamp: Date.now(), message: 'new'}]});
  assert.equal(rejectedLogEventsInfo.tooOldLogEventEndIndex, 1);
  await until('the other one arrives', async () => (await bodiesOf('ages')).length === 1);
  assert.deepEqual(await bodiesOf('ages'), ['new']);
  await assert.rejects(send('FilterLogEvents', {logGroupName: 'ages'}), {name: 'InvalidOperationException', message: /keeps no logs/});
  await assert.rejects(send('PutLogEvents', {logGroupName: 'ages', logStreamName: 's', logEvents: []}), {name: 'InvalidParameterException'});
});
