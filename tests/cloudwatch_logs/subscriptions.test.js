// Subscription filters: what an HTTP receiver hears of events as they come.
import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import {after, before, describe, test} from 'node:test';
import {gunzipSync} from 'node:zlib';

import {Clew, clientOf, eventually, python, sender} from './logs.js';

class Receiver {
  static async start() {
    const receiver = new Receiver();
    Object.assign(receiver, {documents: [], statuses: []}); // statuses: of the next answers; then 204
    receiver.server = createServer((request, response) => {
      const parts = [];
      request.on('data', (part) => parts.push(part)).on('end', () => {
        assert.equal(request.headers['content-encoding'], 'gzip');
        const status = receiver.statuses.shift() ?? 204;
        receiver.documents.push({status, delivery: request.headers['x-clew-delivery'], path: request.url, ...JSON.parse(gunzipSync(Buffer.concat(parts)))});
        response.writeHead(status).end();
      });
    });
    await new Promise((done) => receiver.server.listen(0, '127.0.0.1', done));
    return receiver;
  }
  get url() { return `http://127.0.0.1:${this.server.address().port}`; }
  // The documents with events of a stream.
  of(stream) { return this.documents.filter(({logStream}) => logStream === stream); }
  stop() {
    this.server.closeAllConnections?.();
    return new Promise((done) => this.server.close(done));
  }
}

describe('subscription filters', () => {
  let clew, send, receiver;
  const put = async (stream, ...messages) => {
    await send('CreateLogStream', {logGroupName: 'shop', logStreamName: stream}).catch(() => {});
    return send('PutLogEvents', {logGroupName: 'shop', logStreamName: stream, logEvents: messages.map((message) => ({timestamp: Date.now(), message}))});
  };
  const subscribe = (more) => send('PutSubscriptionFilter', {logGroupName: 'shop', filterName: 'errors', filterPattern: 'ERROR', destinationArn: `${receiver.url}/hook`, ...more});
  const metric = async (name) => Number((await (await fetch(`${clew.http}/metrics`)).text()).match(new RegExp(`^${name} (\\d+)`, 'm'))?.[1] ?? 0);
  before(async () => {
    [clew, receiver] = await Promise.all([Clew.start(), Receiver.start()]);
    send = sender(clientOf(clew));
    await send('CreateLogGroup', {logGroupName: 'shop'});
  });
  after(() => Promise.all([clew?.stop(), receiver?.stop()]));

  test('a destination is tried, then hears the events that match', async () => {
    await subscribe();
    const [{messageType, path, logEvents: tried}] = receiver.documents;
    assert.deepEqual([messageType, path, tried.length], ['CONTROL_MESSAGE', '/hook', 1]);
    await put('a', 'all is well', 'ERROR one', 'ERROR two');
    await put('a', 'nothing');
    await put('a', 'ERROR three');
    await eventually(() => receiver.of('a').length >= 2);
    const documents = receiver.of('a');
    assert.deepEqual(documents.map(({logEvents}) => logEvents.map(({message}) => message)), [['ERROR one', 'ERROR two'], ['ERROR three']]);
    const {messageType: type, owner, logGroup, subscriptionFilters} = documents[0];
    assert.deepEqual({type, owner, logGroup, subscriptionFilters}, {type: 'DATA_MESSAGE', owner: '000000000000', logGroup: 'shop', subscriptionFilters: ['errors']});
    // An event has the same id wherever it is seen.
    const {events} = await send('FilterLogEvents', {logGroupName: 'shop', filterPattern: 'ERROR'});
    assert.deepEqual(documents.flatMap(({logEvents}) => logEvents.map(({id}) => id)), events.map(({eventId}) => eventId));
  });

  test('what fails for now comes again, in order; what is refused is given up and counted', async () => {
    receiver.statuses = [503];
    await put('b', 'ERROR one');
    await put('b', 'ERROR two');
    await eventually(() => receiver.of('b').length >= 3);
    const told = receiver.of('b').map(({status, logEvents: [{message}]}) => [status, message]);
    assert.deepEqual(told, [[503, 'ERROR one'], [204, 'ERROR one'], [204, 'ERROR two']]);
    assert.equal(receiver.of('b')[0].delivery, receiver.of('b')[1].delivery);
    const lost = await metric('clew_subscription_events_lost_total');
    receiver.statuses = [410];
    await put('c', 'ERROR one', 'ERROR two');
    await put('c', 'ERROR three');
    await eventually(() => receiver.of('c').length >= 2);
    assert.deepEqual(receiver.of('c').map(({status}) => status), [410, 204]);
    assert.equal(await metric('clew_subscription_events_lost_total') - lost, 2);
  });

  test('filters are listed, replaced, bounded and deleted, by the SDK of Python too', async () => {
    await subscribe({filterName: 'columns', filterPattern: '[verb, status = 5*]', distribution: 'Random', roleArn: 'arn:aws:iam::000000000000:role/r'});
    await assert.rejects(subscribe({filterName: 'third'}), {name: 'LimitExceededException'});
    await subscribe({filterName: 'columns', filterPattern: '[verb, status = 4*]'});
    await put('d', 'GET 404', 'GET 503');
    await eventually(() => receiver.of('d').length);
    assert.deepEqual(receiver.of('d').map(({logEvents}) => logEvents.map(({message, extractedFields}) => [message, extractedFields])), [[['GET 404', {verb: 'GET', status: '404'}]]]);
    const listed = JSON.parse(await python(clew, `
import boto3, json, os
client = boto3.client("logs", endpoint_url=os.environ["CLEW"])
pages = client.get_paginator("describe_subscription_filters").paginate(logGroupName="shop", PaginationConfig={"PageSize": 1})
print(json.dumps([one for page in pages for one in page["subscriptionFilters"]]))
`));
    assert.deepEqual(listed.map(({filterName, filterPattern, distribution}) => [filterName, filterPattern, distribution]),
      [['columns', '[verb, status = 4*]', 'ByLogStream'], ['errors', 'ERROR', 'ByLogStream']]);
    assert.equal(listed[0].destinationArn, `${receiver.url}/hook`);
    await send('DeleteSubscriptionFilter', {logGroupName: 'shop', filterName: 'errors'});
    await assert.rejects(send('DeleteSubscriptionFilter', {logGroupName: 'shop', filterName: 'errors'}), {name: 'ResourceNotFoundException'});
    await put('e', 'ERROR nobody hears');
    await put('e', 'GET 400');
    await eventually(() => receiver.of('e').length);
    assert.deepEqual(receiver.of('e').flatMap(({logEvents}) => logEvents.map(({message}) => message)), ['GET 400']);
  });

  test('a destination that does not take the test is refused, and so are those of AWS', async () => {
    const message = /^Could not deliver test message to specified destination/;
    receiver.statuses = [404];
    await assert.rejects(subscribe({filterName: 'columns'}), {name: 'InvalidParameterException', message});
    const gone = await Receiver.start();
    const {url} = gone;
    await gone.stop();
    await assert.rejects(subscribe({filterName: 'columns', destinationArn: url}), {name: 'InvalidParameterException', message});
    await assert.rejects(subscribe({filterName: 'columns', destinationArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/x'}), {name: 'InvalidParameterException', message});
    await assert.rejects(subscribe({filterName: 'columns', filterPattern: 'ERR*'}), {name: 'InvalidParameterException', message: /^Invalid character/});
  });
});
