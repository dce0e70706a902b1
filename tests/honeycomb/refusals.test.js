// Questions that make no sense: a table of specifications, each with the member that the answer must name.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';

import {call, Clew} from './honeycomb.js';

const many = (item) => Array.from({length: 101}, (_, i) => typeof item === 'function' ? item(i) : item);
const heatmap = {op: 'HEATMAP', column: 'n', name: 'h'}, count = {op: 'COUNT', name: 'a'};

const refusals = [
  // wrong types
  [{limit: 'ten'}, 'limit', 'incorrect_type'], [{limit: 1.5}, 'limit', 'invalid'], [{time_range: 'day'}, 'time_range', 'incorrect_type'], [{granularity: 'x'}, 'granularity', 'incorrect_type'],
  [{calculations: {}}, 'calculations', 'incorrect_type'], [{calculations: ['COUNT']}, 'calculations[0]', 'incorrect_type'], [{calculations: [{op: 5}]}, 'calculations[0].op', 'incorrect_type'],
  [{calculations: [{op: 'SUM', column: 5}]}, 'calculations[0].column', 'incorrect_type'], [{filters: ['n']}, 'filters[0]', 'incorrect_type'], [{filters: [{column: 'n', op: '=', value: {}}]}, 'filters[0].value', 'incorrect_type'],
  [{filters: [{column: 'n', op: '=', value: [1]}]}, 'filters[0].value', 'incorrect_type'], [{filters: [{column: 'n', op: 'in', value: 5}]}, 'filters[0].value', 'incorrect_type'],
  [{filters: [{column: 'n', op: 'in', value: [[1]]}]}, 'filters[0].value[0]', 'incorrect_type'], [{breakdowns: 'name'}, 'breakdowns', 'incorrect_type'], [{breakdowns: [5]}, 'breakdowns[0]', 'incorrect_type'],
  [{havings: [{calculate_op: 'COUNT', op: '>', value: 'x'}]}, 'havings[0].value', 'incorrect_type'], [{compare_time_offset_seconds: 'day'}, 'compare_time_offset_seconds', 'incorrect_type'],
  // what is missing, or there too much
  [{filters: [{op: '=', value: 1}]}, 'filters[0].column', 'missing'], [{filters: [{column: 'n'}]}, 'filters[0].op', 'missing'], [{filters: [{column: 'n', op: 'exists', value: 1}]}, 'filters[0].value', 'invalid'],
  [{calculations: [{op: 'SUM', column: ''}]}, 'calculations[0].column', 'invalid'], [{breakdowns: ['']}, 'breakdowns[0]', 'invalid'], [{formulas: [{expression: '1'}]}, 'formulas[0].name', 'missing'],
  [{calculations: [{op: 'COUNT', filters: [{column: 'n', op: 'exists'}]}]}, 'calculations[0].name', 'invalid'], [{havings: [{calculate_op: 'COUNT', op: '>'}]}, 'havings[0].value', 'missing'],
  [{calculated_fields: [{name: 'f'}]}, 'calculated_fields[0].expression', 'missing'],
  // too many
  [{calculations: many((i) => ({op: 'COUNT', name: `c${i}`}))}, 'calculations', 'invalid'], [{filters: many({column: 'n', op: 'exists'})}, 'filters', 'invalid'], [{breakdowns: many('name')}, 'breakdowns', 'invalid'],
  [{calculated_fields: many((i) => ({name: `f${i}`, expression: '1'}))}, 'calculated_fields', 'invalid'],
  // unknown columns, wherever one may stand
  [{calculations: [{op: 'SUM', column: 'nope'}]}, 'calculations[0].column', 'invalid'], [{filters: [{column: 'root.nope', op: 'exists'}]}, 'filters[0].column', 'invalid'], [{breakdowns: ['name', 'parent.nope']}, 'breakdowns[1]', 'invalid'],
  [{calculations: [{...count, filters: [{column: 'nope', op: 'exists'}]}]}, 'calculations[0].filters[0].column', 'invalid'],
  // impossible combinations
  [{calculations: [count, count]}, 'calculations[1].name', 'invalid'], [{calculations: [{op: 'SUM', column: 'root.n'}]}, 'calculations[0].column', 'invalid'],
  [{calculations: [{...count, filters: [{column: 'any.n', op: 'exists'}]}]}, 'calculations[0].filters', 'invalid'], [{breakdowns: ['none.name']}, 'breakdowns[0]', 'invalid'],
  [{filters: [{column: 'root.n', op: 'exists'}, {column: 'n', op: 'exists'}], filter_combination: 'OR'}, 'filter_combination', 'invalid'], [{filter_combination: 'XOR'}, 'filter_combination', 'invalid'],
  [{formulas: [{name: 'f', expression: '$a'}]}, 'formulas[0].expression', 'invalid'], [{calculations: [count], formulas: [{name: 'f', expression: '$a +'}]}, 'formulas[0].expression', 'invalid'],
  [{calculations: [heatmap], formulas: [{name: 'f', expression: '$h'}]}, 'formulas[0].expression', 'invalid'], [{calculated_fields: [{name: 'f', expression: 'IF('}]}, 'calculated_fields[0].expression', 'invalid'],
  [{calculated_fields: [{name: 'f', expression: '$g'}, {name: 'g', expression: '$f'}]}, 'calculated_fields[0].expression', 'invalid'],
  [{orders: [{op: 'COUNT', order: 'up'}]}, 'orders[0].order', 'invalid'], [{orders: [{column: 'name'}]}, 'orders[0]', 'invalid'], [{calculations: [heatmap], orders: [{op: 'HEATMAP', column: 'n'}]}, 'orders[0].op', 'invalid'],
  [{havings: [{calculate_op: 'COUNT', op: 'contains', value: 1}]}, 'havings[0].op', 'invalid'], [{calculations: [heatmap], havings: [{calculate_op: 'HEATMAP', column: 'n', op: '>', value: 1}]}, 'havings[0].calculate_op', 'invalid'],
  // times and numbers out of bounds
  [{time_range: -1}, 'time_range', 'invalid'], [{time_range: 0}, 'time_range', 'invalid'], [{start_time: 9e18}, 'start_time', 'invalid'], [{start_time: 10, end_time: 5}, 'end_time', 'invalid'],
  [{granularity: 0.5}, 'granularity', 'invalid'], [{time_range: 60, granularity: 61}, 'granularity', 'invalid'], [{limit: -1}, 'limit', 'invalid'], [{limit: 1e12}, 'limit', 'invalid'],
];

