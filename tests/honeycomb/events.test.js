// Events through libhoney, and through requests as other SDKs and Refinery make them.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {after, before, describe, test} from 'node:test';
import {gzipSync} from 'node:zlib';
import {encode} from '@msgpack/msgpack';
import Libhoney from 'libhoney';

import {call, Clew, eventually, rowsWith} from './honeycomb.js';

const zstd = (bytes) => execFileSync('/usr/bin/zstd', ['-c'], {input: bytes});

describe('events', () => {
  let clew;
  before(async () => { clew = await Clew.start(); });
  after(() => clew?.stop());

  const libhoney = (options) => new Promise((done) => {
    const answers = [];
    const client = new Libhoney({apiHost: clew.http, writeKey: 'any', ...options, responseCallback: (all) => answers.push(...all)});
    done({client, answers});
  });

  test('libhoney: a batch with sample rates, times and fields of every type', async () => {
    const {client, answers} = await libhoney({dataset: 'Shop Api', sampleRate: 1});
    const at = new Date(Date.now() - 5000);
    for (let i = 0; i < 3; ++i) {
      const event = client.newEvent();
      event.add({'lib.number': i, text: 'héllo', whole: 7, part: 0.5, yes: true, nested: {a: {b: 1}}, list: [1, 'two'], big: 2 ** 53});
      event.timestamp = at;
      event.sampleRate = 4;
      event.metadata = i;
      event.sendPresampled();
    }
    await eventually(() => answers.length === 3);
    assert.deepEqual(answers.map(({status_code, metadata}) => [status_code, metadata]), [[202, 0], [202, 1], [202, 2]]);
    const rows = await rowsWith(clew, 'lib.number');
    assert.equal(rows.length, 3);
    const {time, ...row} = rows[0];
    assert.equal(Date.parse(time), at.getTime());
    assert.deepEqual(row, {
      'lib.number': row['lib.number'], text: 'héllo', whole: 7, part: 0.5, yes: true, nested: '{"a":{"b":1}}', list: '[1,"two"]', big: row.big,
      // What clew says of a row besides.
      'meta.dataset': 'shop-api', 'meta.sample_rate': 4, SampleRate: 4, severity: 'unspecified',
    });
    assert.equal(Number(row.big), 2 ** 53);
    assert.deepEqual(await clew.query('logs', 'COUNT WHERE lib.number exists'), [{COUNT: 12}]);
  });

  test('libhoney: the key is told of', async () => {
    const {client} = await libhoney({dataset: 'd'});
    assert.ok(client);
    const {status, body} = await call(clew, 'GET', '/1/auth');
    assert.equal(status, 200);
    assert.equal(body.type, 'configuration');
    assert.deepEqual(body.environment, {name: 'default', slug: 'default'});
    assert.deepEqual(body.team, {name: 'clew', slug: 'clew'});
    assert.equal(body.api_key_access.createDatasets, true);
    assert.equal(body.api_key_access.create_datasets, true);
  });

  test('one event: time in every form, sample rate', async () => {
    const forms = {
      '2026-01-05T10:00:00.123456789Z': '2026-01-05T10:00:00.123456789Z', 1767607200: '2026-01-05T10:00:00Z', 1767607200123: '2026-01-05T10:00:00.123Z',
      1767607200123456: '2026-01-05T10:00:00.123456Z', '1767607200123456789': '2026-01-05T10:00:00.123456789Z', 1767607200.5: '2026-01-05T10:00:00.5Z',
    };
    for (const form of Object.keys(forms)) {
      const {status, text} = await call(clew, 'POST', '/1/events/times', {'time.form': form}, {headers: {'x-honeycomb-event-time': form, 'x-honeycomb-samplerate': '3'}});
      assert.deepEqual([status, text], [200, '']);
    }
    const rows = await rowsWith(clew, 'time.form');
    assert.deepEqual(Object.fromEntries(rows.map((row) => [row['time.form'], row.time])), forms);
    assert.ok(rows.every((row) => row['meta.sample_rate'] === 3));
    await call(clew, 'POST', '/1/events/times', {'time.none': 1}, {headers: {'x-honeycomb-event-time': 'yesterday', 'x-honeycomb-samplerate': 'many'}});
    const [now] = await rowsWith(clew, 'time.none');
    assert.ok(Math.abs(Date.parse(now.time) - Date.now()) < 60_000);
    assert.equal(now['meta.sample_rate'], undefined);
  });

  test('a batch: each event has its status, one bad event costs only itself', async () => {
    const {status, body} = await call(clew, 'POST', '/1/batch/shop%20api', [
      {time: '2026-01-05T10:00:00.123456789Z', samplerate: 4, data: {'batch.name': 'GET /cart', duration_ms: 12.5, error: true}},
      {data: {}}, {time: '1767607200', data: {'batch.name': 'b'}}, {data: Object.fromEntries(Array.from({length: 2001}, (_, i) => [`f${i}`, i]))}, 7,
    ]);
    assert.equal(status, 200);
    assert.deepEqual(body, [
      {status: 202}, {status: 400, error: 'Request body should not be empty.'}, {status: 202}, {status: 400, error: 'Event has too many columns.'},
      {status: 400, error: 'Request body is malformed and cannot be read.'},
    ]);
    const rows = await rowsWith(clew, 'batch.name');
    assert.deepEqual(rows.map((row) => [row['batch.name'], row.time, row.duration_ms]), [['b', '2026-01-05T10:00:00Z', undefined], ['GET /cart', '2026-01-05T10:00:00.123456789Z', 12.5]]);
    assert.deepEqual((await call(clew, 'POST', '/1/batch/d', [])).body, []);
  });

  test('msgpack and JSON, with gzip, zstd and without', async () => {
    const batch = (how) => [{time: new Date(1767607200250), samplerate: 2, data: {'packed.how': how, n: 1, f: 1.5, t: true, nothing: null}}];
    for (const [name, compress] of [['identity', (bytes) => bytes], ['gzip', gzipSync], ['zstd', zstd]]) {
      const encoding = name === 'identity' ? {} : {'content-encoding': name};
      for (const [type, bytes] of [
        ['application/msgpack', encode(batch(`msgpack ${name}`))], ['application/x-msgpack', encode(batch(`x-msgpack ${name}`))],
        ['application/json; charset=utf-8', Buffer.from(JSON.stringify(batch(`json ${name}`)))], ['text/plain', Buffer.from(JSON.stringify(batch(`text ${name}`)))],
      ]) {
        const {status, body} = await call(clew, 'POST', '/1/batch/packed', compress(bytes), {headers: {'content-type': type, ...encoding}});
        assert.deepEqual([type, name, status, body], [type, name, 200, [{status: 202}]]);
      }
    }
    const {status} = await call(clew, 'POST', '/1/events/packed', encode({'packed.how': 'one event'}), {headers: {'content-type': 'application/msgpack', 'x-honeycomb-event-time': '1767607200.25'}});
    assert.equal(status, 200);
    const rows = await rowsWith(clew, 'packed.how');
    assert.equal(rows.length, 13);
    assert.deepEqual([...new Set(rows.map((row) => row.time))], ['2026-01-05T10:00:00.25Z']);
  });

  test('bodies that are nothing are refused with a sentence', async () => {
    for (const [path, body, error] of [
      ['/1/events/d', '', 'Request body should not be empty.'], ['/1/events/d', '{', 'Request body is malformed and cannot be read.'],
      ['/1/events/d', '[]', 'Request body is malformed and cannot be read.'], ['/1/events/d', '{}', 'Request body should not be empty.'],
      ['/1/batch/d', '', 'Request body should not be empty.'], ['/1/batch/d', '{}', 'Request body is malformed and cannot be read.'],
      ['/1/events/d', JSON.stringify({text: 'x'.repeat(1_000_001)}), 'Request body is too large.'],
      ['/1/batch/d', JSON.stringify([{data: {text: 'x'.repeat(5_000_001)}}]), 'Request body is too large.'],
    ]) {
      const answer = await call(clew, 'POST', path, body);
      assert.deepEqual([answer.status, answer.body], [400, {error}]);
    }
  });

  test('events with ids and a duration are spans of a trace', async () => {
    const trace = randomBytes(16).toString('hex'), root = randomBytes(8).toString('hex');
    const uuid = '7d2b6c1e-11f0-4c52-9f0c-0123456789ab';
    const time = new Date(Date.now() - 1000).toISOString();
    const data = {'trace.trace_id': trace, 'trace.span_id': root, name: 'GET /', duration_ms: 12.25, service_name: 'beeline', 'span.kind': 'server', 'app.spans': 1};
    const {body} = await call(clew, 'POST', '/1/batch/Front', [
      {time, data},
      {time, data: {...data, 'trace.span_id': 'not hex at all', 'trace.parent_id': root, name: 'child', error: 'it broke', status_code: 200}},
      {time, data: {'trace.trace_id': trace, 'trace.parent_id': root, name: 'said', 'meta.annotation_type': 'span_event', 'app.events': 1}},
      {time, data: {...data, 'trace.trace_id': uuid, name: 'uuid', error: true, status_message: 'no', 'service.name': 'Other'}},
    ]);
    assert.deepEqual(body, [{status: 202}, {status: 202}, {status: 202}, {status: 202}]);
    const outline = await clew.ask(`/traces/${trace}`);
    assert.equal(outline.spans, 2);
    const rows = Object.fromEntries((await rowsWith(clew, 'app.spans', 'traces')).map((row) => [row.name, row]));
    const root_row = rows['GET /'];
    assert.equal(root_row['trace.trace_id'], trace);
    assert.equal(root_row['trace.span_id'], root);
    assert.equal(root_row['service.name'], 'beeline');
    assert.equal(root_row['span.kind'], 'server');
    assert.equal(root_row['meta.dataset'], 'front');
    assert.equal(rows.child['trace.parent_id'], root);
    assert.equal(rows.child.error, 'it broke');
    assert.equal(rows.child.status_code, 200);
    assert.equal(rows.uuid['service.name'], 'Other');
    assert.equal(rows.uuid.error, true);
    assert.equal(rows.uuid.status_message, 'no');
    const named = await clew.query('traces', 'COUNT WHERE trace.span_id = "not hex at all"');
    assert.deepEqual(named, [{COUNT: 1}]);
    assert.deepEqual(await clew.query('traces', `COUNT WHERE trace.trace_id = "${uuid}"`), [{COUNT: 1}]);
    assert.deepEqual(await clew.query('traces', 'SUM(duration_ms) WHERE meta.dataset = front'), [{'SUM(duration_ms)': 36.75}]);
    const [said] = await rowsWith(clew, 'app.events');
    assert.equal(said['trace.parent_id'], root);
    assert.equal(said['meta.annotation_type'], 'span_event');
  });

  test('Firehose: JSON, lines of CloudWatch Logs, and what cannot be read', async () => {
    const record = (value) => ({data: Buffer.from(value).toString('base64')});
    const logs = gzipSync(JSON.stringify({messageType: 'DATA_MESSAGE', owner: '1', logGroup: '/aws/lambda/f', logStream: 's', logEvents: [
      {id: '1', timestamp: 1767607200000, message: '{"kinesis.level":"warn"}'}, {id: '2', timestamp: 1767607200500, message: 'plain'},
    ]}));
    const envelope = {requestId: 'r1', timestamp: 1767607200000, records: [record('{"kinesis.a":1}\n{"kinesis.a":2}\n'), record(logs), record(gzipSync('{"messageType":"CONTROL_MESSAGE","logEvents":[]}'))]};
    const good = await call(clew, 'POST', '/1/kinesis_events/fire', envelope, {key: null, headers: {'x-amz-firehose-access-key': 'any', 'x-amz-firehose-request-id': 'r1'}});
    assert.equal(good.status, 200);
    assert.equal(good.body.requestId, 'r1');
    assert.equal(typeof good.body.timestamp, 'number');
    assert.equal(good.body.errorMessage, undefined);
    assert.equal((await rowsWith(clew, 'kinesis.a')).length, 2);
    const lines = await rowsWith(clew, 'aws.log.group');
    assert.deepEqual(lines.map((row) => [row.time, row['kinesis.level'], row.message]), [['2026-01-05T10:00:00Z', 'warn', undefined], ['2026-01-05T10:00:00.5Z', undefined, 'plain']]);
    const bad = await call(clew, 'POST', '/1/kinesis_events/fire', {requestId: 'r2', records: [{data: '!'}]});
    assert.equal(bad.status, 400);
    assert.equal(bad.body.requestId, 'r2');
    assert.match(bad.body.errorMessage, /base64/);
  });

  test('a web page may send', async () => {
    const response = await fetch(`${clew.http}/1/events/d`, {method: 'OPTIONS', headers: {origin: 'https://shop.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-honeycomb-team'}});
    assert.equal(response.headers.get('access-control-allow-origin'), 'https://shop.example');
  });
});

