// Assistants: the SDK of the Model Context Protocol as the client, through `clew mcp` and over HTTP.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {Client} from '@modelcontextprotocol/sdk/client/index.js';
import {StdioClientTransport} from '@modelcontextprotocol/sdk/client/stdio.js';
import {StreamableHTTPClientTransport} from '@modelcontextprotocol/sdk/client/streamableHttp.js';

import {binary} from '../clients/clew.js';
import {call, Clew} from './honeycomb.js';

const trace = '5b8efff798038103d269b633813fc60c', span = 'eee19b7ec3c1b174';

describe('the Model Context Protocol', () => {
  let clew;
  before(async () => {
    clew = await Clew.start({keys: {secret: 'default'}});
    const events = [];
    for (let i = 0; i < 200; ++i) events.push({data: {name: i % 2 ? 'GET' : 'POST', duration_ms: i < 20 ? 900 : 10, region: i < 20 ? 'eu-slow' : 'us', n: 1}});
    events.push({data: {'trace.trace_id': trace, 'trace.span_id': span, name: 'root', duration_ms: 5, 'app.user': 'ada'}});
    const {body} = await call(clew, 'POST', '/1/batch/Shop', events, {key: 'secret'});
    assert.ok(body.every(({status}) => status === 202));
    await call(clew, 'POST', '/1/events/other', {only: 1}, {key: 'secret'});
  });
  after(() => clew?.stop());

  const transports = {
    'clew mcp': () => new StdioClientTransport({command: binary, args: ['mcp', '--server', clew.http, '--key', 'secret']}),
    'HTTP /mcp': () => new StreamableHTTPClientTransport(new URL(`${clew.http}/mcp`), {requestInit: {headers: {'x-honeycomb-team': 'secret'}}}),
  };
  for (const [name, open] of Object.entries(transports)) {
    test(name, async () => {
      const client = new Client({name: 'test', version: '1'});
      await client.connect(open());
      try {
        assert.equal(client.getServerVersion().name, 'clew');
        const {tools} = await client.listTools();
        assert.deepEqual(tools.map((tool) => tool.name), ['list_datasets', 'list_columns', 'run_query', 'get_trace', 'bubble_up']);
        const use = async (tool, parameters = {}) => {
          const result = await client.callTool({name: tool, arguments: parameters});
          assert.equal(result.isError, false, JSON.stringify(result.content));
          assert.deepEqual(JSON.parse(result.content[0].text), result.structuredContent);
          return result.structuredContent;
        };
        assert.deepEqual((await use('list_datasets')).datasets, [{slug: 'other', name: 'other'}, {slug: 'shop', name: 'Shop'}]);
        assert.deepEqual((await use('list_columns', {dataset: 'shop', search: 'region'})).columns, [{name: 'region', type: 'string'}]);
        const specification = await use('run_query', {dataset: 'shop', query: {calculations: [{op: 'COUNT'}], breakdowns: ['region'], filters: [{column: 'n', op: 'exists'}]}});
        assert.deepEqual(specification.results, [{data: {region: 'us', COUNT: 180}}, {data: {region: 'eu-slow', COUNT: 20}}]);
        const short = await use('run_query', {dataset: 'shop', short: 'COUNT, MAX(duration_ms) WHERE region = eu-slow'});
        assert.deepEqual(short.results, [{data: {COUNT: 20, 'MAX(duration_ms)': 900}}]);
        const {spans} = await use('get_trace', {trace_id: trace});
        assert.deepEqual(spans.map(({span_id, name: what, duration_ms, attributes}) => [span_id, what, duration_ms, attributes['app.user']]), [[span, 'root', 5, 'ada']]);
        const {columns, selected_rows} = await use('bubble_up', {dataset: 'shop', selection: [{column: 'duration_ms', op: '>', value: 100}]});
        assert.equal(selected_rows, 20);
        assert.equal(columns[0].column, 'region');
        assert.equal(columns[0].values.find(({value}) => value === 'eu-slow').selected_percent, 100);

        const wrong = await client.callTool({name: 'run_query', arguments: {dataset: 'shop', query: {breakdowns: ['regoin']}}});
        assert.equal(wrong.isError, true);
        assert.match(wrong.content[0].text, /unknown column: regoin; the nearest is region/);
        const wrongLine = await client.callTool({name: 'run_query', arguments: {dataset: 'Shop', short: 'COUNT WHERE regoin = us GROUP BY name'}});
        assert.deepEqual([wrongLine.isError, wrongLine.content[0].text], [true, 'unknown column: regoin; the nearest is region']);
        const nowhere = await client.callTool({name: 'list_columns', arguments: {dataset: 'shpo'}});
        assert.deepEqual([nowhere.isError, nowhere.content[0].text], [true, 'there is no dataset shpo; there are: other, shop']);
        assert.deepEqual((await use('list_columns', {dataset: 'other', search: 'only'})).columns, [{name: 'only', type: 'int64'}]);
        assert.deepEqual((await use('list_columns', {dataset: 'other', search: 'region'})).columns, []);
        const {series} = await use('run_query', {dataset: 'shop', query: {calculations: [{op: 'SUM', column: 'n'}], filters: [{column: 'n', op: 'exists'}], granularity: 3600}, series: true});
        assert.equal(series.reduce((sum, point) => sum + point.data['SUM(n)'], 0), 200);
        await assert.rejects(client.callTool({name: 'nothing', arguments: {}}), /Unknown tool/);
        await client.ping();
      } finally {
        await client.close();
      }
    });
  }

  test('messages that are none, keys that are wrong, pages of other origins', async () => {
    const post = (body, options = {}) => call(clew, 'POST', '/mcp', body, {key: 'secret', ...options});
    assert.equal((await post('{')).body.error.code, -32700);
    assert.equal((await post({id: 1, method: 'ping'})).body.error.code, -32600);
    assert.equal((await post({jsonrpc: '2.0', id: 1, method: 'no/such'})).body.error.code, -32601);
    assert.deepEqual([(await post({jsonrpc: '2.0', method: 'notifications/initialized'})).status], [202]);
    assert.deepEqual((await post([{jsonrpc: '2.0', id: 1, method: 'ping'}])).body, [{jsonrpc: '2.0', id: 1, result: {}}]);
    assert.equal((await post({jsonrpc: '2.0', id: 1, method: 'ping'}, {key: 'wrong'})).status, 401);
    assert.equal((await post({jsonrpc: '2.0', id: 1, method: 'ping'}, {headers: {origin: 'https://evil.example'}})).status, 403);
  });
});
