// What people point at CloudWatch Logs: winston-cloudwatch, a logging handler of Python as watchtower is one, boto3
// and the CLI.
import assert from 'node:assert/strict';
import {createServer, request} from 'node:http';
import {after, before, describe, test} from 'node:test';

import winston from 'winston';
import WinstonCloudWatch from 'winston-cloudwatch';

import {cli, cliStarted, Clew, clientOf, credentials, eventually, handler, python, sender} from './logs.js';

// A clew behind a door that notes the operations.
async function noted(clew, operations) {
  const server = createServer((from, to) => {
    operations.push(from.headers['x-amz-target']?.split('.')[1]);
    from.pipe(request(clew.http, {method: from.method, headers: from.headers, path: from.url}, (answer) => {
      to.writeHead(answer.statusCode, answer.headers);
      answer.pipe(to);
    }));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

describe('clients of CloudWatch Logs', () => {
  let clew, send;
  const messages = async (logGroupName, more = {}) => (await send('FilterLogEvents', {logGroupName, ...more})).events.map(({message}) => message);

  before(async () => {
    clew = await Clew.start();
    send = sender(clientOf(clew));
  });
  after(() => clew?.stop());

  test('winston-cloudwatch makes what is missing, and asks no more than it needs', async () => {
    const operations = [];
    const server = await noted(clew, operations);
    const transport = new WinstonCloudWatch({
      logGroupName: 'winston', logStreamName: 'app', retentionInDays: 7, jsonMessage: true, uploadRate: 100,
      awsOptions: {endpoint: `http://127.0.0.1:${server.address().port}`, region: 'us-east-1', credentials},
    });
    const logger = winston.createLogger({transports: [transport]});
    const errors = [];
    transport.errorHandler = (error) => errors.push(error);
    logger.error('card denied', {trace_id: '5759e988bd862e3fe1be46a994272793', amount: 12});
    await eventually(async () => operations.includes('PutLogEvents') && (await messages('winston')).length === 1);
    const before = operations.length;
    logger.info('and on it goes');
    await eventually(async () => (await messages('winston')).length === 2);
    assert.deepEqual(operations.slice(before), ['PutLogEvents'], 'the token of the answer saves the other calls');
    await new Promise((resolve) => transport.kthxbye(resolve));
    server.closeAllConnections();
    server.close();
    assert.deepEqual(errors, []);
    const [first] = (await send('FilterLogEvents', {logGroupName: 'winston', filterPattern: '{ $.level = "error" && $.amount > 10 }'})).events;
    assert.equal(JSON.parse(first.message).message, 'card denied');
    assert.equal((await send('DescribeLogGroups', {logGroupNamePrefix: 'winston'})).logGroups[0].retentionInDays, 7);
    const {logs} = await clew.ask('/logs?trace_id=5759e988bd862e3fe1be46a994272793');
    assert.deepEqual(logs.map(({severity}) => severity), ['error']);
  });

  test('a logging handler of Python', async () => {
    await python(clew, `${handler}
log = logging.getLogger("shop")
log.setLevel(logging.INFO)
to = Handler(client, "Cruddur", "host/app/shop/1", tags={"team": "shop"}, retention=30)
log.addHandler(to)
for i in range(3):
    log.info("HomeActivities %d", i)
    to.flush()
log.error("it broke")
logging.shutdown()
`);
    assert.deepEqual(await messages('Cruddur'), ['HomeActivities 0', 'HomeActivities 1', 'HomeActivities 2', 'it broke']);
    const [group] = (await send('DescribeLogGroups', {logGroupNamePrefix: 'Cruddur'})).logGroups;
    assert.equal(group.retentionInDays, 30);
    assert.deepEqual((await send('ListTagsForResource', {resourceArn: group.logGroupArn})).tags, {team: 'shop'});
  });

  test('boto3: pages, errors by their class', async () => {
    const out = await python(clew, `${handler}
import json
client.create_log_group(logGroupName="boto")
client.create_log_stream(logGroupName="boto", logStreamName="s")
now = int(time.time() * 1000)
for k in range(3):
    client.put_log_events(logGroupName="boto", logStreamName="s", logEvents=[{"timestamp": now + k, "message": f"{k} {i}"} for i in range(4000)])
seen = [e for page in client.get_paginator("filter_log_events").paginate(logGroupName="boto") for e in page["events"]]
names = []
for call in (lambda: client.create_log_group(logGroupName="boto"), lambda: client.get_log_events(logGroupName="boto", logStreamName="t"),
             lambda: client.put_log_events(logGroupName="boto", logStreamName="s", logEvents=[{"timestamp": now, "message": "b"}, {"timestamp": now - 1, "message": "a"}])):
    try:
        call()
    except client.exceptions.ClientError as e:
        names.append(type(e).__name__)
print(json.dumps([len(seen), len({e["eventId"] for e in seen}), seen[0]["message"], seen[-1]["message"], names]))
`);
    assert.deepEqual(JSON.parse(out), [12000, 12000, '0 0', '2 3999', ['ResourceAlreadyExistsException', 'ResourceNotFoundException', 'InvalidParameterException']]);
  });

  test('the CLI', async () => {
    await send('CreateLogGroup', {logGroupName: 'cli'});
    await send('CreateLogStream', {logGroupName: 'cli', logStreamName: 's'});
    await cli(clew, 'put-log-events', '--log-group-name', 'cli', '--log-stream-name', 's', '--log-events', JSON.stringify([{timestamp: Date.now(), message: '10.0.0.1 GET 404'}, {timestamp: Date.now(), message: '10.0.0.2 GET 200'}]));
    const [found, {events}, {logStreams}] = await Promise.all([
      cli(clew, 'filter-log-events', '--log-group-name', 'cli', '--filter-pattern', '[ip, verb, status = 4*]'),
      cli(clew, 'get-log-events', '--log-group-name', 'cli', '--log-stream-name', 's', '--start-from-head'),
      cli(clew, 'describe-log-streams', '--log-group-name', 'cli'),
      assert.rejects(cli(clew, 'filter-log-events', '--log-group-name', 'none'), /ResourceNotFoundException.*The specified log group does not exist/s),
    ]);
    assert.deepEqual(found.events.map(({message}) => message), ['10.0.0.1 GET 404']);
    assert.equal(events.length, 2);
    assert.equal(logStreams[0].logStreamName, 's');
  });

  test('the CLI follows a group', async () => {
    const place = {logGroupName: 'followed', logStreamName: 's'};
    const put = (...messages) => send('PutLogEvents', {...place, logEvents: messages.map((message, i) => ({timestamp: Date.now() + i, message}))});
    await send('CreateLogGroup', {logGroupName: 'followed'});
    await send('CreateLogStream', place);
    await put('one ERROR', 'two fine');
    const tail = cliStarted(clew, 'tail', 'followed', '--follow', '--since', '1h', '--filter-pattern', 'ERROR', '--format', 'short');
    try {
      await eventually(() => tail.printed.includes('one ERROR'), 60_000);
      await put('three ERROR', 'four fine');
      await eventually(() => tail.printed.includes('three ERROR'), 60_000);
      assert.deepEqual(tail.printed.trim().split('\n').map((line) => line.replace(/^\S+ /, '')), ['one ERROR', 'three ERROR'], tail.complained);
    } finally {
      await tail.stop();
    }
  });

  test('the CLI asks Logs Insights', async () => {
    const {queryId} = await cli(clew, 'start-query', '--log-group-name', 'followed', '--start-time', String(Math.floor(Date.now() / 1000) - 3600), '--end-time', String(Math.floor(Date.now() / 1000) + 60), '--query-string', 'stats count(*) as n, count_distinct(@message) as texts');
    const answer = await eventually(async () => {
      const sofar = await cli(clew, 'get-query-results', '--query-id', queryId);
      return sofar.status === 'Complete' && sofar;
    }, 60_000);
    assert.deepEqual(answer.results, [[{field: 'n', value: '4'}, {field: 'texts', value: '4'}]]);
  });
});

describe('with keys configured', () => {
  let clew, credentialsOfKey;
  before(async () => clew = await Clew.start({prepare: (stopped) => {
    const text = stopped.run('keys', 'create', '--aws', '--name', 'logs', '--environment', 'production');
    credentialsOfKey = {accessKeyId: /AWS_ACCESS_KEY_ID=(\S+)/.exec(text)[1], secretAccessKey: /AWS_SECRET_ACCESS_KEY=(\S+)/.exec(text)[1]};
  }}));
  after(() => clew?.stop());
  const list = (more) => sender(clientOf(clew, {credentials: credentialsOfKey, ...more}))('DescribeLogGroups');

  test('requests are admitted by their signature, others refused as AWS does', async () => {
    assert.deepEqual((await list()).logGroups, []);
    await assert.rejects(list({credentials: {...credentialsOfKey, secretAccessKey: 'wrong'}}), {name: 'InvalidSignatureException'});
    await assert.rejects(list({credentials}), {name: 'UnrecognizedClientException', message: 'The security token included in the request is invalid.'});
  });
});