describe('keys', () => {
  let clew;
  const keys = {full: 'configuration-key-of-tests', classic: '0123456789abcdef0123456789abcdef'};
  before(async () => {
    clew = await Clew.start({keys: {[keys.full]: 'Production EU', [keys.classic]: 'Production EU'}, prepare: (stopped) => {
      stopped.run('keys', 'create', '--name', 'ingest', '--kind', 'ingest', '--key', 'ingest-key-of-tests', '--environment', 'Production EU');
      stopped.run('keys', 'create', '--name', 'narrow', '--permissions', 'send_events', '--key', 'narrow-key-of-tests', '--environment', 'Production EU');
      stopped.run('keys', 'create', '--name', 'gone', '--key', 'disabled-key-of-tests');
      stopped.run('keys', 'disable', 'gone');
    }});
  });
  after(() => clew?.stop());

  test('what a key may do, and of which environment it is', async () => {
    const full = await call(clew, 'GET', '/1/auth', undefined, {key: keys.full});
    assert.deepEqual(full.body.environment, {name: 'Production EU', slug: 'production-eu'});
    assert.equal(full.body.api_key_access.queries, true);
    const classic = await call(clew, 'GET', '/1/auth', undefined, {key: keys.classic});
    assert.deepEqual(classic.body.environment, {name: '', slug: ''});
    const ingest = await call(clew, 'GET', '/1/auth', undefined, {key: 'ingest-key-of-tests'});
    assert.equal(ingest.body.type, 'ingest');
    assert.deepEqual(ingest.body.api_key_access, {createDatasets: true, create_datasets: true});
    const alias = await call(clew, 'GET', '/1/auth', undefined, {key: null, headers: {'x-hny-team': keys.full}});
    assert.equal(alias.status, 200);
  });

  test('refusals have their texts', async () => {
    const refused = async (key) => {
      const {status, body} = await call(clew, 'POST', '/1/events/d', {a: 1}, {key});
      return [status, body?.error];
    };
    assert.deepEqual(await refused('wrong'), [401, 'unknown API key - check your credentials']);
    assert.deepEqual(await refused(null), [401, "missing 'x-honeycomb-team' header"]);
    assert.deepEqual(await refused('disabled-key-of-tests'), [401, 'attempted to use disabled API key']);
    assert.deepEqual(await refused('narrow-key-of-tests'), [404, 'dataset not found']);
    await call(clew, 'POST', '/1/events/D', {a: 1}, {key: 'ingest-key-of-tests'});
    assert.equal((await call(clew, 'POST', '/1/events/d', {a: 1}, {key: 'narrow-key-of-tests'})).status, 200);
    const {status, body} = await call(clew, 'GET', '/2/auth', undefined, {key: keys.full});
    assert.equal(status, 401);
    assert.equal(body.errors[0].status, '401');
  });
});
