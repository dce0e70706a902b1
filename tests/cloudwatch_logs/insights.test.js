// Logs Insights through @aws-sdk/client-cloudwatch-logs and boto3. What each command and function does is told by the
// cases in tests/insights.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';

import {Clew, clientOf, eventually, python, sender} from './logs.js';

describe('Logs Insights', () => {
  let clew, send;
  const now = Date.now();
  const range = {startTime: Math.floor(now / 1000) - 3600, endTime: Math.floor(now / 1000) + 60};

  before(async () => {
    clew = await Clew.start();
    send = sender(clientOf(clew));
    await send('CreateLogGroup', {logGroupName: 'shop'});
    for (const logStreamName of ['a', 'b']) {
      await send('CreateLogStream', {logGroupName: 'shop', logStreamName});
      const logEvents = Array.from({length: 50}, (_, i) => ({timestamp: now - 60_000 + i, message: JSON.stringify({level: i % 10 ? 'info' : 'error', path: `/cart/${i % 3}`, ms: i, user: {id: `u${i % 5}`}})}));
      await send('PutLogEvents', {logGroupName: 'shop', logStreamName, logEvents});
    }
  });
  after(() => clew?.stop());

  const start = async (queryString, more = {}) => (await send('StartQuery', {logGroupName: 'shop', ...range, ...more, queryString})).queryId;
  const results = (queryId) => eventually(async () => {
    const answer = await send('GetQueryResults', {queryId});
    return ['Complete', 'Failed'].includes(answer.status) && answer;
  });
  const ask = async (queryString, more) => {
    const answer = await results(await start(queryString, more));
    assert.equal(answer.status, 'Complete', queryString);
    return answer.results.map((row) => Object.fromEntries(row.filter(({field}) => field !== '@ptr').map(({field, value}) => [field, value])));
  };

  test('rows, the newest first, each with its pointer', async () => {
    const answer = await results(await start('fields @timestamp, ms, user.id, @logStream | filter level = "error" | sort @timestamp desc | limit 2'));
    assert.deepEqual(answer.results.map((row) => row.map(({field}) => field)), Array(2).fill(['@timestamp', 'ms', 'user.id', '@logStream', '@ptr']));
    assert.equal(answer.results[0][1].value, '40');
    assert.match(answer.results[0][0].value, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/);
    assert.equal(answer.statistics.logGroupsScanned, 1);
    assert.ok(answer.statistics.recordsMatched >= 2);
    const {logRecord} = await send('GetLogRecord', {logRecordPointer: answer.results[0][4].value});
    assert.deepEqual([logRecord.level, logRecord['user.id'], logRecord['@logStream'].length], ['error', 'u0', 1]);
  });

  test('stats gather all events, however many there are', async () => {
    const many = {logGroupName: 'many', logStreamName: 's'};
    await send('CreateLogGroup', {logGroupName: 'many'});
    await send('CreateLogStream', many);
    for (let batch = 0; batch < 11; ++batch)
      await send('PutLogEvents', {...many, logEvents: Array.from({length: 10_000}, (_, i) => ({timestamp: now - 60_000 + i, message: `{"n":${i}}`}))});
    assert.deepEqual(await ask('stats count(*) as all, max(n) as most, sum(n) as sum', {logGroupName: 'many'}), [{all: '110000', most: '9999', sum: String(11 * 9999 * 5000)}]);
    assert.deepEqual(await ask('fields n % 2 as odd | filter n < 5000 | stats count(*) as half by odd | sort odd', {logGroupName: 'many'}), [{odd: '0', half: '27500'}, {odd: '1', half: '27500'}]);
  });

  test('stats', async () => {
    assert.deepEqual(await ask('stats count(*) as n, avg(ms) as mean, max(ms) by path | sort path'), [
      {path: '/cart/0', n: '34', mean: '24', 'max(ms)': '48'}, {path: '/cart/1', n: '34', mean: '25', 'max(ms)': '49'}, {path: '/cart/2', n: '32', mean: '24.5', 'max(ms)': '47'}]);
    const bins = await ask('stats count(*) by bin(1h)');
    assert.equal(bins.reduce((sum, row) => sum + Number(row['count(*)']), 0), 100);
    assert.deepEqual(await ask('filter @message like /nothing/ | stats count(*) as n'), [{n: '0'}]);
  });

  test('patterns, and what changed since', async () => {
    const [pattern] = await ask('pattern @message | limit 1');
    assert.match(pattern['@pattern'], /"level":"(<\*>|info|error)"/);
    const compared = await ask('pattern @message | diff');
    assert.ok(compared.every((row) => row['@differenceDescription'] === 'New'));
  });

  test('mistakes are told with their place', async () => {
    await assert.rejects(start('fields @message | fliter x = 1'), (error) => {
      assert.equal(error.name, 'MalformedQueryException');
      assert.match(error.message, /did you mean filter/);
      assert.deepEqual(error.queryCompileError.location, {startCharOffset: 18, endCharOffset: 24});
      return true;
    });
    await assert.rejects(start('fields @message', {logGroupName: 'none'}), {name: 'ResourceNotFoundException', message: /^Log group 'none' does not exist for account ID/});
    await assert.rejects(send('StartQuery', {...range, queryString: 'fields @message'}), {name: 'InvalidParameterException'});
    await assert.rejects(send('GetQueryResults', {queryId: 'none'}), {name: 'ResourceNotFoundException'});
    assert.equal((await ask('SOURCE logGroups(namePrefix: ["sh"]) | stats count(*) as n', {logGroupName: undefined}))[0].n, '100');
  });

  test('queries are listed, and stopped once', async () => {
    const queryId = await start('fields @message');
    await results(queryId);
    const {queries} = await send('DescribeQueries', {logGroupName: 'shop', status: 'Complete'});
    assert.ok(queries.some((query) => query.queryId === queryId && query.queryString === 'fields @message'));
    await assert.rejects(send('StopQuery', {queryId}), {name: 'InvalidParameterException'});
    assert.deepEqual((await send('ListLogGroupsForQuery', {queryId})).logGroupIdentifiers, ['shop']);
  });

  test('saved queries', async () => {
    const {queryDefinitionId} = await send('PutQueryDefinition', {name: 'shop/errors', queryString: 'filter level = "error"', logGroupNames: ['shop']});
    await send('PutQueryDefinition', {queryDefinitionId, name: 'shop/all errors', queryString: 'filter level = "error"'});
    const {queryDefinitions} = await send('DescribeQueryDefinitions', {queryDefinitionNamePrefix: 'shop/'});
    assert.deepEqual(queryDefinitions.map(({name}) => name), ['shop/all errors']);
    assert.equal((await send('DeleteQueryDefinition', {queryDefinitionId})).success, true);
    await assert.rejects(send('DeleteQueryDefinition', {queryDefinitionId}), {name: 'ResourceNotFoundException'});
  });

  test('lookup tables: uploaded, looked into, replaced, removed', async () => {
    const {lookupTableArn, createdAt} = await send('CreateLookupTable', {lookupTableName: 'users', description: 'who is who', tableBody: 'id,name,team\nu1,Ann,blue\nu2,"Bob, jr",red\n', tags: {a: 'b'}});
    assert.match(lookupTableArn, /:lookup-table:users$/);
    assert.ok(createdAt > now - 60_000);
    const again = {lookupTableName: 'users', tableBody: 'id\n1\n'};
    await assert.rejects(send('CreateLookupTable', again), {name: 'ResourceAlreadyExistsException'});
    await assert.rejects(send('CreateLookupTable', {lookupTableName: 'a b', tableBody: 'id\n'}), {name: 'ValidationException'});
    await assert.rejects(send('CreateLookupTable', {lookupTableName: 'twice', tableBody: 'id,id\n'}), {name: 'ValidationException', message: /two columns of the table are called id/});
    await assert.rejects(send('CreateLookupTable', {lookupTableName: 'neither'}), {name: 'ValidationException'});
    const question = 'stats count(*) as n by user.id as id | lookup users id as id OUTPUT name, team | sort id | limit 3';
    assert.deepEqual(await ask(question), [{id: 'u0', n: '20'}, {id: 'u1', n: '20', name: 'Ann', team: 'blue'}, {id: 'u2', n: '20', name: 'Bob, jr', team: 'red'}]);
    const {lookupTables: [described]} = await send('DescribeLookupTables', {lookupTableNamePrefix: 'us'});
    assert.deepEqual([described.lookupTableName, described.tableFields, described.recordsCount, described.description], ['users', ['id', 'name', 'team'], 2, 'who is who']);
    await send('UpdateLookupTable', {lookupTableArn, tableBody: 'id,name,team\nu0,Zoe,none\n'});
    assert.deepEqual((await ask(question))[0], {id: 'u0', n: '20', name: 'Zoe', team: 'none'});
    assert.equal((await send('GetLookupTable', {lookupTableArn})).tableBody, 'id,name,team\nu0,Zoe,none\n');
    const queryId = await start('stats max(ms) as slowest by path | sort path');
    await results(queryId);
    await send('CreateLookupTable', {lookupTableName: 'paths', queryId});
    assert.equal((await send('GetLookupTable', {lookupTableArn: lookupTableArn.replace('users', 'paths')})).tableBody, 'path,slowest\n/cart/0,48\n/cart/1,49\n/cart/2,47\n');
    await send('DeleteLookupTable', {lookupTableArn});
    await assert.rejects(send('GetLookupTable', {lookupTableArn}), {name: 'ResourceNotFoundException'});
    await assert.rejects(start(question), {name: 'ResourceNotFoundException', message: 'The specified lookup table does not exist.'});
  });

  test('a rare line is found however many lie before it', async () => {
    const place = {logGroupName: 'rare', logStreamName: 's'};
    await send('CreateLogGroup', {logGroupName: 'rare'});
    await send('CreateLogStream', place);
    await send('PutLogEvents', {...place, logEvents: [{timestamp: now - 90_000, message: 'needle 12ms'}]});
    for (let batch = 0; batch < 11; ++batch)
      await send('PutLogEvents', {...place, logEvents: Array.from({length: 10_000}, (_, i) => ({timestamp: now - 60_000 + i, message: `straw ${i}ms`}))});
    // The first word is not what the store can look for, so that each event is looked at.
    assert.deepEqual(await ask('parse @message "* *ms" as what, ms | filter strlen(what) > 5 | display what, ms', place), [{what: 'needle', ms: '12'}]);
  });

  test('a query has times of its own behind SOURCE', async () => {
    assert.deepEqual(await ask('SOURCE "shop" start=-2h end=now | stats count(*) as n', {logGroupName: undefined}), [{n: '100'}]);
    assert.deepEqual(await ask('SOURCE "shop" start=-3h end=-2h | stats count(*) as n', {logGroupName: undefined}), [{n: '0'}]);
  });

  test('fields of a group', async () => {
    const {logGroupFields} = await send('GetLogGroupFields', {logGroupName: 'shop'});
    assert.deepEqual(logGroupFields.filter(({name}) => !name.startsWith('@')).map(({name, percent}) => [name, percent]), [['level', 100], ['ms', 100], ['path', 100], ['user.id', 100]]);
  });

  test('boto3 polls until it is complete', async () => {
    const out = await python(clew, `
import boto3, json, os, sys, time
client = boto3.client("logs", endpoint_url=os.environ["CLEW"])
query = client.start_query(logGroupNames=["shop"], startTime=int(sys.argv[1]), endTime=int(sys.argv[2]), queryString="stats count_distinct(user.id) as users by @logStream | sort @logStream")["queryId"]
while True:
    answer = client.get_query_results(queryId=query)
    if answer["status"] not in ("Scheduled", "Running"):
        break
    time.sleep(0.1)
print(json.dumps([answer["status"], answer["results"]]))
`, `${range.startTime}`, `${range.endTime}`);
    assert.deepEqual(JSON.parse(out), ['Complete', [['a', '5'], ['b', '5']].map(([stream, users]) => [{field: '@logStream', value: stream}, {field: 'users', value: users}])]);
  });
});
