// Questions through the query API: as Terraform makes them and as Grafana's data source asks them.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {after, before, describe, test} from 'node:test';

import {binary} from '../clients/clew.js';
import {ask, call, Clew} from './honeycomb.js';

describe('queries', () => {
  let clew;
  const at = Math.floor(Date.now() / 1000) - 600;
  before(async () => {
    clew = await Clew.start();
    const events = [];
    for (let i = 0; i < 40; ++i) {
      const data = {name: i % 4 ? 'GET /cart' : 'POST /pay', duration_ms: i + 0.5, status: i % 4 ? 200 : 500, ...(i % 10 === 0 && {error: true})};
      events.push({time: String(at + i), samplerate: 2, data});
    }
    const {body} = await call(clew, 'POST', '/1/batch/Shop%20API', events);
    assert.ok(body.every(({status}) => status === 202));
    await call(clew, 'POST', '/1/events/other', {name: 'elsewhere', other_column: 1});
  });
  after(() => clew?.stop());

  test('create, ask, poll: results, series, totals, links', async () => {
    const result = await ask(clew, 'shop-api', {
      breakdowns: ['name'], calculations: [{op: 'COUNT'}, {op: 'MAX', column: 'duration_ms'}], filters: [{column: 'status', op: 'exists'}],
      orders: [{op: 'COUNT', order: 'descending'}], limit: 20, time_range: 3600,
    }, {disable_total_by_aggregate: false});
    assert.deepEqual(result.data.results, [
      {data: {name: 'GET /cart', COUNT: 60, 'MAX(duration_ms)': 39.5}}, {data: {name: 'POST /pay', COUNT: 20, 'MAX(duration_ms)': 36.5}},
    ]);
    assert.deepEqual(result.data.total_by_aggregate, {data: {COUNT: 80, 'MAX(duration_ms)': 39.5}});
    assert.match(result.data.series[0].time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.equal(result.data.series.filter(({data}) => data.name === 'GET /cart').reduce((sum, {data}) => sum + data.COUNT, 0), 60);
    assert.ok(result.query.granularity >= 1);
    assert.match(result.links.query_url, /\/environments\/default\/datasets\/shop-api\/result\//);
    assert.equal(result.query.filter_combination, undefined);
  });

  test('without series, with the rest beyond the limit', async () => {
    const {data} = await ask(clew, 'shop-api', {breakdowns: ['status'], limit: 1, time_range: 3600}, {disable_series: true, disable_other_by_aggregate: false});
    assert.deepEqual(data.series, []);
    assert.deepEqual(data.results, [{data: {status: 200, COUNT: 60}}]);
    assert.deepEqual(data.other_by_aggregate, {data: {COUNT: 20}});
  });

  test('a heatmap is an object', async () => {
    const {data} = await ask(clew, 'shop-api', {calculations: [{op: 'HEATMAP', column: 'duration_ms'}], time_range: 3600}, {disable_series: true});
    const cell = data.results[0].data['HEATMAP(duration_ms)'];
    assert.equal(cell.counts.reduce((a, b) => a + b), 80);
    assert.ok(cell.min_value <= 0.5 && cell.max_value >= 39.5 && cell.step_size > 0);
  });

  test('a row without the column is a group without it; negative filters take it', async () => {
    const {data} = await ask(clew, 'shop-api', {breakdowns: ['error'], filters: [{column: 'name', op: '!=', value: 'nothing'}], time_range: 3600}, {disable_series: true});
    assert.deepEqual(data.results, [{data: {COUNT: 72}}, {data: {error: true, COUNT: 8}}]);
    const {data: negative} = await ask(clew, 'shop-api', {filters: [{column: 'error', op: '!=', value: true}], time_range: 3600}, {disable_series: true});
    assert.deepEqual(negative.results, [{data: {COUNT: 72}}]);
  });

  test('a dataset sees its own events, __all__ sees every one', async () => {
    const counted = async (dataset) => (await ask(clew, dataset, {time_range: 3600}, {disable_series: true})).data.results;
    assert.deepEqual(await counted('other'), [{data: {COUNT: 1}}]);
    assert.deepEqual(await counted('__all__'), [{data: {COUNT: 81}}]);
  });

  test('queries never change, and are found by their ids', async () => {
    const specification = {calculations: [{op: 'COUNT'}], filter_combination: 'AND', granularity: 0, time_range: 3600};
    const {body} = await call(clew, 'POST', '/1/queries/shop-api', specification);
    assert.deepEqual(body, {calculations: [{op: 'COUNT'}], time_range: 3600, id: body.id});
    assert.deepEqual((await call(clew, 'POST', '/1/queries/shop-api', specification)).body.id, body.id);
    assert.deepEqual((await call(clew, 'GET', `/1/queries/shop-api/${body.id}`)).body, body);
    const usual = await call(clew, 'POST', '/1/queries/shop-api', {});
    assert.deepEqual(usual.body, {calculations: [{op: 'COUNT'}], time_range: 7200, id: usual.body.id});
  });

  test('what cannot be asked is refused with the field named', async () => {
    const refused = async (specification) => {
      const {status, type, body} = await call(clew, 'POST', '/1/queries/shop-api', specification);
      assert.equal(status, 422, JSON.stringify([specification, body]));
      assert.equal(type, 'application/problem+json');
      assert.equal(body.type, 'https://api.honeycomb.io/problems/validation-failed');
      assert.equal(body.error, 'The provided input is invalid.');
      return body.type_detail.map(({field, code}) => [field, code]);
    };
    const cases = [
      [{breakdowns: ['nmae']}, 'breakdowns[0]', 'invalid'], [{filters: [{column: 'no.such', op: '=', value: 1}]}, 'filters[0].column', 'invalid'],
      [{filters: [{column: 'name', op: '~', value: 1}]}, 'filters[0].op', 'invalid'], [{filters: [{column: 'name', op: '='}]}, 'filters[0].value', 'missing'],
      [{filters: [{column: 'name', op: 'in', value: []}]}, 'filters[0].value', 'invalid'], [{filters: {}}, 'filters', 'incorrect_type'],
      [{calculations: [{op: 'SUM'}]}, 'calculations[0].column', 'invalid'], [{calculations: [{op: 'COUNT', column: 'name'}]}, 'calculations[0].column', 'invalid'],
      [{calculations: [{op: 'NONSENSE'}]}, 'calculations[0].op', 'invalid'], [{calculations: [{}]}, 'calculations[0].op', 'missing'],
      [{breakdowns: ['timestamp']}, 'breakdowns[0]', 'invalid'], [{limit: 0}, 'limit', 'invalid'], [{limit: 1001}, 'limit', 'invalid'],
      [{time_range: 7200, granularity: 7201}, 'granularity', 'invalid'], [{time_range: 63_072_000, granularity: 1}, 'granularity', 'invalid'], [{granularity: -1}, 'granularity', 'invalid'],
      [{calculations: [{op: 'CONCURRENCY', column: 'duration_ms'}]}, 'calculations[0].column', 'invalid'],
      [{compare_time_offset_seconds: 3600}, 'compare_time_offset_seconds', 'invalid'], [{compare_time_offset_seconds: 5}, 'compare_time_offset_seconds', 'invalid'],
      [{orders: [{op: 'MAX', column: 'duration_ms'}]}, 'orders[0]', 'invalid'], [{havings: [{calculate_op: 'SUM', column: 'duration_ms', op: '>', value: 1}]}, 'havings[0]', 'invalid'],
      [{time_range: 60, start_time: 1, end_time: 61}, 'time_range', 'invalid'],
    ];
    for (const [specification, field, code] of cases) assert.deepEqual([specification, await refused(specification)], [specification, [[field, code]]]);
    const {body} = await call(clew, 'POST', '/1/queries/shop-api', {breakdowns: ['nmae']});
    assert.equal(body.type_detail[0].description, 'unknown column: nmae; the nearest is name');
  });

  test('how many spans run at a time', async () => {
    const start = at - 4000, event = (offset, name, ms) => ({time: String(start + offset), data: {name, duration_ms: ms}});
    await call(clew, 'POST', '/1/batch/running', [event(0, 'a', 3000), event(0, 'b', 1000), event(1, 'c', 1000), event(1.5, 'a', 1000)]);
    const {data} = await ask(clew, 'running', {calculations: [{op: 'CONCURRENCY'}, {op: 'COUNT'}], start_time: start, end_time: start + 4, granularity: 1});
    assert.deepEqual(data.results, [{data: {CONCURRENCY: 1.5, COUNT: 4}}]);
    assert.deepEqual(data.series.map(({data: {CONCURRENCY, COUNT}}) => [CONCURRENCY, COUNT]), [[2, 2], [2.5, 2], [1.5, 0]]);
  });

  test('clew query takes a specification, as an argument and from standard input, and the short form', async () => {
    await call(clew, 'POST', '/1/batch/other', [{data: {asked: 1, who: 'a'}}, {data: {asked: 2, who: 'b'}}, {data: {asked: 3, who: 'b'}}]);
    const specification = JSON.stringify({calculations: [{op: 'COUNT'}, {op: 'SUM', column: 'asked'}], filters: [{column: 'asked', op: 'exists'}], breakdowns: ['who']});
    const query = (question, input) => JSON.parse(execFileSync(binary, ['query', question, '--server', clew.http, '--signal', 'logs', '--json'], {encoding: 'utf8', input})).rows.map((row) => row.slice(0, 3));
    const expected = [['b', 2, 5], ['a', 1, 1]];
    assert.deepEqual(query(specification), expected);
    assert.deepEqual(query('-', `\n${specification}\n`), expected);
    assert.deepEqual(query('COUNT, SUM(asked) WHERE asked exists GROUP BY who'), expected);
    assert.throws(() => query('{"calculations": [{"op": "COUNTS"}]}'), /COUNTS/);
  });

  test('a comparison answers with the earlier period too', async () => {
    const start = at - 100_000, day = 86_400;
    const events = [0, 1, 2].map((i) => ({time: String(start - day + i), data: {name: 'GET'}})).concat([0, 1].map((i) => ({time: String(start + i), data: {name: i ? 'GET' : 'PUT'}})));
    await call(clew, 'POST', '/1/batch/compared', events);
    const asked = {breakdowns: ['name'], start_time: start, end_time: start + 3600, granularity: 60, compare_time_offset_seconds: day};
    const {data, query} = await ask(clew, 'compared', asked, {disable_total_by_aggregate: false});
    assert.equal(query.compare_time_offset_seconds, day);
    assert.deepEqual(data.results, [{data: {name: 'GET', COUNT: 1}}, {data: {name: 'PUT', COUNT: 1}}]);
    assert.deepEqual(data.compare.results, [{data: {name: 'GET', COUNT: 3}}]);
    assert.deepEqual([data.compare.time_offset_seconds, data.compare.total_by_aggregate], [day, {data: {COUNT: 3}}]);
    const minute = Math.floor((start - day) / 60) * 60;
    assert.equal(Date.parse(data.compare.series[0].time) / 1000, minute);
  });

  test('usage mode counts what is stored', async () => {
    const asked = async (wish) => (await ask(clew, 'shop-api', {time_range: 3600}, {disable_series: true, ...wish})).data.results;
    assert.deepEqual([await asked({}), await asked({usage_mode: true})], [[{data: {COUNT: 80}}], [{data: {COUNT: 40}}]]);
  });

  test('stored rows instead of calculations', async () => {
    const asked = {filters: [{column: 'status', op: '=', value: 500}], time_range: 3600};
    const all = await ask(clew, 'shop-api', asked, {raw_rows: true});
    assert.equal(all.data.results.length, 10);
    const {timestamp, ...row} = all.data.results[0].data;
    assert.equal(Date.parse(timestamp) / 1000, at + 36);
    assert.deepEqual([row.name, row.duration_ms, row.status, row['meta.sample_rate']], ['POST /pay', 36.5, 500, 2]);
    const some = await ask(clew, 'shop-api', {...asked, breakdowns: ['duration_ms']}, {raw_rows: true, limit: 2});
    assert.deepEqual(some.data.results.map(({data}) => [Date.parse(data.timestamp) / 1000, data.duration_ms]), [[at + 36, 36.5], [at + 32, 32.5]]);
    assert.deepEqual(some.data.series, []);
    const {body: query} = await call(clew, 'POST', '/1/queries/shop-api', asked);
    const refused = await call(clew, 'POST', '/1/query_results/shop-api', {query_id: query.id, raw_rows: true, limit: 10_001});
    assert.deepEqual([refused.status, refused.body.type_detail[0].field], [422, 'limit']);
  });

  test('the service map', async () => {
    const span = (id, parent, service, kind) => ({time: String(at), data: {'trace.trace_id': '5b8efff798038103d269b633813fc60e', 'trace.span_id': id, ...(parent && {'trace.parent_id': parent}), 'service.name': service, 'span.kind': kind, name: 'x', duration_ms: 2}});
    await call(clew, 'POST', '/1/batch/mapped', [
      span('bbbbbbbbbbbbbb01', undefined, 'map-front', 'server'), span('bbbbbbbbbbbbbb02', 'bbbbbbbbbbbbbb01', 'map-front', 'client'), span('bbbbbbbbbbbbbb03', 'bbbbbbbbbbbbbb02', 'map-back', 'server'),
      span('bbbbbbbbbbbbbb04', 'bbbbbbbbbbbbbb03', 'map-back', 'client'), span('bbbbbbbbbbbbbb05', 'bbbbbbbbbbbbbb04', 'map-stock', 'server'),
    ]);
    const asked = async (body, query = '') => {
      const {status, body: made, headers} = await call(clew, 'POST', `/1/maps/dependencies/requests${query}`, body);
      assert.deepEqual([status, made.status], [200, 'ready'], JSON.stringify(made));
      return headers.get('location');
    };
    const calls = ({dependencies}) => dependencies.map(({parent_node, child_node, call_count}) => [parent_node.name, child_node.name, call_count]).sort();
    const all = [['map-back', 'map-stock', 1], ['map-front', 'map-back', 1]];
    const path = await asked({time_range: 3600, filters: [{name: 'map-back', type: 'service'}]});
    const {body} = await call(clew, 'GET', path);
    assert.deepEqual([calls(body), body.links], [all, {next: null}]);
    const first = (await call(clew, 'GET', `${path}?page[size]=1`)).body, second = (await call(clew, 'GET', first.links.next)).body;
    assert.deepEqual([[...calls(first), ...calls(second)].sort(), second.links], [all, {next: null}]);
    assert.deepEqual(calls((await call(clew, 'GET', await asked({time_range: 3600, filters: [{name: 'map-stock', type: 'service'}]}))).body), all.slice(0, 1));
    assert.equal((await call(clew, 'GET', '/1/maps/dependencies/requests/nothing')).status, 404);
    const refused = await call(clew, 'POST', '/1/maps/dependencies/requests?limit=64001', {filters: [{type: 'pod'}], start_time: 'x'});
    assert.deepEqual([refused.status, refused.body.type_detail.map(({field}) => field)], [422, ['start_time', 'filters[0].name', 'filters[0].type', 'limit']]);
  });

  // As its plugin fetches a trace: all spans by their columns, those of the range in steps of a second.
  test('Grafana fetches a trace, searches traces and reads what there is', async () => {
    const trace = {'trace.trace_id': '5b8efff798038103d269b633813fc60d', 'service.name': 'grafana'};
    const spans = [['aaaaaaaaaaaaaa01', undefined, 'GET'], ['aaaaaaaaaaaaaa02', 'aaaaaaaaaaaaaa01', 'SELECT']];
    await call(clew, 'POST', '/1/batch/grafana', spans.map(([id, parent, name], i) => ({time: String(at + i), data: {...trace, 'trace.span_id': id, ...(parent && {'trace.parent_id': parent}), name, duration_ms: 5}})));
    const breakdowns = ['trace.trace_id', 'trace.span_id', 'trace.parent_id', 'name', 'service.name', 'duration_ms', 'status_code', 'error', 'span.kind'];
    const fetched = await ask(clew, 'grafana', {
      calculations: [{op: 'COUNT'}], filters: [{column: 'trace.trace_id', op: '=', value: trace['trace.trace_id']}], filter_combination: 'AND', breakdowns,
      granularity: 1, limit: 1000, start_time: at - 6 * 3600, end_time: at + 60,
    }, {limit: 1000});
    assert.deepEqual(fetched.data.series.map(({time, data}) => [Date.parse(time) / 1000, data['trace.span_id'], data['trace.parent_id'], data.name, data.COUNT]),
      spans.map(([id, parent, name], i) => [at + i, id, parent, name, 1]));
    assert.ok(fetched.links.query_url && fetched.links.graph_image_url);
    const searched = await ask(clew, 'grafana', {
      calculations: [{op: 'COUNT'}, {op: 'MIN', column: 'duration_ms'}, {op: 'MAX', column: 'duration_ms'}], filter_combination: 'AND', breakdowns: ['trace.trace_id'],
      orders: [{op: 'COUNT', order: 'descending'}], limit: 50, start_time: at - 3600, end_time: at + 60, granularity: 15,
    }, {disable_series: true, limit: 50});
    assert.deepEqual(searched.data.results, [{data: {'trace.trace_id': trace['trace.trace_id'], COUNT: 2, 'MIN(duration_ms)': 5, 'MAX(duration_ms)': 5}}]);
    const {body: datasets} = await call(clew, 'GET', '/1/datasets');
    assert.ok(datasets.every(({name, slug, created_at}) => name && slug && !Number.isNaN(Date.parse(created_at))));
    const {body: columns} = await call(clew, 'GET', '/1/columns/grafana');
    assert.ok(columns.every(({id, key_name, type, created_at, last_written}) => id && key_name && type && !Number.isNaN(Date.parse(created_at) + Date.parse(last_written))));
    assert.deepEqual((await call(clew, 'GET', '/1/slos/grafana')).body, []);
  });

  test('what is not there is 404, what is no JSON 400', async () => {
    assert.equal((await call(clew, 'POST', '/1/queries/nowhere', {})).status, 404);
    assert.equal((await call(clew, 'GET', '/1/queries/shop-api/nothing')).status, 404);
    assert.equal((await call(clew, 'POST', '/1/query_results/shop-api', {query_id: 'nothing'})).status, 404);
    assert.equal((await call(clew, 'GET', '/1/query_results/shop-api/nothing')).status, 404);
    const {status, body} = await call(clew, 'POST', '/1/queries/shop-api', '{');
    assert.equal(status, 400);
    assert.equal(body.error, 'could not parse request body');
    assert.equal((await call(clew, 'POST', '/1/query_results/shop-api', {})).status, 422);
    const {body: query} = await call(clew, 'POST', '/1/queries/shop-api', {});
    const many = await call(clew, 'POST', '/1/query_results/shop-api', {query_id: query.id, limit: 5000});
    assert.deepEqual([many.status, many.body.type_detail[0].field], [422, 'limit']);
  });

  test('OpenTelemetry: the dataset is the service, or unknown_service', async () => {
    const span = (name) => ({traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174', name, kind: 2, startTimeUnixNano: `${at}000000000`, endTimeUnixNano: `${at}000001000`});
    const resource = (service) => ({attributes: service ? [{key: 'service.name', value: {stringValue: service}}] : []});
    for (const service of [' Front End ', 'unknown_service:node', undefined]) {
      await call(clew, 'POST', '/v1/traces', {resourceSpans: [{resource: resource(service), scopeSpans: [{spans: [span(`of ${service}`)]}]}]});
    }
    const names = async (dataset) => (await ask(clew, dataset, {breakdowns: ['name'], orders: [{column: 'name'}], time_range: 3600}, {disable_series: true})).data.results.map(({data}) => data.name);
    assert.deepEqual(await names('front-end'), ['of  Front End ']);
    assert.deepEqual(await names('unknown_service'), ['of undefined', 'of unknown_service:node']);
    const {body} = await call(clew, 'GET', '/1/datasets');
    assert.deepEqual(body.map(({slug, name}) => [slug, name]).filter(([slug]) => !slug.startsWith('map')), [['compared', 'compared'], ['front-end', 'Front End'], ['grafana', 'grafana'], ['other', 'other'], ['running', 'running'], ['shop-api', 'Shop API'], ['unknown_service', 'unknown_service']]);
  });
});
