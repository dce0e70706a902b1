// What comes from the exporters of OpenTelemetry's SDK, asked for under Honeycomb's names.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';

import {makeLogs, makeMetrics, makeSpans} from '../clients/telemetry.js';
import {send, transports} from '../clients/transports.js';
import {ask, call, Clew} from './honeycomb.js';

const classic = '0123456789abcdef0123456789abcdef', modern = 'aBcDeFgHiJkLmNoPqRsTuV';
const address = (clew, name) => name === 'grpc' ? clew.grpc : clew.http;

describe('OpenTelemetry with Honeycomb\'s rules', () => {
  let clew;
  before(async () => { clew = await Clew.start({keys: {[classic]: 'classic', [modern]: 'modern'}}); });
  after(() => clew?.stop());

  const groups = async (dataset, column, filters = [], key = modern) =>
    (await ask(clew, dataset, {breakdowns: [column], filters, orders: [{column}], time_range: 3600}, {disable_series: true}, {key})).data.results.map(({data}) => data[column]);
  const slugs = async (key) => (await call(clew, 'GET', '/1/datasets', undefined, {key})).body.map(({slug}) => slug);

  test('the columns of spans, span events and links', async () => {
    const made = makeSpans('Shop Front');
    assert.equal((await send(transports['http/protobuf'].traces({address: clew.http, headers: {'x-honeycomb-team': modern}}), made.items)).code, 0);
    assert.deepEqual(await slugs(modern), ['shop-front']);
    const of_server = [{column: 'trace.span_id', op: '=', value: made.serverId}];
    for (const [column, value] of Object.entries({
      'trace.trace_id': made.traceId, name: 'GET /cart', duration_ms: 8, 'span.kind': 'server', type: 'server', 'span.num_events': 1, 'span.num_links': 1,
      'meta.signal_type': 'trace', 'library.name': 'shop', 'library.version': '0.1', 'service.name': 'Shop Front', 'http.route': '/cart', ratio: 0.25, flag: true, 'user.ids': '[1,2,3]',
    })) assert.deepEqual([column, await groups('shop-front', column, of_server)], [column, [value]]);
    for (const absent of ['trace.parent_id', 'error', 'status_message']) {
      const {data} = await ask(clew, 'shop-front', {filters: [...of_server, {column: absent, op: 'exists'}], time_range: 3600}, {disable_series: true}, {key: modern});
      assert.deepEqual([absent, data.results], [absent, [{data: {COUNT: 0}}]]);
    }
    const of_client = [{column: 'trace.span_id', op: '=', value: made.clientId}];
    assert.deepEqual(await groups('shop-front', 'trace.parent_id', of_client), [made.serverId]);
    assert.deepEqual(await groups('shop-front', 'status_code', of_client), [2]);
    assert.deepEqual(await groups('shop-front', 'status_message', of_client), ['no connection']);
    assert.deepEqual(await groups('shop-front', 'error', of_client), [true]);
    // What its exception event says, the span says itself.
    for (const [column, value] of Object.entries({'exception.type': 'TypeError', 'exception.message': 'no connection'}))
      assert.deepEqual([column, await groups('shop-front', column, of_client)], [column, [value]]);
    assert.match((await groups('shop-front', 'exception.stacktrace', of_client))[0], /^TypeError: no connection\n/);
    assert.deepEqual(await groups('shop-front', 'exception.type', of_server), [undefined]);
    const events = [{column: 'meta.annotation_type', op: '=', value: 'span_event'}];
    assert.deepEqual(await groups('shop-front', 'meta.time_since_span_start_ms', events), [1]);
    assert.deepEqual(await groups('shop-front', 'trace.parent_id', events), [made.clientId, made.serverId].sort());
    assert.deepEqual(await groups('shop-front', 'trace.span_id', events), [undefined]);
    assert.deepEqual(await groups('shop-front', 'error', [...events, {column: 'name', op: '=', value: 'exception'}]), [true]);
    assert.deepEqual(await groups('shop-front', 'name', events), ['cache miss', 'exception']);
    assert.deepEqual(await groups('shop-front', 'parent_name', events), ['GET /cart', 'SELECT cart']);
    assert.deepEqual(await groups('shop-front', 'exception.message', [{column: 'name', op: '=', value: 'exception'}]), ['no connection']);
    const links = [{column: 'meta.annotation_type', op: '=', value: 'link'}];
    assert.deepEqual(await groups('shop-front', 'parent_name', links), ['GET /cart']);
    assert.deepEqual(await groups('shop-front', 'trace.parent_id', links), [made.serverId]);
    assert.deepEqual(await groups('shop-front', 'name', links), [undefined]);
    assert.deepEqual(await groups('shop-front', 'trace.link.trace_id', links), [made.linked.traceId]);
    assert.deepEqual(await groups('shop-front', 'trace.link.span_id', links), [made.linked.spanId]);
    assert.deepEqual(await groups('shop-front', 'why', links), ['retry']);
  });

  test('the columns of logs', async () => {
    const {serverContext, traceId, serverId} = makeSpans('logs');
    assert.equal((await send(transports.grpc.logs({address: clew.grpc, headers: {'x-honeycomb-team': modern}}), makeLogs('Log Source', serverContext).items)).code, 0);
    const slow = [{column: 'body', op: '=', value: 'cart is slow'}];
    for (const [column, value] of Object.entries({severity: 'warn', severity_code: 13, severity_text: 'WARNING', 'trace.trace_id': traceId, 'trace.parent_id': serverId, 'cart.items': 3, 'meta.annotation_type': 'span_event', 'meta.signal_type': 'log'}))
      assert.deepEqual([column, await groups('log-source', column, slow)], [column, [value]]);
    assert.deepEqual(await groups('log-source', 'body.code', [{column: 'event.name', op: '=', value: 'checkout.failed'}]), [7]);
  });

  for (const name of Object.keys(transports)) {
    test(`x-honeycomb-dataset: a classic key names the dataset of traces and metrics (${name})`, async () => {
      const headers = (key, dataset) => ({'x-honeycomb-team': key, 'x-honeycomb-dataset': dataset});
      const dataset = `Of ${name}`, slug = `of-${name.replace('/', '-')}`;
      const exporter = (signal, key) => transports[name][signal]({address: address(clew, name), headers: headers(key, dataset)});
      assert.equal((await send(exporter('traces', classic), makeSpans('ignored').items)).code, 0);
      assert.ok((await slugs(classic)).includes(slug));
      assert.deepEqual(await groups(slug, 'service.name', [], classic), ['ignored']);
      assert.equal((await send(exporter('metrics', modern), (await makeMetrics('metered')).items)).code, 0);
      assert.ok((await slugs(modern)).includes(slug));
      // The points of one moment with the same attributes are one event, with a column for each metric.
      const {data} = await ask(clew, slug, {
        calculations: [{op: 'COUNT'}, {op: 'MAX', column: 'queue.length'}, {op: 'SUM', column: 'requests'}, {op: 'MAX', column: 'reply.time.avg'}, {op: 'MAX', column: 'reply.time.p50'}],
        filters: [{column: 'meta.annotation_type', op: '=', value: 'metric_event'}, {column: 'meta.signal_type', op: '=', value: 'metric'}, {column: 'service.name', op: '=', value: 'metered'}], time_range: 3600,
      }, {disable_series: true}, {key: modern});
      assert.deepEqual(data.results, [{data: {COUNT: 4, 'MAX(queue.length)': 3.5, 'SUM(requests)': 7, 'MAX(reply.time.avg)': 185, 'MAX(reply.time.p50)': 10}}]);
      const together = await ask(clew, slug, {filters: [{column: 'reply.time.count', op: '=', value: 3}, {column: 'reply.size.count', op: '=', value: 4}], time_range: 3600}, {disable_series: true}, {key: modern});
      assert.deepEqual(together.data.results, [{data: {COUNT: 1}}]);
      const columns = (await call(clew, 'GET', `/1/columns/${slug}`, undefined, {key: modern})).body.map(({key_name}) => key_name);
      assert.deepEqual([columns.includes('queue.length'), columns.includes('metric.name')], [true, false]);
      // With a key of an environment the service is the dataset.
      assert.equal((await send(exporter('traces', modern), makeSpans(`named-${slug}`).items)).code, 0);
      assert.ok((await slugs(modern)).includes(`named-${slug}`));
    });
  }

  const rowOf = async (dataset, filters) => {
    const {data} = await ask(clew, dataset, {filters, time_range: 3600}, {raw_rows: true}, {key: modern});
    assert.equal(data.results.length, 1, JSON.stringify(data.results));
    return data.results[0].data;
  };
  const sendLogs = async (service, records, scope = {}) => {
    const resourceLogs = [{resource: {attributes: [{key: 'service.name', value: {stringValue: service}}]}, scopeLogs: [{scope, logRecords: records.map((record) => ({timeUnixNano: `${Date.now()}000000`, ...record}))}]}];
    const sent = await call(clew, 'POST', '/v1/logs', {resourceLogs}, {key: modern});
    assert.equal(sent.status, 200, sent.text);
  };

  test('attributes: maps are flattened five deep, lists and what is deeper become JSON', async () => {
    const map = (...pairs) => ({kvlistValue: {values: pairs.map(([key, value]) => ({key, value}))}});
    let deep = map(['f', {intValue: '1'}]);
    for (const name of ['e', 'd', 'c', 'b', 'a']) deep = map([name, deep]);
    await sendLogs('flattened', [{
      body: map(['code', {intValue: '7'}], ['why', map(['text', {stringValue: 'full'}])]),
      attributes: [
        {key: 'm', value: deep}, {key: 'user', value: map(['name', {stringValue: 'Ada'}], ['tags', {arrayValue: {values: [{stringValue: 'a'}, {intValue: '2'}, map(['k', {boolValue: true}])]}}])},
        {key: 'bytes', value: {bytesValue: 'AQID'}}, {key: '', value: {stringValue: 'no name'}}, {key: 'nothing', value: {}}, {key: 'double', value: {doubleValue: 0.5}}, {key: 'text', value: {stringValue: '<a&b>'}},
      ],
    }]);
    const row = await rowOf('flattened', [{column: 'double', op: '=', value: 0.5}]);
    const expected = {
      'm.a.b.c.d.e': '{"f":1}', 'user.name': 'Ada', 'user.tags': '["a",2,{"k":true}]', bytes: 'AQID', double: 0.5, text: '<a&b>',
      'body.code': 7, 'body.why.text': 'full', body: '{"code":7,"why":{"text":"full"}}',
    };
    for (const [name, value] of Object.entries(expected)) assert.deepEqual([name, row[name]], [name, value]);
    for (const name of ['', 'nothing', 'm', 'm.a', 'user', 'body.why']) assert.equal(row[name], undefined, name);
  });

  test('a sample rate weighs, and its attribute is no column', async () => {
    await sendLogs('sampled', [{attributes: [{key: 'sampleRate', value: {stringValue: '3.6'}}, {key: 'kind', value: {stringValue: 'text'}}]}, {attributes: [{key: 'SampleRate', value: {intValue: '10'}}, {key: 'kind', value: {stringValue: 'number'}}]}]);
    const {data} = await ask(clew, 'sampled', {breakdowns: ['kind'], time_range: 3600}, {disable_series: true}, {key: modern});
    assert.deepEqual(data.results.map(({data: {kind, COUNT}}) => [kind, COUNT]), [['number', 10], ['text', 4]]);
    const row = await rowOf('sampled', [{column: 'kind', op: '=', value: 'text'}]);
    assert.deepEqual([row.sampleRate, row.SampleRate, row['meta.sample_rate']], [undefined, undefined, 4]);
    const columns = (await call(clew, 'GET', '/1/columns/sampled', undefined, {key: modern})).body.map(({key_name}) => key_name);
    assert.deepEqual(columns.filter((name) => /^samplerate$/i.test(name)), []);
    const refused = await call(clew, 'POST', '/1/queries/sampled', {breakdowns: ['sampleRate']}, {key: modern});
    assert.deepEqual([refused.status, refused.body.type_detail[0].field], [422, 'breakdowns[0]']);
  });

  test('counts of events and links are there when they are 0; so are the flags of logs; libraries are known', async () => {
    const start = `${Date.now()}000000`, span = {traceId: '0'.repeat(16) + 'abcdef0123456789', spanId: '1'.repeat(16), name: 'bare', startTimeUnixNano: start, endTimeUnixNano: start};
    const resourceSpans = [{resource: {attributes: [{key: 'service.name', value: {stringValue: 'counted'}}]}, scopeSpans: [
      {scope: {name: '@opentelemetry/instrumentation-http', version: '1'}, spans: [span]}, {scope: {name: 'shop'}, spans: [{...span, spanId: '2'.repeat(16), name: 'own', links: [{traceId: '0'.repeat(15) + '1' + '2'.repeat(16), spanId: '3'.repeat(16)}]}]},
    ]}];
    assert.equal((await call(clew, 'POST', '/v1/traces', {resourceSpans}, {key: modern})).status, 200);
    for (const [name, links, library] of [['bare', 0, true], ['own', 1, undefined]]) {
      const of = [{column: 'name', op: '=', value: name}];
      assert.deepEqual([name, await groups('counted', 'span.num_events', of)], [name, [0]]);
      assert.deepEqual([name, await groups('counted', 'span.num_links', of)], [name, [links]]);
      assert.deepEqual([name, await groups('counted', 'telemetry.instrumentation_library', of)], [name, [library]]);
    }
    // Of 64 bits: shown and found without the zeros, and found with them.
    assert.deepEqual(await groups('counted', 'trace.trace_id', [{column: 'name', op: '=', value: 'bare'}]), ['abcdef0123456789']);
    for (const id of ['abcdef0123456789', span.traceId]) assert.deepEqual(await groups('counted', 'name', [{column: 'trace.trace_id', op: '=', value: id}, {column: 'meta.annotation_type', op: 'does-not-exist'}]), ['bare', 'own']);
    assert.deepEqual(await groups('counted', 'trace.link.trace_id', [{column: 'meta.annotation_type', op: '=', value: 'link'}]), ['0'.repeat(15) + '1' + '2'.repeat(16)]);
    await sendLogs('flagged', [{flags: 1, attributes: [{key: 'n', value: {intValue: '1'}}]}, {attributes: [{key: 'n', value: {intValue: '2'}}]}]);
    assert.deepEqual(await groups('flagged', 'flags'), [0, 1]);
  });

  test('a key without send_events is refused', async () => {
    const reader = 'a-key-that-only-reads';
    clew.run('keys', 'create', '--name', 'reader', '--permissions', 'run_queries', '--key', reader);
    for (const end = Date.now() + 20_000; Date.now() < end;) {
      if ((await call(clew, 'GET', '/1/auth', undefined, {key: reader})).status === 200) break;
    }
    const {status, body} = await call(clew, 'POST', '/v1/traces', {resourceSpans: []}, {key: reader});
    assert.deepEqual([status, body.message], [403, 'this API key does not have the permission send_events']);
  });
});