describe('questions that make no sense', () => {
  let clew;
  before(async () => {
    clew = await Clew.start();
    await call(clew, 'POST', '/1/batch/shop', [{data: {name: 'GET', n: 1, duration_ms: 2}}]);
  });
  after(() => clew?.stop());

  for (const [specification, field, code] of refusals) {
    const text = JSON.stringify(specification);
    test(`${field}: ${text.length > 100 ? `${text.slice(0, 100)}…` : text}`, async () => {
      const {status, type, body} = await call(clew, 'POST', '/1/queries/shop', specification);
      assert.deepEqual([status, type, body.status, body.error], [422, 'application/problem+json', 422, 'The provided input is invalid.'], JSON.stringify(body));
      assert.deepEqual(body.type_detail.map((one) => [one.field, one.code]), [[field, code]]);
      assert.ok(body.type_detail[0].description.length > 5);
    });
  }

  test('the same within a trigger names the field behind "query."', async () => {
    const {status, body} = await call(clew, 'POST', '/1/triggers/shop', {name: 't', threshold: {op: '>', value: 1}, query: {calculations: [{op: 'COUNT'}], havings: [{calculate_op: 'COUNT', op: 'contains', value: 1}]}});
    assert.deepEqual([status, body.type_detail.map(({field}) => field)], [422, ['query.havings[0].op']]);
  });

  for (const [body, status, error] of [['', 400, 'could not parse request body'], ['[]', 400, 'could not parse request body'], ['{"limit":', 400, 'could not parse request body']]) {
    test(`a body that is none: ${JSON.stringify(body)}`, async () => {
      const answer = await call(clew, 'POST', '/1/queries/shop', body);
      assert.deepEqual([answer.status, answer.body.error, answer.body.type], [status, error, 'https://api.honeycomb.io/problems/unparseable']);
    });
  }

  test('results of what is not there', async () => {
    const {body: query} = await call(clew, 'POST', '/1/queries/shop', {});
    const faults = async (wish) => (await call(clew, 'POST', '/1/query_results/shop', wish)).body.type_detail?.map(({field, code}) => [field, code]);
    assert.deepEqual(await faults({}), [['query_id', 'missing']]);
    assert.deepEqual(await faults({query_id: query.id, limit: 1001}), [['limit', 'invalid']]);
    assert.deepEqual(await faults({query_id: query.id, limit: 10_001, disable_series: true}), [['limit', 'invalid']]);
    assert.deepEqual(await faults({query_id: query.id, limit: 'x'}), [['limit', 'invalid']]);
    for (const [method, path, body] of [['POST', '/1/query_results/shop', {query_id: 'nothing'}], ['GET', '/1/query_results/shop/nothing'], ['GET', '/1/queries/shop/nothing'], ['POST', '/1/queries/nowhere', {}]]) {
      const answer = await call(clew, method, path, body);
      assert.deepEqual([path, answer.status, answer.body.status, typeof answer.body.error], [path, 404, 404, 'string']);
    }
  });
});
