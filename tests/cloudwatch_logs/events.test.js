// Groups, streams and events through @aws-sdk/client-cloudwatch-logs.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';

import {Clew, clientOf, sender} from './logs.js';

describe('log events', () => {
  let clew, send;
  const now = Date.now();
  const refused = (name, input, error) => assert.rejects(send(name, input), error);
  const place = {logGroupName: '/shop/cart', logStreamName: 'one'};
  const put = (messages, more = {}) => send('PutLogEvents', {...place, ...more, logEvents: messages.map((message, i) => ({timestamp: now + i, message}))});
  const make = async (logGroupName, ...streams) => {
    await send('CreateLogGroup', {logGroupName});
    for (const logStreamName of streams) await send('CreateLogStream', {logGroupName, logStreamName});
  };

  before(async () => {
    clew = await Clew.start();
    send = sender(clientOf(clew));
    await make(place.logGroupName, place.logStreamName);
  });
  after(() => clew?.stop());

  test('a group says how many bytes are stored in it, until they are deleted', async () => {
    const bytes = async () => (await send('DescribeLogGroups', {logGroupNamePrefix: '/bytes'})).logGroups.map(({logGroupName, storedBytes}) => [logGroupName, storedBytes]);
    await make('/bytes/a', 's', 't');
    await make('/bytes/b', 's');
    assert.deepEqual(await bytes(), [['/bytes/a', 0], ['/bytes/b', 0]]);
    await put(['12345', '{"n":1}'], {logGroupName: '/bytes/a', logStreamName: 's'});
    await put(['✓'], {logGroupName: '/bytes/a', logStreamName: 't'});
    await put(['x'], {logGroupName: '/bytes/b', logStreamName: 's'});
    assert.deepEqual(await bytes(), [['/bytes/a', 5 + 7 + 3 + 3 * 26], ['/bytes/b', 27]]);
    await send('DeleteLogGroup', {logGroupName: '/bytes/a'});
    await make('/bytes/a');
    assert.deepEqual(await bytes(), [['/bytes/a', 0], ['/bytes/b', 27]]);
  });

  test('a group and a stream are there once, and say so', async () => {
    await refused('CreateLogGroup', {logGroupName: place.logGroupName}, {name: 'ResourceAlreadyExistsException', message: 'The specified log group already exists'});
    await refused('CreateLogStream', place, {name: 'ResourceAlreadyExistsException', message: 'The specified log stream already exists'});
    await refused('CreateLogStream', {...place, logGroupName: 'none'}, {name: 'ResourceNotFoundException', message: 'The specified log group does not exist.'});
    await refused('CreateLogGroup', {logGroupName: 'a b'}, {name: 'InvalidParameterException'});
    await refused('CreateLogStream', {...place, logStreamName: 'a:b'}, {name: 'InvalidParameterException'});
  });

  test('what was put is read back, in order, with everything a client looks at', async () => {
    const {nextSequenceToken, rejectedLogEventsInfo} = await put(['first ✓', 'second', '{"level":"error","n":1}']);
    assert.match(nextSequenceToken, /^\d{56}$/);
    assert.equal(rejectedLogEventsInfo, undefined);
    const {events} = await send('GetLogEvents', {...place, startFromHead: true});
    assert.deepEqual(events.map(({message, timestamp}) => [message, timestamp - now]), [['first ✓', 0], ['second', 1], ['{"level":"error","n":1}', 2]]);
    assert.ok(events.every(({ingestionTime}) => Math.abs(ingestionTime - Date.now()) < 60_000));
    const found = await send('FilterLogEvents', {logGroupName: place.logGroupName, filterPattern: '{ $.n = 1 }'});
    assert.deepEqual(found.events.map(({message, logStreamName}) => [message, logStreamName]), [['{"level":"error","n":1}', 'one']]);
    assert.match(found.events[0].eventId, /^\d{56}$/);
    assert.deepEqual(found.searchedLogStreams, []);
  });

  test('tokens lead to the beginning, to the end and on to what comes later', async () => {
    const stream = {logGroupName: 'tokens', logStreamName: 's'};
    await make('tokens', 's');
    await send('PutLogEvents', {...stream, logEvents: Array.from({length: 25}, (_, i) => ({timestamp: now + Math.floor(i / 10), message: `${i}`}))});
    const walk = async (direction, startFromHead) => {
      const pages = [];
      for (let nextToken; ;) {
        const page = await send('GetLogEvents', {...stream, limit: 10, startFromHead, nextToken});
        pages.push(page.events.map(({message}) => Number(message)));
        const next = page[direction];
        if (next === nextToken) return {pages, next};
        nextToken = next;
      }
    };
    const count = (from, to) => Array.from({length: to - from}, (_, i) => from + i);
    const forward = await walk('nextForwardToken', true);
    assert.deepEqual(forward.pages.filter((page) => page.length > 0), [count(0, 10), count(10, 20), count(20, 25)]);
    const backward = await walk('nextBackwardToken', false);
    assert.deepEqual(backward.pages.filter((page) => page.length > 0), [count(15, 25), count(5, 15), count(0, 5)]);
    await send('PutLogEvents', {...stream, logEvents: [{timestamp: now + 5, message: '25'}]});
    const later = await send('GetLogEvents', {...stream, nextToken: forward.next});
    assert.deepEqual(later.events.map(({message}) => message), ['25']);
    const empty = await send('GetLogEvents', {...stream, nextToken: later.nextForwardToken});
    assert.deepEqual([empty.events, empty.nextForwardToken], [[], later.nextForwardToken]);
    assert.equal(empty.nextBackwardToken.slice(2), empty.nextForwardToken.slice(2));
    await refused('GetLogEvents', {...stream, nextToken: 'f/12/s'}, {name: 'InvalidParameterException', message: 'The specified nextToken is invalid.'});
    const {events} = await send('GetLogEvents', {...stream, startTime: now + 1, endTime: now + 2, startFromHead: true});
    assert.deepEqual(events.map(({message}) => Number(message)), count(10, 20), 'the start is inclusive, the end is not');
  });

  test('a stream without events has tokens too', async () => {
    await make('silent', 's');
    const first = await send('GetLogEvents', {logGroupName: 'silent', logStreamName: 's'});
    assert.deepEqual(first.events, []);
    await send('PutLogEvents', {logGroupName: 'silent', logStreamName: 's', logEvents: [{timestamp: now, message: 'a'}]});
    const second = await send('GetLogEvents', {logGroupName: 'silent', logStreamName: 's', nextToken: first.nextForwardToken});
    assert.deepEqual(second.events.map(({message}) => message), ['a']);
  });

  test('filtering pages through all, each event once', async () => {
    await make('pages', 'a', 'b');
    for (const logStreamName of ['a', 'b'])
      await send('PutLogEvents', {logGroupName: 'pages', logStreamName, logEvents: Array.from({length: 60}, (_, i) => ({timestamp: now + i, message: `${logStreamName}${i} ${i % 2 ? 'odd' : 'even'}`}))});
    const seen = [];
    for (let nextToken; ;) {
      const page = await send('FilterLogEvents', {logGroupName: 'pages', filterPattern: 'odd', limit: 7, nextToken});
      seen.push(...page.events);
      nextToken = page.nextToken;
      if (!nextToken) break;
    }
    assert.equal(seen.length, 60);
    assert.equal(new Set(seen.map(({eventId}) => eventId)).size, 60);
    assert.deepEqual(seen.map(({timestamp}) => timestamp), seen.map(({timestamp}) => timestamp).sort((a, b) => a - b));
    const of = async (input) => (await send('FilterLogEvents', {logGroupName: 'pages', ...input})).events.length;
    assert.equal(await of({logStreamNames: ['a']}), 60);
    assert.equal(await of({logStreamNamePrefix: 'b'}), 60);
    assert.equal(await of({startTime: now + 10, endTime: now + 10}), 2, 'both ends are inclusive');
    await refused('FilterLogEvents', {logGroupName: 'pages', logStreamNames: ['a'], logStreamNamePrefix: 'a'}, {name: 'InvalidParameterException'});
    await refused('FilterLogEvents', {logGroupName: 'pages', nextToken: 'x'}, {name: 'InvalidParameterException', message: 'The specified nextToken is invalid.'});
    await refused('FilterLogEvents', {logGroupName: 'pages', filterPattern: 'ERR*'}, {name: 'InvalidParameterException', message: "Invalid character(s) in term 'ERR*'"});
    await refused('FilterLogEvents', {logGroupName: 'pages', limit: 10_001},
      {name: 'InvalidParameterException', message: "1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000"});
    await refused('FilterLogEvents', {logGroupName: 'none'}, {name: 'ResourceNotFoundException'});
  });

  test('the rules of a batch', async () => {
    const events = (...pairs) => ({...place, logEvents: pairs.map(([timestamp, message = 'x']) => ({timestamp, message}))});
    await refused('PutLogEvents', events([now], [now - 1]), {name: 'InvalidParameterException', message: 'Log events in a single PutLogEvents request must be in chronological order.'});
    const day = 24 * 3600_000;
    await refused('PutLogEvents', events([now - day - 1], [now]), {name: 'InvalidParameterException', message: 'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.'});
    await send('PutLogEvents', events([now - day], [now]));
    await refused('PutLogEvents', events([now, 'x'.repeat(1_048_576 - 25)]), {name: 'InvalidParameterException', message: 'Log event too large: 1048577 bytes exceeds limit of 1048576'});
    await send('PutLogEvents', events([now, 'x'.repeat(1_048_576 - 26)]));
    await refused('PutLogEvents', events([now, 'é'.repeat(262_144)], [now, 'é'.repeat(262_144)]), {name: 'InvalidParameterException', message: 'Upload too large: 1048628 bytes exceeds limit of 1048576'});
    await refused('PutLogEvents', events([now, '']), {name: 'InvalidParameterException'});
    await refused('PutLogEvents', {...place, logEvents: Array.from({length: 10_001}, () => ({timestamp: now, message: 'x'}))}, {name: 'InvalidParameterException'});
    await refused('PutLogEvents', {...place, logStreamName: 'none', logEvents: [{timestamp: now, message: 'x'}]}, {name: 'ResourceNotFoundException', message: 'The specified log stream does not exist.'});
  });

  test('events of the wrong age are left out, and the answer says which', async () => {
    await make('ages', 's');
    await send('PutRetentionPolicy', {logGroupName: 'ages', retentionInDays: 3});
    const hour = 3600_000, day = 24 * hour, at = Date.now();
    const ages = [-15 * day, -14 * day - hour, -10 * day, -4 * day, -hour, 0, 3 * hour, 4 * hour];
    const {rejectedLogEventsInfo} = await send('PutLogEvents', {logGroupName: 'ages', logStreamName: 's', logEvents: ages.map((age, i) => ({timestamp: at + age, message: `${i}`}))});
    assert.deepEqual(rejectedLogEventsInfo, {tooNewLogEventStartIndex: 6, tooOldLogEventEndIndex: 2, expiredLogEventEndIndex: 4});
    const {events} = await send('GetLogEvents', {logGroupName: 'ages', logStreamName: 's', startFromHead: true});
    assert.deepEqual(events.map(({message}) => message), ['4', '5']);
  });

  test('what is older than the retention is not shown', async () => {
    await make('kept', 's');
    await send('PutLogEvents', {logGroupName: 'kept', logStreamName: 's', logEvents: [{timestamp: now - 2 * 24 * 3600_000, message: 'old'}]});
    await send('PutLogEvents', {logGroupName: 'kept', logStreamName: 's', logEvents: [{timestamp: now, message: 'new'}]});
    const shown = async () => (await send('FilterLogEvents', {logGroupName: 'kept'})).events.map(({message}) => message);
    assert.deepEqual(await shown(), ['old', 'new']);
    await send('PutRetentionPolicy', {logGroupName: 'kept', retentionInDays: 1});
    assert.deepEqual(await shown(), ['new']);
    assert.equal((await send('DescribeLogGroups', {logGroupNamePrefix: 'kept'})).logGroups[0].retentionInDays, 1);
    await send('DeleteRetentionPolicy', {logGroupName: 'kept'});
    assert.deepEqual(await shown(), ['old', 'new']);
    await refused('PutRetentionPolicy', {logGroupName: 'kept', retentionInDays: 2}, {name: 'InvalidParameterException'});
  });

  test('what was deleted stays gone when its name comes back', async () => {
    await make('again', 's', 't');
    const events = {logGroupName: 'again', logStreamName: 's', logEvents: [{timestamp: now, message: 'before'}]};
    await send('PutLogEvents', events);
    await send('PutLogEvents', {...events, logStreamName: 't'});
    await send('DeleteLogStream', {logGroupName: 'again', logStreamName: 's'});
    await refused('GetLogEvents', {logGroupName: 'again', logStreamName: 's'}, {name: 'ResourceNotFoundException'});
    const shown = async () => (await send('FilterLogEvents', {logGroupName: 'again'})).events.map(({logStreamName}) => logStreamName);
    assert.deepEqual(await shown(), ['t']);
    await send('CreateLogStream', {logGroupName: 'again', logStreamName: 's'});
    assert.deepEqual(await shown(), ['t']);
    await send('DeleteLogGroup', {logGroupName: 'again'});
    await make('again', 's');
    assert.deepEqual(await shown(), []);
    await refused('DeleteLogGroup', {logGroupName: 'none'}, {name: 'ResourceNotFoundException'});
    await send('PutLogGroupDeletionProtection', {logGroupIdentifier: 'again', deletionProtectionEnabled: true});
    await refused('DeleteLogGroup', {logGroupName: 'again'}, {name: 'ValidationException'});
  });

  test('lists of groups and streams', async () => {
    for (let i = 0; i < 52; ++i) await send('CreateLogGroup', {logGroupName: `many/${String(i).padStart(2, '0')}`});
    const names = [];
    for (let nextToken; ;) {
      const page = await send('DescribeLogGroups', {logGroupNamePrefix: 'many/', nextToken});
      names.push(...page.logGroups.map(({logGroupName}) => logGroupName));
      nextToken = page.nextToken;
      if (!nextToken) break;
    }
    assert.equal(names.length, 52);
    assert.deepEqual(names, [...names].sort());
    assert.equal((await send('DescribeLogGroups', {logGroupNamePattern: 'y/5'})).logGroups.length, 2);
    assert.equal((await send('ListLogGroups', {logGroupNamePattern: '^many'})).logGroups.length, 50);
    await refused('DescribeLogGroups', {logGroupNamePrefix: 'a', logGroupNamePattern: 'b'}, {name: 'InvalidParameterException'});
    const [group] = (await send('DescribeLogGroups', {logGroupNamePrefix: '/shop'})).logGroups;
    assert.equal(group.arn, `${group.logGroupArn}:*`);
    await make('streams', 'b', 'a', 'empty');
    await send('PutLogEvents', {logGroupName: 'streams', logStreamName: 'b', logEvents: [{timestamp: now - 1000, message: 'x'}]});
    await send('PutLogEvents', {logGroupName: 'streams', logStreamName: 'a', logEvents: [{timestamp: now - 5000, message: 'x'}, {timestamp: now - 500, message: 'x'}]});
    const {logStreams} = await send('DescribeLogStreams', {logGroupName: 'streams'});
    assert.deepEqual(logStreams.map(({logStreamName}) => logStreamName), ['a', 'b', 'empty']);
    assert.deepEqual([logStreams[0].firstEventTimestamp, logStreams[0].lastEventTimestamp], [now - 5000, now - 500]);
    assert.match(logStreams[0].uploadSequenceToken, /^\d{56}$/);
    assert.equal(logStreams[2].lastEventTimestamp, undefined);
    const pages = [];
    for (let nextToken; ;) {
      const page = await send('DescribeLogStreams', {logGroupName: 'streams', orderBy: 'LastEventTime', descending: true, limit: 1, nextToken});
      pages.push(page.logStreams[0]?.logStreamName);
      nextToken = page.nextToken;
      if (!nextToken) break;
    }
    assert.deepEqual(pages, ['empty', 'a', 'b']);
    await refused('DescribeLogStreams', {logGroupName: 'streams', orderBy: 'LastEventTime', logStreamNamePrefix: 'a'}, {message: 'Cannot order by LastEventTime with a logStreamNamePrefix.'});
  });

  test('tags, by ARN and by name', async () => {
    await send('CreateLogGroup', {logGroupName: 'tagged', tags: {team: 'a'}});
    const [{logGroupArn}] = (await send('DescribeLogGroups', {logGroupNamePrefix: 'tagged'})).logGroups;
    await send('TagResource', {resourceArn: logGroupArn, tags: {stage: 'test', team: 'b'}});
    assert.deepEqual((await send('ListTagsForResource', {resourceArn: logGroupArn})).tags, {stage: 'test', team: 'b'});
    await send('UntagResource', {resourceArn: logGroupArn, tagKeys: ['team']});
    await send('TagLogGroup', {logGroupName: 'tagged', tags: {old: 'way'}});
    await send('UntagLogGroup', {logGroupName: 'tagged', tags: ['stage']});
    assert.deepEqual((await send('ListTagsLogGroup', {logGroupName: 'tagged'})).tags, {old: 'way'});
    await refused('TagResource', {resourceArn: logGroupArn, tags: Object.fromEntries(Array.from({length: 50}, (_, i) => [`k${i}`, 'v']))}, {name: 'TooManyTagsException'});
  });

  test('a line and its trace lead to each other; a JSON message is a wide event', async () => {
    const traceId = '5759e988bd862e3fe1be46a994272793', spanId = '53995c3f42cd8ad8';
    await make('linked', 's');
    const messages = [
      'REPORT RequestId: 1 XRAY TraceId: 1-5759e988-bd862e3fe1be46a994272793 Sampled: true',
      `{"level":"warn","traceId":"${traceId}","spanId":"${spanId}","cart":{"items":3,"total":9.5},"tags":["a","b"]}`,
      `traceparent=00-${traceId}-${spanId}-01 paid`,
    ];
    await send('PutLogEvents', {logGroupName: 'linked', logStreamName: 's', entity: {keyAttributes: {Type: 'Service', Name: 'shop', Environment: 'test'}}, logEvents: messages.map((message, i) => ({timestamp: now + i, message}))});
    const {logs} = await clew.ask(`/logs?trace_id=${traceId}`);
    assert.deepEqual(logs.map(({body}) => body.value).reverse(), messages);
    const wide = logs[1];
    assert.deepEqual([wide.severity, wide.span_id, wide.service], ['warn', spanId, 'shop']);
    const attributes = Object.fromEntries(wide.attributes.map(({key, value}) => [key, value]));
    assert.deepEqual([attributes['cart.items'], attributes['cart.total'], attributes.tags], [3, 9.5, '["a","b"]']);
    const resource = Object.fromEntries(wide.resource.map(({key, value}) => [key, value]));
    assert.deepEqual([resource['aws.log.group.names'], resource['aws.log.stream.names'], resource['deployment.environment.name']], ['linked', 's', 'test']);
    assert.equal((await clew.ask(`/logs?q=${encodeURIComponent('cart.items = 3')}`)).logs.length, 1);
  });

  test('an unknown operation, no JSON, and OTLP on the same path', async () => {
    const post = (headers, body) => fetch(clew.http, {method: 'POST', headers, body});
    const unknown = await post({'x-amz-target': 'Logs_20140328.GetLogEvent', 'content-type': 'application/x-amz-json-1.1'}, '{}');
    assert.equal(unknown.status, 400);
    const error = await unknown.json();
    assert.equal(error.__type, 'UnknownOperationException');
    assert.match(error.message, /did you mean GetLogEvents/);
    const broken = await post({'x-amz-target': 'Logs_20140328.GetLogEvents'}, '{');
    assert.deepEqual([broken.status, (await broken.json()).__type], [400, 'SerializationException']);
    const otlp = await post({'content-type': 'application/json'}, JSON.stringify({resourceLogs: []}));
    assert.equal(otlp.status, 200);
  });
});
