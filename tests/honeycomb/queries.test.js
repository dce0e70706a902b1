// Questions through the query API: as Terraform makes them and as Grafana's data source asks them.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';

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
      [{time_range: 7200, granularity: 7201}, 'granularity', 'invalid'], [{time_range: 86400, granularity: 1}, 'granularity', 'invalid'],
      [{orders: [{op: 'MAX', column: 'duration_ms'}]}, 'orders[0]', 'invalid'], [{havings: [{calculate_op: 'SUM', column: 'duration_ms', op: '>', value: 1}]}, 'havings[0]', 'invalid'],
      [{time_range: 60, start_time: 1, end_time: 61}, 'time_range', 'invalid'],
    ];
    for (const [specification, field, code] of cases) assert.deepEqual([specification, await refused(specification)], [specification, [[field, code]]]);
    const {body} = await call(clew, 'POST', '/1/queries/shop-api', {breakdowns: ['nmae']});
    assert.equal(body.type_detail[0].description, 'unknown column: nmae; the nearest is name');
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
    assert.equal((await call(clew, 'POST', '/1/query_results/shop-api', {query_id: query.id, limit: 5000})).status, 422);
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
    assert.deepEqual(body.map(({slug, name}) => [slug, name]), [['front-end', 'Front End'], ['other', 'other'], ['shop-api', 'Shop API'], ['unknown_service', 'unknown_service']]);
  });
});
