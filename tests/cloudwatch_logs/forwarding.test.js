// What happens to events as they come: metric filters and live tails.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';

import {Clew, clientOf, eventually, python, sender} from './logs.js';

describe('events as they come', () => {
  let clew, send;
  const put = (...messages) => send('PutLogEvents', {logGroupName: 'web', logStreamName: 's', logEvents: messages.map((message) => ({timestamp: Date.now(), message}))});
  before(async () => {
    clew = await Clew.start();
    send = sender(clientOf(clew));
    await send('CreateLogGroup', {logGroupName: 'web'});
    await send('CreateLogStream', {logGroupName: 'web', logStreamName: 's'});
  });
  after(() => clew?.stop());

  test('metric filters make metrics', async () => {
    const transformation = (more) => [{metricNamespace: 'Shop', ...more}];
    await send('PutMetricFilter', {logGroupName: 'web', filterName: 'errors', filterPattern: '[ip, verb, status = 5*, bytes]', metricTransformations: transformation({metricName: 'ServerErrors', metricValue: '1'})});
    await send('PutMetricFilter', {logGroupName: 'web', filterName: 'bytes', filterPattern: '[ip, verb, status, bytes]', metricTransformations: transformation({metricName: 'Bytes', metricValue: '$bytes', dimensions: {Verb: '$verb'}})});
    await send('PutMetricFilter', {logGroupName: 'web', filterName: 'latency', filterPattern: '{ $.latency = * }', metricTransformations: transformation({metricName: 'Latency', metricValue: '$.latency', unit: 'Milliseconds'})});
    await put('10.0.0.1 GET 200 100', '10.0.0.1 GET 503 20', '10.0.0.2 POST 500 3', '{"latency": 12.5}');
    const sum = async (metric, group = '') => {
      const response = await fetch(`${clew.http}/clew/v1/query`, {method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify({signal: 'metrics', query: `SUM(metric.value) WHERE metric.name = "${metric}"${group && ` GROUP BY ${group}`}`})});
      return JSON.stringify(await response.json());
    };
    await eventually(async () => (await sum('Latency')).includes('12.5'));
    assert.match(await sum('ServerErrors'), /"values":\[2\]|\[2\]|:2[,}\]]/);
    assert.match(await sum('Bytes', 'Verb'), /GET/);
    const {metricFilters} = await send('DescribeMetricFilters', {logGroupName: 'web'});
    assert.deepEqual(metricFilters.map(({filterName}) => filterName), ['bytes', 'errors', 'latency']);
    assert.equal((await send('DescribeLogGroups', {logGroupNamePrefix: 'web'})).logGroups[0].metricFilterCount, 3);
    await send('DeleteMetricFilter', {logGroupName: 'web', filterName: 'latency'});
    await assert.rejects(send('DeleteMetricFilter', {logGroupName: 'web', filterName: 'latency'}), {name: 'ResourceNotFoundException'});
    await assert.rejects(send('PutMetricFilter', {logGroupName: 'web', filterName: 'x', filterPattern: 'ERR*', metricTransformations: transformation({metricName: 'a', metricValue: '1'})}), {name: 'InvalidParameterException'});
    await assert.rejects(send('PutSubscriptionFilter', {logGroupName: 'web', filterName: 'x', filterPattern: '', destinationArn: 'arn:aws:lambda:us-east-1:000000000000:function:f'}), {name: 'InvalidParameterException', message: /^Could not execute the lambda function/});
  });

  test('a pattern is tried', async () => {
    const {matches} = await send('TestMetricFilter', {filterPattern: '[ip, , status = 4*]', logEventMessages: ['10.0.0.1 GET 200', '10.0.0.2 GET 404']});
    assert.deepEqual(matches, [{eventNumber: 2, eventMessage: '10.0.0.2 GET 404', extractedValues: {$ip: '10.0.0.2', $2: 'GET', $status: '404'}}]);
  });

  test('a live tail shows what comes, to SDKs of JavaScript and Python', async () => {
    const [{logGroupArn}] = (await send('DescribeLogGroups', {logGroupNamePrefix: 'web'})).logGroups;
    const {responseStream} = await send('StartLiveTail', {logGroupIdentifiers: [logGroupArn], logEventFilterPattern: 'live'});
    const seen = [];
    for await (const event of responseStream) {
      if (event.sessionStart) {
        assert.deepEqual(event.sessionStart.logEventFilterPattern, 'live');
        await put('dead', 'live one', 'live two');
      }
      seen.push(...event.sessionUpdate?.sessionResults ?? []);
      if (seen.length === 2) break;
    }
    assert.deepEqual(seen.map(({message, logStreamName}) => [message, logStreamName]), [['live one', 's'], ['live two', 's']]);
    const tail = python(clew, `
import boto3, os, sys
from botocore.config import Config
client = boto3.client("logs", endpoint_url=os.environ["CLEW"], config=Config(inject_host_prefix=False))
if not hasattr(client, "start_live_tail"):
    print("too old"); sys.exit()
for event in client.start_live_tail(logGroupIdentifiers=[sys.argv[1]])["responseStream"]:
    for line in event.get("sessionUpdate", {}).get("sessionResults", []):
        print(line["message"]); sys.exit()
`, logGroupArn);
    let done = false;
    tail.finally(() => done = true);
    await eventually(async () => {
      await put('to python');
      return done;
    });
    assert.match(await tail, /to python|too old/);
    await assert.rejects(send('StartLiveTail', {logGroupIdentifiers: ['web']}), {name: 'InvalidParameterException'});
  });
});
