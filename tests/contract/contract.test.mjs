// Every operation of docs/api/openapi.yaml against a running clew: it exists, and what it really answers is as described.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {complaintsAbout, complaintsAboutSchema, description, operations} from './description.js';
import {childId, logs, metrics, rootId, traceId, traces} from './traffic.js';

process.env.CLEW_BINARY ??= process.env.CLEW ?? 'build/release/clew';
const {Clew, sleep} = await import('../clients/clew.js');

let clew;
const now = Date.now();

async function call(path, {method = 'GET', headers = {}, body, key} = {}) {
  const response = await fetch(clew.http + path, {
    method, headers: {...(key && {'x-honeycomb-team': key}), ...(body !== undefined && {'content-type': 'application/json'}), ...headers},
    body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const type = response.headers.get('content-type');
  return {status: response.status, type, headers: response.headers, text, body: type?.startsWith('application/json') ? JSON.parse(text) : text};
}

const operation = (method, path) => {
  const found = operations.find((candidate) => candidate.method === method && candidate.path === path);
  assert.ok(found, `${method} ${path} is described`);
  return found;
};

// Calls, and holds the answer against the description of `described`.
async function answer(described, path, options = {}) {
  const response = await call(path, options);
  assert.deepEqual(complaintsAbout(operation(options.method ?? 'GET', described), response.status, response.type, response.body), [],
    `${path}: ${response.status} ${response.text.slice(0, 2000)}`);
  return response;
}

async function expectAnswer(described, path, options) {
  const response = await answer(described, path, options);
  assert.equal(response.status, 200, `${path}: ${response.text.slice(0, 500)}`);
  return response.body;
}

async function expectRefusal(described, path, {status, kind, field, ...options}) {
  const response = await answer(described, path, options);
  assert.equal(response.status, status, `${path}: ${response.text.slice(0, 500)}`);
  assert.equal(response.body.kind, kind);
  assert.equal(response.body.field, field);
  return response.body;
}

const ask = (question, options = {}) => expectAnswer('/clew/v1/query', '/clew/v1/query', {method: 'POST', body: question, ...options});

before(async () => {
  clew = await Clew.start();
});
after(() => clew?.stop());

describe('before anything arrived', () => {
  test('the status says so', async () => {
    const status = await expectAnswer('/clew/v1/status', '/clew/v1/status');
    assert.equal(status.has_data, false);
    assert.equal(status.environment.keys_required, false);
    assert.ok(status.setup.length > 0);
    assert.ok(status.doors.some(({port}) => port === clew.ports[0]));
  });
  for (const [described, path] of [
    ['/clew/v1/services', '/clew/v1/services'], ['/clew/v1/traces', '/clew/v1/traces'], ['/clew/v1/logs', '/clew/v1/logs'],
    ['/clew/v1/logs/patterns', '/clew/v1/logs/patterns'],
    ['/clew/v1/metrics', '/clew/v1/metrics'], ['/clew/v1/columns', '/clew/v1/columns'], ['/clew/v1/values', '/clew/v1/values?column=name'],
    ['/clew/v1/arrivals', '/clew/v1/arrivals'], ['/clew/v1/map', '/clew/v1/map'],
  ]) {
    test(`${path} is an empty answer`, () => expectAnswer(described, path));
  }
  test('a question has an empty answer', async () => {
    const result = await ask({query: 'COUNT'});
    assert.equal(result.partial, false);
  });
  test('the stream greets, and tells when a trace arrives', async () => {
    const controller = new AbortController();
    const response = await fetch(`${clew.http}/clew/v1/stream`, {signal: controller.signal});
    assert.equal(response.headers.get('content-type'), 'text/event-stream');
    const events = [];
    const reading = (async () => {
      let text = '';
      for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
          const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(text.slice(0, end)) ?? [];
          if (event) events.push({event, data: JSON.parse(data)});
        }
        if (events.some(({event}) => event === 'arrived')) return;
      }
    })();
    for (const end = Date.now() + 20_000; events.length === 0 && Date.now() < end;) await sleep(10);
    for (const [path, body] of [['/v1/traces', traces(now)], ['/v1/logs', logs(now)], ['/v1/metrics', metrics(now)]]) {
      assert.equal((await call(path, {method: 'POST', body})).status, 200);
    }
    await Promise.race([reading, sleep(20_000)]);
    controller.abort();
    await reading.catch(() => {});
    assert.equal(events[0]?.event, 'hello');
    assert.deepEqual(events[0].data.rows, {traces: 0, logs: 0, metrics: 0});
    const arrived = events.find(({event}) => event === 'arrived');
    assert.ok(arrived, JSON.stringify(events));
    for (const {data} of events) assert.deepEqual(complaintsAboutSchema('StreamEvent', data), []);
  });
});

describe('with a trace, logs and metrics', () => {
  test('the status counts them', async () => {
    const status = await expectAnswer('/clew/v1/status', '/clew/v1/status');
    assert.equal(status.has_data, true);
    assert.deepEqual(Object.values(status.counts).map(({rows}) => rows), [5, 2, 2]);
  });

  test('services', async () => {
    const {services} = await expectAnswer('/clew/v1/services', '/clew/v1/services');
    assert.deepEqual(services.map(({name, spans, errors}) => ({name, spans, errors})), [{name: 'shop', spans: 3, errors: 1}]);
    assert.ok(services[0].p95_ms > 0);
  });

  test('the map of services', async () => {
    const {nodes, edges} = await expectAnswer('/clew/v1/map', '/clew/v1/map');
    assert.deepEqual(nodes.map(({kind, name, root, requests, faults}) => ({kind, name, root, requests, faults})), [
      {kind: 'service', name: 'shop', root: true, requests: 2, faults: 1},
      {kind: 'client', name: 'shop', root: false, requests: 0, faults: 0},
      {kind: 'remote', name: 'SELECT cart', root: false, requests: 1, faults: 1},
    ]);
    assert.deepEqual(edges.map(({from, to, requests}) => [from, to, requests]), [[0, 2, 1], [1, 0, 2]]);
    const failed = await expectAnswer('/clew/v1/map', '/clew/v1/map?q=error%20%3D%20true');
    assert.equal(failed.edges.length, 1);
  });

  test('traces, the newest first', async () => {
    const answered = await expectAnswer('/clew/v1/traces', '/clew/v1/traces?limit=10');
    assert.equal(answered.total, 2);
    assert.deepEqual(answered.traces.map(({trace_id}) => trace_id), ['ffffffffffffffffffffffffffffff01', traceId]);
    const [orphan, whole] = answered.traces;
    assert.equal(orphan.root, null);
    assert.deepEqual(whole.root, {service: 'shop', name: 'GET /cart'});
    assert.equal(whole.duration_ms, 100);
    assert.equal(whole.errors, 1);
  });
  for (const [situation, search, expected] of [
    ['a service', 'service=shop', 2], ['another service', 'service=other', 0], ['a name', 'name=SELECT%20cart', 1], ['errors', 'errors=1', 1],
    ['a shortest duration', 'min_ms=50', 1], ['a longest duration', 'max_ms=50', 1], ['a condition', 'q=http.response.status_code%20%3E%3D%20500', 1],
    ['a range', 'from=now-2h&to=now-1h', 0], ['a service and a name', 'service=shop&name=GET%20%2Fcart', 1],
  ]) {
    test(`traces by ${situation}`, async () => {
      const answered = await expectAnswer('/clew/v1/traces', `/clew/v1/traces?${search}`);
      assert.equal(answered.traces.length, expected);
      assert.equal(answered.total, expected);
    });
  }

  test('the outline of a trace', async () => {
    const trace = await expectAnswer('/clew/v1/traces/{trace_id}', `/clew/v1/traces/${traceId}`);
    const {columns} = trace;
    assert.equal(trace.spans, 2);
    assert.equal(trace.logs, 1);
    for (const [name, values] of Object.entries(columns)) assert.equal(values.length, trace.spans, name);
    assert.deepEqual(columns.span_id, [rootId, childId]);
    assert.deepEqual(columns.parent, [-1, 0]);
    assert.deepEqual(columns.start_offset_ns, [0, 20_000_000]);
    assert.deepEqual(columns.duration_ns, [100_000_000, 20_000_000]);
    assert.deepEqual(columns.name.map((i) => trace.names[i]), ['GET /cart', 'SELECT cart']);
    assert.deepEqual(columns.service.map((i) => trace.services[i]), ['shop', 'shop']);
    assert.deepEqual(columns.kind, [2, 3]);
    assert.deepEqual(columns.status, [0, 2]);
    assert.deepEqual(columns.error, [0, 1]);
    assert.deepEqual(columns.event_count, [1, 0]);
    assert.deepEqual(columns.link_count, [1, 0]);
  });
  for (const [situation, spelling] of [
    ['capitals', traceId.toUpperCase()], ['dashes', '5b8efff7-9803-8103-d269-b633813fc60c'],
    ['X-Ray', '1-5b8efff7-98038103d269b633813fc60c'], ['traceparent', `00-${traceId}-${rootId}-01`],
  ]) {
    test(`a trace by its id in ${situation}`, async () => {
      const trace = await expectAnswer('/clew/v1/traces/{trace_id}', `/clew/v1/traces/${spelling}`);
      assert.equal(trace.trace_id, traceId);
    });
  }
  test('a span whose parent has not arrived', async () => {
    const {columns} = await expectAnswer('/clew/v1/traces/{trace_id}', '/clew/v1/traces/ffffffffffffffffffffffffffffff01');
    assert.deepEqual(columns.parent, [-1]);
    assert.deepEqual(columns.orphan, [1]);
  });

  test('everything of a span', async () => {
    const span = await expectAnswer('/clew/v1/traces/{trace_id}/spans/{span_id}', `/clew/v1/traces/${traceId}/spans/${rootId}`);
    assert.equal(span.name, 'GET /cart');
    assert.equal(span.service, 'shop');
    assert.equal(span.kind, 'server');
    assert.equal(span.trace_state, 'a=1');
    assert.deepEqual(span.status, {code: 'unset', message: null});
    assert.deepEqual(span.attributes, [
      {key: 'http.response.status_code', type: 'int64', value: 500}, {key: 'http.route', type: 'string', value: '/cart'},
      {key: 'large', type: 'int64', value: '9223372036854775807'}, {key: 'list', type: 'json', value: '[1,"two"]'},
      {key: 'not a number', type: 'float64', value: 'NaN'}, {key: 'ok', type: 'boolean', value: false},
      {key: 'ratio', type: 'float64', value: 0.25}, {key: 'raw', type: 'bytes', value: 'AAEC'},
    ]);
    assert.deepEqual(span.resource.attributes.map(({key}) => key), ['host.cpus', 'service.name']);
    assert.equal(span.resource.schema_url, 'https://opentelemetry.io/schemas/1.26.0');
    assert.equal(span.instrumentation_scope.name, 'shop.http');
    assert.deepEqual(span.instrumentation_scope.attributes, [{key: 'scope.flag', type: 'boolean', value: true}]);
    assert.equal(span.events.length, 1);
    assert.equal(span.events[0].name, 'cache miss');
    assert.equal(span.events[0].offset_ns, 50_000_000);
    assert.equal(span.events[0].dropped_attributes, 1);
    assert.deepEqual(span.links.map(({trace_id, span_id}) => [trace_id, span_id]), [['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331']]);
    assert.deepEqual(span.logs.map(({body, severity}) => [severity, body]), [['warn', {type: 'string', value: 'cart is slow'}]]);
    assert.deepEqual(span.dropped, {attributes: 2, events: 0, links: 0});
  });
  test('a failed span', async () => {
    const span = await expectAnswer('/clew/v1/traces/{trace_id}/spans/{span_id}', `/clew/v1/traces/${traceId}/spans/${childId}`);
    assert.deepEqual(span.status, {code: 'error', message: 'no connection'});
    assert.equal(span.error, true);
    assert.equal(span.parent_id, rootId);
  });

  test('a trace goes out as it came in', async () => {
    const document = await expectAnswer('/clew/v1/traces/{trace_id}/otlp', `/clew/v1/traces/${traceId}/otlp`);
    const [sent] = traces(now).resourceSpans;
    const [got] = document.resourceSpans;
    const byKey = (attributes) => Object.fromEntries(attributes.map(({key, value}) => [key, value]));
    assert.deepEqual(byKey(got.resource.attributes), byKey(sent.resource.attributes));
    assert.equal(got.schemaUrl, sent.schemaUrl);
    assert.deepEqual(got.scopeSpans[0].scope, sent.scopeSpans[0].scope);
    const [root] = got.scopeSpans[0].spans;
    const [sentRoot] = sent.scopeSpans[0].spans;
    assert.deepEqual(byKey(root.attributes), byKey(sentRoot.attributes));
    for (const member of ['traceId', 'spanId', 'name', 'kind', 'startTimeUnixNano', 'endTimeUnixNano', 'traceState', 'droppedAttributesCount', 'events']) {
      assert.deepEqual(root[member], sentRoot[member], member);
    }
    assert.deepEqual(root.links, sentRoot.links);
    assert.equal((await call('/v1/traces', {method: 'POST', body: document})).status, 200, 'and is taken again');
  });
});

describe('questions', () => {
  test('groups, totals and lines', async () => {
    const result = await ask({query: 'COUNT, P95(duration_ms) WHERE service.name = shop GROUP BY name', series: true});
    assert.deepEqual(result.columns.map(({name, role}) => [name, role]), [['name', 'group'], ['COUNT', 'calculation'], ['P95(duration_ms)', 'calculation']]);
    assert.equal(result.columns[2].unit, 'ms');
    assert.equal(result.totals[0], null);
    assert.ok(result.rows.some(([name]) => name === 'GET /cart'));
    assert.ok(result.series.lines.every(({values}) => values.length === result.series.steps));
    const total = result.series.lines.find(({row, column}) => row === -1 && column === 1);
    assert.equal(total.values.reduce((sum, value) => sum + (value ?? 0), 0), result.totals[1]);
  });
  test('a heat map', async () => {
    const result = await ask({query: 'HEATMAP(duration_ms)'});
    const [map] = result.series.heatmaps;
    assert.equal(map.counts.length, result.series.steps);
    assert.ok(map.counts.every((counts) => counts.length === 0 || counts.length === map.bounds.length - 1));
    assert.ok(map.counts.flat().some((count) => count > 0));
  });
  test('of logs', async () => {
    const result = await ask({query: 'COUNT GROUP BY severity', signal: 'logs'});
    assert.deepEqual(result.rows.map(([severity]) => severity).sort(), ['error', 'warn']);
  });
  test('as a specification', async () => {
    const result = await ask({specification: {
      calculations: [{op: 'COUNT'}], breakdowns: ['service.name'], filters: [{column: 'name', op: '=', value: 'GET /cart'}], time_range: 3600}});
    assert.equal(result.rows[0][0], 'shop');
  });
  test('as a specification with calculated fields, formulas, other spans of the trace and an earlier period', async () => {
    const result = await ask({specification: {
      calculated_fields: [{name: 'speed', expression: 'IF($duration_ms >= 100, "slow", "fast")'}],
      calculations: [{op: 'COUNT', name: 'all'}, {op: 'COUNT', name: 'failed', filters: [{column: 'error', op: '=', value: true}]}],
      formulas: [{name: 'share', expression: '$failed / $all'}], breakdowns: ['root.name', 'speed'],
      filters: [{column: 'root.name', op: '=', value: 'GET /cart'}, {column: 'trace.span_id', op: 'exists'}],
      orders: [{column: 'share', order: 'descending'}], time_range: 1800, compare_time_offset_seconds: 3600}});
    assert.deepEqual(result.columns.map(({name}) => name), ['root.name', 'speed', 'all', 'failed', 'share']);
    assert.deepEqual(result.rows.map(([, speed, , , share]) => [speed, share]), [['fast', 1], ['slow', 0]]);
    assert.deepEqual(result.earlier.rows, []);
    assert.equal(BigInt(result.range.from_ns) - BigInt(result.earlier.range.from_ns), 3_600_000_000_000n);
  });
  test('stored rows of any range', async () => {
    const result = await ask({query: 'ROWS name, root.name, duration_ms WHERE name = "SELECT cart"', from: '2020-01-01T00:00:00Z', to: 'now+1m'});
    assert.deepEqual(result.rows[0], ['SELECT cart', 'GET /cart', 20]);
  });
  test('a column that nobody sends is noted', async () => {
    const result = await ask({query: 'COUNT WHERE http.rout = x'});
    assert.match(result.notes.join(), /http\.rout.*http\.route/);
  });
  test('line by line', async () => {
    const response = await call('/clew/v1/query', {method: 'POST', body: {query: 'COUNT'}, headers: {accept: 'application/x-ndjson'}});
    assert.equal(response.type, 'application/x-ndjson');
    const lines = response.text.trimEnd().split('\n').map((line) => JSON.parse(line));
    for (const line of lines) assert.deepEqual(complaintsAboutSchema('AnswerLine', line), []);
    assert.ok(lines.at(-1).result);
  });
  test('line by line, with a first look where there is one', async () => {
    const response = await call('/clew/v1/query', {method: 'POST', body: {query: 'COUNT', from: 'now-30d', first_look_after_ms: 0},
      headers: {accept: 'application/x-ndjson'}});
    const lines = response.text.trimEnd().split('\n').map((line) => JSON.parse(line));
    for (const line of lines) assert.deepEqual(complaintsAboutSchema('AnswerLine', line), []);
    assert.ok(lines.at(-1).result);
  });
  test('a broken query is told where', async () => {
    const {error, position} = await expectRefusal('/clew/v1/query', '/clew/v1/query',
      {method: 'POST', body: {query: 'COUNT WHERE = 5'}, status: 400, kind: 'bad_input', field: 'query'});
    assert.equal(position, 12);
    assert.ok(!error.includes('\n'), error);
  });
  for (const [situation, body, field] of [
    ['no question at all', {}, 'query'], ['both kinds', {query: 'COUNT', specification: {}}, 'query'], ['a broken query', {query: 'COUNT WHERE'}, 'query'],
    ['an unknown member', {querry: 'COUNT'}, 'querry'], ['a wrong signal', {query: 'COUNT', signal: 'spans'}, 'signal'],
    ['a wrong time', {query: 'COUNT', from: 'yesterdayish'}, 'from'], ['an empty range', {query: 'COUNT', from: 'now', to: 'now-1h'}, 'from'],
    ['a wrong time limit', {query: 'COUNT', timeout_ms: 0}, 'timeout_ms'],
    ['a wrong time for a first look', {query: 'COUNT', first_look_after_ms: 0.5}, 'first_look_after_ms'], ['a wrong specification', {specification: {calculations: [{op: 'NOPE'}]}}, 'specification'],
    ['a wrong expression', {specification: {calculated_fields: [{name: 'f', expression: 'IF('}]}}, 'specification'],
    ['no object', '[]', undefined], ['no JSON', '{"query":', undefined],
  ]) {
    test(`${situation} is refused`, () => expectRefusal('/clew/v1/query', '/clew/v1/query', {method: 'POST', body, status: 400, kind: 'bad_input', field}));
  }
});

describe('what a question is going to cost', () => {
  const path = '/clew/v1/query/estimate';
  const estimate = (body) => expectAnswer(path, path, {method: 'POST', body});
  test('is no less than what it then takes', async () => {
    const question = {query: 'COUNT, P95(duration_ms) GROUP BY name', from: 'now-1h', to: 'now'};
    const {rows, bytes} = await estimate(question);
    const {cost} = await expectAnswer('/clew/v1/query', '/clew/v1/query', {method: 'POST', body: question});
    assert.ok(rows >= cost.rows_scanned && cost.rows_scanned > 0, `${rows} rows, ${cost.rows_scanned} scanned`);
    assert.ok(bytes >= cost.bytes_read);
  });
  test('is nothing where there is nothing', async () => {
    assert.equal((await estimate({query: 'COUNT', from: '2001-01-01T00:00:00Z', to: '2001-01-02T00:00:00Z'})).rows, 0);
  });
  test('a broken question is refused', () => expectRefusal(path, path, {method: 'POST', body: {query: 'COUNT WHERE'}, status: 400, kind: 'bad_input', field: 'query'}));
});

describe('what sets a selection apart', () => {
  const path = '/clew/v1/bubbleup';
  const compare = (question) => expectAnswer(path, path, {method: 'POST', body: question});
  // The whole trace has been sent twice by now.
  test('by a condition', async () => {
    const answered = await compare({query: 'COUNT WHERE trace.span_id exists', selection: {filter: 'error = true'}});
    assert.deepEqual([answered.selected_rows, answered.rest_rows], [2, 3]);
    const named = answered.columns.find(({column}) => column === 'name');
    assert.deepEqual(named.values.map(({value, selected, rest}) => [value, selected, rest]).sort(),
      [['GET /cart', 0, 2], ['SELECT cart', 2, 0], ['without its parent', 0, 1]].sort());
    assert.equal(answered.columns.find(({column}) => column === 'error').selects, true);
    assert.ok(!answered.columns.some(({column}) => column === 'trace.trace_id' || column === 'time'));
  });
  test('by the box of a heat map', async () => {
    const answered = await compare({query: 'HEATMAP(duration_ms)', selection: {from: 'now-1h', to: 'now', column: 'duration_ms', min: 50, max: 200}});
    assert.equal(answered.selected_rows, 2);
    assert.equal(answered.columns.find(({column}) => column === 'duration_ms').selects, true);
  });
  test('by filters, within logs', async () => {
    const answered = await compare({signal: 'logs', most_columns: 2, most_values: 1, selection: {filters: [{column: 'severity', op: '=', value: 'warn'}]}});
    assert.deepEqual([answered.selected_rows, answered.rest_rows, answered.columns.length], [1, 1, 2]);
    assert.ok(answered.columns_in_all > 2);
    assert.ok(answered.columns.every(({values}) => values.length === 1));
  });
  for (const [situation, body, field] of [
    ['no selection', {query: 'COUNT'}, 'selection'], ['nothing selected', {selection: {}}, 'selection'],
    ['an unknown member', {selection: {form: 'now'}}, 'selection.form'], ['a broken condition', {selection: {filter: '= 5'}}, 'selection.filter'],
    ['bounds of no column', {selection: {max: 5}}, 'selection.column'], ['a broken question', {query: 'COUNT WHERE', selection: {filter: 'a = 1'}}, 'query'],
  ]) {
    test(`${situation} is refused`, () => expectRefusal(path, path, {method: 'POST', body, status: 400, kind: 'bad_input', field}));
  }
});

describe('names, values, logs and metrics', () => {
  test('columns', async () => {
    const {columns} = await expectAnswer('/clew/v1/columns', '/clew/v1/columns?prefix=http.');
    assert.deepEqual(columns.map(({name}) => name), ['http.response.status_code', 'http.route']);
    assert.deepEqual(columns[0].types, ['int64']);
  });
  test('values', async () => {
    const {values} = await expectAnswer('/clew/v1/values', '/clew/v1/values?column=name&part=cart');
    assert.ok(values.some(({value}) => value === 'SELECT cart'));
    assert.ok(values.every(({value}) => value.includes('cart')));
  });
  test('logs, the newest first', async () => {
    const {logs: records, total} = await expectAnswer('/clew/v1/logs', '/clew/v1/logs');
    assert.equal(total, 2);
    const [failed, slow] = records;
    assert.equal(failed.event_name, 'checkout.failed');
    assert.equal(slow.body.value, 'cart is slow');
    assert.equal(slow.severity, 'warn');
    assert.equal(slow.severity_text, 'WARNING');
    assert.equal(slow.trace_id, traceId);
    assert.equal(slow.span_id, rootId);
    assert.equal(slow.service, 'shop');
    assert.deepEqual(slow.attributes, [{key: 'cart.items', type: 'int64', value: 3}]);
  });
  test('logs of a trace, by a condition, by a service', async () => {
    for (const [search, expected] of [[`trace_id=${traceId.toUpperCase()}`, 1], ['q=severity%20%3D%20error', 1], ['service=other', 0]]) {
      assert.equal((await expectAnswer('/clew/v1/logs', `/clew/v1/logs?${search}`)).logs.length, expected, search);
    }
  });
  test('logs folded into patterns', async () => {
    const {patterns, lines, total} = await expectAnswer('/clew/v1/logs/patterns', '/clew/v1/logs/patterns?service=shop');
    assert.deepEqual([lines, total], [2, 2]);
    const slow = patterns.find(({pattern}) => pattern === 'cart is slow');
    assert.deepEqual([slow.lines, slow.share, slow.example], [1, 0.5, 'cart is slow']);
    assert.deepEqual([slow.severities, slow.services], [[{value: 'warn', lines: 1}], [{value: 'shop', lines: 1}]]);
    assert.match('cart is slow', new RegExp(slow.regular_expression.replace('(?s)', '')));
    const found = await expectAnswer('/clew/v1/logs', `/clew/v1/logs?q=${encodeURIComponent(`body matches ${JSON.stringify(slow.regular_expression)}`)}`);
    assert.deepEqual(found.logs.map(({body}) => body.value), ['cart is slow']);
  });
  test('what stands around a log record', async () => {
    const [failed, slow] = (await expectAnswer('/clew/v1/logs', '/clew/v1/logs')).logs;
    const around = await expectAnswer('/clew/v1/logs/context', `/clew/v1/logs/context?at=${slow.time_ns}&line=cart%20is%20slow`);
    assert.deepEqual(around.logs, [slow, failed]);
    assert.equal(around.position, 0);
    assert.ok(around.source.some(({key, value}) => key === 'service.name' && value === 'shop'));
    const alone = await expectAnswer('/clew/v1/logs/context', `/clew/v1/logs/context?at=${failed.time_ns}&before=0`);
    assert.deepEqual([alone.logs.length, alone.more_before, alone.more_after], [1, true, false]);
  });
  test('metrics', async () => {
    const {metrics: names} = await expectAnswer('/clew/v1/metrics', '/clew/v1/metrics');
    assert.deepEqual(names.map(({name, kind, unit, points}) => ({name, kind, unit, points})), [
      {name: 'queue.length', kind: 'gauge', unit: '1', points: 1}, {name: 'reply.time', kind: 'histogram', unit: 'ms', points: 1}]);
    assert.equal((await expectAnswer('/clew/v1/metrics', '/clew/v1/metrics?prefix=queue')).metrics.length, 1);
  });
  test('arrivals name who sent', async () => {
    const {senders} = await expectAnswer('/clew/v1/arrivals', '/clew/v1/arrivals');
    assert.ok(senders.some(({door, requests}) => door === clew.ports[0] && requests > 0));
  });
});

describe('errors', () => {
  const path = '/clew/v1/errors';
  const rules = '/clew/v1/error-rules/grouping';
  test('an exception becomes an error', async () => {
    const stack = 'Traceback (most recent call last):\n  File "/srv/shop/cart.py", line 12, in pay\n    charge()\nValueError: no card 17\n';
    const response = await call('/v1/logs', {method: 'POST', body: {resourceLogs: [{scopeLogs: [{logRecords: [
      {timeUnixNano: `${BigInt(now) * 1000000n}`, severityNumber: 17, body: {stringValue: stack}}]}]}]}});
    assert.equal(response.status, 200);
    const {errors, total} = await expectAnswer(path, `${path}?q=valueerror&sort=occurrences`);
    assert.equal(total, 1);
    const {id} = errors[0];
    const error = await expectAnswer(`${path}/{id}`, `${path}/${id}`);
    assert.match(error.groups[0].hashed, /^frame: shop\/cart.py pay$/m);
    assert.deepEqual(error.latest.frames.map(({file, line}) => [file, line]), [['/srv/shop/cart.py', 12]]);
    const {occurrences} = await expectAnswer(`${path}/{id}/occurrences`, `${path}/${id}/occurrences`);
    assert.equal(occurrences.length, 1);
    await expectAnswer(`${path}/{id}/occurrences/{occurrence}`, `${path}/${id}/occurrences/${occurrences[0].id}`);
    const resolved = await expectAnswer(`${path}/{id}`, `${path}/${id}`, {method: 'POST', body: {state: 'resolved', resolved_in_version: '2.0.0'}});
    assert.equal(resolved.state, 'resolved');
    assert.equal((await expectAnswer(path, `${path}?state=active`)).errors.some((one) => one.id === id), false);
    await expectRefusal(`${path}/{id}/merge`, `${path}/${id}/merge`, {method: 'POST', body: {others: [id]}, status: 409, kind: 'conflict'});
    await expectRefusal(`${path}/{id}/unmerge`, `${path}/${id}/unmerge`, {method: 'POST', body: {}, status: 409, kind: 'conflict'});
  });
  test('rules', async () => {
    const body = {rules: [{condition: {path: 'exception.type', eq: 'ValueError'}, fingerprint: 'values'}]};
    const trial = await expectAnswer(`${rules}/dry-run`, `${rules}/dry-run`, {method: 'POST', body});
    assert.equal(trial.moved, 1);
    assert.deepEqual((await expectAnswer(rules, rules)).rules, []);
    assert.deepEqual(await expectAnswer(rules, rules, {method: 'POST', body}), body);
    assert.deepEqual(await expectAnswer(rules, rules), body);
    await expectRefusal(rules, rules, {method: 'POST', body: {rules: [{condition: {path: 'x', is: 1}}]}, status: 400, kind: 'bad_input', field: 'rules'});
    assert.deepEqual((await expectAnswer('/clew/v1/error-rules/notifications', '/clew/v1/error-rules/notifications')).rules, []);
    assert.deepEqual((await expectAnswer('/clew/v1/deploys', '/clew/v1/deploys')).deploys, []);
  });
  test('what makes no sense', async () => {
    await expectRefusal(path, `${path}?state=gone`, {status: 400, kind: 'bad_input', field: 'state'});
    await expectRefusal(`${path}/{id}`, `${path}/999`, {status: 404, kind: 'not_found'});
    await expectRefusal(`${path}/{id}`, `${path}/1`, {method: 'POST', body: {colour: 'red'}, status: 400, kind: 'bad_input', field: 'colour'});
  });
});

describe('notifications', () => {
  test('nobody was told anything yet', async () => {
    assert.deepEqual((await expectAnswer('/clew/v1/notifications', '/clew/v1/notifications')).notifications, []);
  });
  test('a recipient that is not there is not reached', async () => {
    const body = {recipient: {channel: 'webhook', url: 'http://127.0.0.1:1/'}};
    const answered = await expectAnswer('/clew/v1/notifications/test', '/clew/v1/notifications/test', {method: 'POST', body});
    assert.equal(answered.delivered, false);
    assert.notEqual(answered.failure, '');
  });
  test('a recipient without an address is refused', () => expectRefusal('/clew/v1/notifications/test', '/clew/v1/notifications/test',
    {method: 'POST', body: {recipient: {channel: 'email'}}, status: 400, kind: 'bad_input', field: 'recipient'}));
});

describe('the history of alerts', () => {
  const path = '/clew/v1/alerts/history';
  const history = async (query = '') => (await expectAnswer(path, path + query)).history;
  test('of a trigger: fine, disabled, removed', async () => {
    assert.deepEqual(await history(), []);
    const trigger = {name: 'many', query: {calculations: [{op: 'COUNT'}]}, threshold: {op: '>', value: 1e9}, frequency: 60, recipients: []};
    const made = await call('/1/triggers/__all__', {method: 'POST', body: trigger, key: 'any'});
    assert.equal(made.status, 201, made.text);
    const {id} = made.body;
    const standings = async () => (await history(`?alert=${id}`)).map(({standing}) => standing);
    const until = async (expected) => {
      for (const end = Date.now() + 60_000; (await standings()).join() !== expected && Date.now() < end;) await sleep(50);
      assert.equal((await standings()).join(), expected);
    };
    await until('ok');
    await call(`/1/triggers/__all__/${id}`, {method: 'PUT', body: {disabled: true}, key: 'any'});
    await until('disabled,ok');
    await call(`/1/triggers/__all__/${id}`, {method: 'DELETE', key: 'any'});
    await until('removed,disabled,ok');
    const [removed, disabled] = await history();
    assert.deepEqual([removed.alert, removed.kind, removed.dataset, removed.name, removed.ended], [id, 'trigger', '__all__', 'many', undefined]);
    assert.equal(disabled.ended_ns, removed.began_ns);
    assert.deepEqual(await history('?to=2001-01-01T00:00:00Z'), []);
    assert.equal((await history('?limit=1')).length, 1);
  });
  test('a wrong time is refused', () => expectRefusal(path, `${path}?from=then`, {status: 400, kind: 'bad_input', field: 'from'}));
});

describe('boards', () => {
  const panels = [
    {type: 'query', position: {x_coordinate: 0, y_coordinate: 0, width: 6, height: 4}, query_panel: {query: 'COUNT GROUP BY name'}},
    {type: 'text', text_panel: {content: 'Call Ada'}},
  ];
  let id;
  test('one is made, and is in the list', async () => {
    const made = await expectAnswer('/clew/v1/boards', '/clew/v1/boards', {method: 'POST', body: {name: 'Shop', panels}});
    id = made.id;
    assert.deepEqual(made.panels, panels);
    const {boards} = await expectAnswer('/clew/v1/boards', '/clew/v1/boards');
    assert.deepEqual(boards.map((one) => [one.id, one.name, one.panels]), [[id, 'Shop', 2]]);
  });
  test('it is replaced', async () => {
    const changed = await expectAnswer('/clew/v1/boards/{board_id}', `/clew/v1/boards/${id}`, {method: 'PUT', body: {name: 'Shop 2', description: 'all', panels: panels.slice(1)}});
    assert.deepEqual([changed.id, changed.name, changed.panels.length], [id, 'Shop 2', 1]);
    assert.deepEqual(await expectAnswer('/clew/v1/boards/{board_id}', `/clew/v1/boards/${id}`), changed);
  });
  test('what is no board is refused with the place', () => expectRefusal('/clew/v1/boards', '/clew/v1/boards',
    {method: 'POST', body: {name: 'x', panels: [{type: 'text'}]}, status: 400, kind: 'bad_input', field: 'panels[0].text_panel'}));
  test('it is taken away, once', async () => {
    await expectAnswer('/clew/v1/boards/{board_id}', `/clew/v1/boards/${id}`, {method: 'DELETE'});
    await expectRefusal('/clew/v1/boards/{board_id}', `/clew/v1/boards/${id}`, {method: 'DELETE', status: 404, kind: 'not_found'});
    await expectRefusal('/clew/v1/boards/{board_id}', `/clew/v1/boards/${id}`, {status: 404, kind: 'not_found'});
  });
});

test('the settings name environments, and no key while there is none', async () => {
  const settings = await expectAnswer('/clew/v1/settings', '/clew/v1/settings');
  assert.deepEqual(settings.environments.map((one) => [one.slug, one.asked]), [['default', true]]);
  assert.deepEqual(settings.keys, []);
  assert.deepEqual(settings.people, []);
  assert.equal(settings.may_change, true);
});

test('the journal has what people asked to be remembered and what they changed', async () => {
  const entries = (query) => expectAnswer('/clew/v1/journal', `/clew/v1/journal?${query}`).then((answer) => answer.entries);
  const headers = {'x-clew-person': 'Zo%C3%AB'};
  const ask = (body) => expectAnswer('/clew/v1/query', '/clew/v1/query', {method: 'POST', body, headers});
  await ask({query: 'COUNT GROUP BY name', from: 'now-2h', remember: true});
  await ask({query: 'COUNT GROUP BY name', from: 'now-2h', remember: true});
  await ask({query: 'MAX(duration_ms)'});
  const [asked, ...others] = await entries(`person=${headers['x-clew-person']}&kind=question`);
  assert.deepEqual([asked.query, asked.person, asked.from, asked.times], ['COUNT GROUP BY name', 'Zoë', 'now-2h', 2]);
  assert.deepEqual(others, [], 'a question that is not to be remembered is not');
  await expectAnswer('/clew/v1/boards', '/clew/v1/boards', {method: 'POST', body: {name: 'Journal of Zoë'}, headers});
  assert.deepEqual((await entries('kind=change&q=journal')).map(({what, person}) => [what, person]), [['made the board Journal of Zoë', 'Zoë']]);
  assert.deepEqual(await entries('q=nobody+asked+this'), []);
  assert.deepEqual(await entries(`before=${asked.at_ns}&person=${headers['x-clew-person']}`), []);
  await expectRefusal('/clew/v1/journal', '/clew/v1/journal?kind=rumour', {status: 400, kind: 'bad_input', field: 'kind'});
});

test('the data of one service may be kept for less time', async () => {
  const set = (body, options = {}) => expectAnswer('/clew/v1/retention', '/clew/v1/retention', {method: 'POST', body, ...options});
  const brief = (answer) => answer.rules.map(({signal, attribute, value, days}) => `${signal} ${attribute}=${value} ${days}`);
  assert.deepEqual(brief(await set({value: 'cart', days: 7})), ['logs service.name=cart 7', 'metrics service.name=cart 7', 'traces service.name=cart 7']);
  await set({value: 'cart', days: 3, signal: 'logs'});
  await set({value: 'cart', days: null, signal: 'metrics'});
  assert.deepEqual(brief(await expectAnswer('/clew/v1/retention', '/clew/v1/retention')), ['logs service.name=cart 3', 'traces service.name=cart 7']);
  assert.deepEqual(brief(await set({value: 'cart', days: null})), []);
  for (const [body, field] of [[{attribute: 'team', days: 3}, 'value'], [{value: 'cart'}, 'days'], [{value: 'cart', days: 0}, 'days'], [{value: 'cart', days: 1.5}, 'days'], [{value: 'cart', days: 1, signal: 'smoke'}, 'signal'], [{value: 'cart', days: 1, forever: true}, 'forever']])
    await expectRefusal('/clew/v1/retention', '/clew/v1/retention', {method: 'POST', body, status: 400, kind: 'bad_input', field});
});

test('clients that ask are told how many traces to keep', async () => {
  const set = (body) => expectAnswer('/clew/v1/sampling', '/clew/v1/sampling', {method: 'POST', body});
  const brief = (answer) => answer.strategies.map(({service, type, param, operation_strategies}) =>
    [service ?? '(others)', type, param, ...operation_strategies.map((one) => `${one.operation} ${one.param}`)].join(' '));
  await set({service: 'shop', type: 'probabilistic', param: 0.25, operation_strategies: [{operation: 'GET /health', type: 'probabilistic', param: 0}]});
  assert.deepEqual(brief(await set({service: null, type: 'ratelimiting', param: 7})), ['(others) ratelimiting 7', 'shop probabilistic 0.25 GET /health 0']);
  assert.equal((await (await fetch(`${clew.http}/sampling?service=contract`)).json()).rateLimitingSampling.maxTracesPerSecond, 7);
  const {strategies, askers} = await expectAnswer('/clew/v1/sampling', '/clew/v1/sampling');
  assert.ok(strategies[1].modified_ns > 0);
  assert.deepEqual(askers.filter(({service}) => service === 'contract').map(({times}) => times), [1]);
  await set({service: 'shop', type: null});
  assert.deepEqual(brief(await set({service: null, type: null})), []);
  const operations = (operation_strategies, more = {}) => ({service: 'a', type: 'probabilistic', param: 1, operation_strategies, ...more});
  for (const [body, field] of [[{type: null}, 'service'], [{service: '', type: null}, 'service'], [{service: 'a'}, 'type'], [{service: 'a', type: 'often', param: 1}, 'type'],
    [{service: 'a', type: 'probabilistic'}, 'param'], [{service: 'a', type: 'probabilistic', param: 1.5}, 'param'], [{service: 'a', type: 'ratelimiting', param: -1}, 'param'],
    [operations(7), 'operation_strategies'], [operations([{type: 'probabilistic', param: 1}]), 'operation_strategies'],
    [operations([{operation: 'x', type: 'probabilistic', param: 2}]), 'operation_strategies'],
    [operations([{operation: 'x', type: 'probabilistic', param: 1}], {type: 'ratelimiting'}), 'operation_strategies'], [{service: 'a', type: null, rate: 1}, 'rate']])
    await expectRefusal('/clew/v1/sampling', '/clew/v1/sampling', {method: 'POST', body, status: 400, kind: 'bad_input', field});
});

test('all data may be kept for less time, but for what has a rule of its own', async () => {
  const set = (body) => expectAnswer('/clew/v1/retention', '/clew/v1/retention', {method: 'POST', body});
  const brief = (answer) => answer.rules.map(({signal, value, days}) => `${signal} ${value ?? 'all'} ${days}`);
  await set({value: 'cart', days: 7, signal: 'logs'});
  assert.deepEqual(brief(await set({days: 2})).sort(), ['logs all 2', 'logs cart 7', 'metrics all 2', 'traces all 2']);
  assert.deepEqual(brief(await set({days: null})), ['logs cart 7']);
  assert.deepEqual(brief(await set({value: 'cart', days: null})), []);
});

test('an answer that is remembered is found again as it was', async () => {
  const question = {query: 'COUNT, HEATMAP(duration_ms) GROUP BY name', from: 'now-7d', to: 'now', series: true, heatmap_steps: 'logarithmic', remember: true};
  const {kept, ...given} = await ask(question, {headers: {'x-clew-person': 'Yve'}});
  const found = await expectAnswer('/clew/v1/answers/{answer_id}', `/clew/v1/answers/${kept}`);
  assert.deepEqual(found.answer, given);
  assert.deepEqual([found.query, found.from, found.to, found.heatmap_steps, found.person], [question.query, 'now-7d', 'now', 'logarithmic', 'Yve']);
  const {entries, you} = await expectAnswer('/clew/v1/journal', '/clew/v1/journal?mine=true', {headers: {'x-clew-person': 'Yve'}});
  assert.equal(you, 'Yve');
  assert.deepEqual(entries.map(({answer}) => answer), [kept]);
  const lines = await call('/clew/v1/query', {method: 'POST', body: question, headers: {accept: 'application/x-ndjson'}});
  assert.match(JSON.parse(lines.text.trim().split('\n').at(-1)).result.kept, /^\w{16}$/);
  assert.equal((await ask({...question, remember: false})).kept, undefined);
  await expectRefusal('/clew/v1/answers/{answer_id}', '/clew/v1/answers/nothing', {status: 404, kind: 'not_found'});
});

// The same calls at another clew: the first key shuts the one it is made for.
const callsAt = (other) => async (described, path, {status = 200, kind, field, ...options} = {}) => {
  const before = clew;
  clew = other();
  try {
    return status === 200 ? await expectAnswer(described, path, options) : await expectRefusal(described, path, {status, kind, field, ...options});
  } finally {
    clew = before;
  }
};

describe('people', () => {
  let own;
  let owner;
  before(async () => (own = await Clew.start()));
  after(() => own?.stop());
  const at = callsAt(() => own);
  const invite = (body, options) => at('/clew/v1/people', '/clew/v1/people', {method: 'POST', body, ...options});
  const change = (id, body, options) => at('/clew/v1/people/{person_id}', `/clew/v1/people/${id}`, {method: 'POST', body, ...options});
  const remove = (id, options) => at('/clew/v1/people/{person_id}', `/clew/v1/people/${id}`, {method: 'DELETE', ...options});
  const board = (options) => at('/clew/v1/boards', '/clew/v1/boards', {method: 'POST', body: {name: 'Mine'}, ...options});
  // Keys that were changed count within half a second.
  const comes = async (key, status, path = '/clew/v1/status') => {
    for (const end = Date.now() + 20_000; ; await sleep(50)) {
      const response = await fetch(own.http + path, {headers: {'x-honeycomb-team': key}});
      if (response.status === status || Date.now() > end) return assert.equal(response.status, status);
    }
  };

  test('the first one owns', async () => {
    await invite({name: 'Ann', email: 'ann@example.com', role: 'reads'}, {status: 400, kind: 'bad_input', field: 'role'});
    owner = await invite({name: 'Ann', email: 'ann@example.com', role: 'owns'});
    assert.equal(owner.is_first, true);
    await comes('', 401);
    await comes(owner.key, 200);
  });
  test('who reads changes nothing, at no door', async () => {
    const key = owner.key;
    const reader = await invite({name: 'Ben', email: 'ben@example.com', role: 'reads'}, {key});
    await comes(reader.key, 200);
    await board({key: reader.key, status: 403, kind: 'forbidden'});
    await at('/clew/v1/errors/{id}', '/clew/v1/errors/1', {method: 'POST', body: {state: 'resolved'}, key: reader.key, status: 403, kind: 'forbidden'});
    await at('/clew/v1/notifications/test', '/clew/v1/notifications/test', {method: 'POST', body: {}, key: reader.key, status: 403, kind: 'forbidden'});
    await at('/clew/v1/retention', '/clew/v1/retention', {method: 'POST', body: {days: 3}, key: reader.key, status: 403, kind: 'forbidden'});
    await invite({name: 'Cal', email: 'cal@example.com', role: 'reads'}, {key: reader.key, status: 403, kind: 'forbidden'});
    const send = async (path, headers, body) => (await fetch(own.http + path, {method: 'POST', headers: {'x-honeycomb-team': reader.key, 'content-type': 'application/json', ...headers}, body: JSON.stringify(body)})).status;
    assert.equal(await send('/v1/traces', {}, {resourceSpans: []}), 403);
    assert.equal(await send('/CreateGroup', {}, {GroupName: 'mine'}), 403);
    assert.equal(await send('/', {'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Logs_20140328.CreateLogGroup'}, {logGroupName: 'mine'}), 400); // as AWS answers AccessDeniedException there
    assert.equal(await send('/Groups', {}, {}), 200);
    assert.equal(await send('/', {'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Logs_20140328.DescribeLogGroups'}, {}), 200);
    assert.equal(await send('/1/boards', {}, {name: 'mine', type: 'flexible'}), 403);

    await change(reader.id, {role: 'writes'}, {key});
    for (const end = Date.now() + 20_000; ; await sleep(50)) {
      const response = await fetch(`${own.http}/clew/v1/boards`, {method: 'POST', headers: {'x-honeycomb-team': reader.key}, body: '{"name":"Ours"}'});
      if (response.status === 200 || Date.now() > end) break;
    }
    await board({key: reader.key});
    const {entries} = await at('/clew/v1/journal', '/clew/v1/journal?kind=change&q=Mine', {key: reader.key, headers: {'x-clew-person': 'Somebody'}});
    assert.deepEqual(entries.map(({what, person}) => [what, person]), [['made the board Mine', 'Ben']]);
  });
  test('everybody is listed, a key is renewed, who is removed is out', async () => {
    const key = owner.key;
    const {people, may_change: mayChange} = await at('/clew/v1/settings', '/clew/v1/settings', {key});
    assert.deepEqual(people.map((one) => [one.name, one.email, one.role, one.is_you]), [['Ann', 'ann@example.com', 'owns', true], ['Ben', 'ben@example.com', 'writes', false]]);
    assert.equal(mayChange, true);
    const ben = people[1].id;
    await invite({name: 'Ben', email: 'Ben@example.com', role: 'reads'}, {key, status: 409, kind: 'conflict'});
    await invite({name: 'Ben', email: 'nowhere', role: 'reads'}, {key, status: 400, kind: 'bad_input'});
    const renewed = await change(ben, {new_key: true}, {key});
    await comes(renewed.key, 200);
    await change(owner.id, {role: 'reads'}, {key, status: 409, kind: 'conflict'});
    await remove(owner.id, {key, status: 409, kind: 'conflict'});
    assert.deepEqual(await remove(ben, {key}), {removed: true, name: 'Ben'});
    await comes(renewed.key, 401);
    await remove(ben, {key, status: 404, kind: 'not_found'});
  });
});

describe('keys and environments', () => {
  let own;
  let everything;
  before(async () => (own = await Clew.start()));
  after(() => own?.stop());
  const at = callsAt(() => own);
  const make = (body, options) => at('/clew/v1/keys', '/clew/v1/keys', {method: 'POST', body, ...options});
  const change = (id, body, options) => at('/clew/v1/keys/{key_id}', `/clew/v1/keys/${id}`, {method: 'POST', body, ...options});
  const environment = (body, options) => at('/clew/v1/environments', '/clew/v1/environments', {method: 'POST', body, ...options});

  test('an environment is made, once', async () => {
    assert.deepEqual(await environment({name: 'Production EU'}), {name: 'Production EU', slug: 'production-eu'});
    await environment({name: 'production eu'}, {status: 409, kind: 'conflict'});
    await environment({name: '!'}, {status: 400, kind: 'bad_input', field: 'name'});
  });
  test('the first key can make the next', async () => {
    await make({name: 'sender', kind: 'ingest'}, {status: 400, kind: 'bad_input', field: 'kind'});
    everything = await make({name: 'everything'});
    assert.equal(everything.is_first, true);
    for (const end = Date.now() + 20_000; (await fetch(`${own.http}/clew/v1/status`)).status !== 401 && Date.now() < end; await sleep(50));
    await make({name: 'without'}, {status: 401, kind: 'unauthenticated'});
  });
  test('a key makes others for its own environment alone', async () => {
    const key = everything.value;
    const sender = await make({name: 'sender', kind: 'ingest'}, {key});
    assert.equal(sender.is_first, false);
    await make({name: 'elsewhere', environment: 'production-eu'}, {key, status: 403, kind: 'forbidden', field: 'environment'});
    await environment({name: 'another'}, {key, status: 403, kind: 'forbidden'});
    const {keys} = await at('/clew/v1/settings', '/clew/v1/settings', {key});
    assert.deepEqual(keys.map((one) => [one.name, one.key_type]), [['everything', 'configuration'], ['sender', 'ingest']]);
    assert.deepEqual(keys[1].permissions, ['send_events', 'create_datasets']);
    assert.deepEqual(await change(sender.id, {disabled: true}, {key}), {id: sender.id, disabled: true});
    await change(everything.id, {disabled: true}, {key, status: 409, kind: 'conflict'});
    await change('none', {disabled: true}, {key, status: 404, kind: 'not_found'});
    await change(sender.id, {disabled: 'yes'}, {key, status: 400, kind: 'bad_input', field: 'disabled'});
  });
  test('a key that may not do everything makes none', async () => {
    const reader = await make({name: 'reader', permissions: ['run_queries']}, {key: everything.value});
    for (const end = Date.now() + 20_000; (await fetch(`${own.http}/clew/v1/status`, {headers: {'x-honeycomb-team': reader.value}})).status !== 200 && Date.now() < end; await sleep(50));
    await make({name: 'more'}, {key: reader.value, status: 403, kind: 'forbidden'});
    await make({name: 'wrong', permissions: ['fly']}, {key: everything.value, status: 400, kind: 'bad_input', field: 'permissions'});
  });
  test('the page of another site makes none', async () => {
    const headers = {origin: 'https://evil.example', 'content-type': 'text/plain'};
    await make({name: 'stolen'}, {key: everything.value, headers, status: 403, kind: 'forbidden'});
  });
});

describe('refusals', () => {
  for (const [situation, described, path, status, kind, field] of [
    ['an unknown trace', '/clew/v1/traces/{trace_id}', '/clew/v1/traces/00000000000000000000000000000001', 404, 'not_found', 'trace_id'],
    ['no trace id', '/clew/v1/traces/{trace_id}', '/clew/v1/traces/hello', 400, 'bad_input', 'trace_id'],
    ['an unknown span', '/clew/v1/traces/{trace_id}/spans/{span_id}', `/clew/v1/traces/${traceId}/spans/0000000000000001`, 404, 'not_found', 'span_id'],
    ['no span id', '/clew/v1/traces/{trace_id}/spans/{span_id}', `/clew/v1/traces/${traceId}/spans/1`, 400, 'bad_input', 'span_id'],
    ['a wrong limit', '/clew/v1/traces', '/clew/v1/traces?limit=0', 400, 'bad_input', 'limit'],
    ['no record there', '/clew/v1/logs/context', '/clew/v1/logs/context?at=2001-01-01T00:00:00Z', 404, 'not_found', 'at'],
    ['no place in time', '/clew/v1/logs/context', '/clew/v1/logs/context', 400, 'bad_input', 'at'],
    ['too much context', '/clew/v1/logs/context', '/clew/v1/logs/context?at=now&before=2000', 400, 'bad_input', 'before'],
    ['too high a limit', '/clew/v1/logs', '/clew/v1/logs?limit=10001', 400, 'bad_input', 'limit'],
    ['a wrong time', '/clew/v1/services', '/clew/v1/services?from=then', 400, 'bad_input', 'from'],
    ['an empty range', '/clew/v1/services', '/clew/v1/services?from=now&to=now-1h', 400, 'bad_input', 'from'],
    ['a wrong number', '/clew/v1/traces', '/clew/v1/traces?min_ms=fast', 400, 'bad_input', 'min_ms'],
    ['a broken condition', '/clew/v1/traces', '/clew/v1/traces?q=%3D%3D', 400, 'bad_input', 'q'],
    ['more than a condition', '/clew/v1/logs', '/clew/v1/logs?q=a%20%3D%201%20GROUP%20BY%20b', 400, 'bad_input', 'q'],
    ['a misspelt parameter', '/clew/v1/traces', '/clew/v1/traces?servce=shop', 400, 'bad_input', 'servce'],
    ['a required parameter', '/clew/v1/values', '/clew/v1/values', 400, 'bad_input', 'column'],
    ['a wrong signal', '/clew/v1/columns', '/clew/v1/columns?signal=spans', 400, 'bad_input', 'signal'],
  ]) {
    test(situation, () => expectRefusal(described, path, {status, kind, field}));
  }
  test('a misspelt path names the right one', async () => {
    const {status, body} = await call('/clew/v1/statsu');
    assert.equal(status, 404);
    assert.match(body.error, /did you mean \/clew\/v1\/status/);
    assert.deepEqual(complaintsAboutSchema('Error', body), []);
  });
  test('every described path refuses a method that is not described', async () => {
    for (const path of Object.keys(description.paths)) {
      const target = path.replace('{trace_id}', traceId).replace('{span_id}', rootId);
      const {status, body} = await call(target, {method: 'PATCH'});
      assert.equal(status, 405, path);
      assert.deepEqual(complaintsAboutSchema('Error', body), []);
    }
  });
});

describe('the page', () => {
  for (const path of ['/', `/t/${traceId}`, '/query', '/any/deep/link']) {
    test(`is served at ${path}`, async () => {
      const response = await call(path, {headers: {accept: 'text/html,*/*;q=0.8'}});
      assert.equal(response.status, 200);
      assert.match(response.type, /^text\/html/);
      assert.match(response.headers.get('content-security-policy'), /default-src 'self'/);
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
      const etag = response.headers.get('etag');
      assert.equal((await call(path, {headers: {accept: 'text/html', 'if-none-match': etag}})).status, 304);
    });
  }
  test('everything the page loads is there, and kept by browsers for ever', async () => {
    const {text} = await call('/', {headers: {accept: 'text/html'}});
    for (const [, path] of text.matchAll(/(?:src|href)="(\/[^"]+-[^"]+\.(?:js|css))"/g)) {
      const response = await call(path);
      assert.equal(response.status, 200, path);
      assert.match(response.headers.get('cache-control'), /immutable/, path);
    }
  });
  test('a program that asks for an unknown path gets no page', async () => {
    assert.equal((await call('/any/deep/link')).status, 404);
    assert.equal((await call('/v1/trace', {headers: {accept: 'text/html'}})).status, 404);
  });
  test('the description is served as it is in the source tree', async () => {
    const {text, type} = await call('/clew/v1/openapi.yaml');
    assert.equal(type, 'application/yaml');
    assert.match(text, /^openapi: 3\.1\.0/);
  });
});

describe('with keys', () => {
  let keyed;
  before(async () => {
    keyed = await Clew.start({keys: {'key-of-production': 'production', 'key-of-staging': 'staging'}});
    const response = await fetch(`${keyed.http}/v1/traces`, {
      method: 'POST', headers: {'content-type': 'application/json', 'x-honeycomb-team': 'key-of-production'}, body: JSON.stringify(traces(now))});
    assert.equal(response.status, 200);
  });
  after(() => keyed?.stop());

  const total = async (path, headers) => (await (await fetch(keyed.http + path, {headers})).json()).total;

  test('a key sees its own environment only', async () => {
    assert.equal(await total('/clew/v1/traces', {'x-honeycomb-team': 'key-of-production'}), 2);
    assert.equal(await total('/clew/v1/traces', {'x-honeycomb-team': 'key-of-staging'}), 0);
    assert.equal(await total('/clew/v1/traces?key=key-of-production', {}), 2);
  });
  test('without a key, or with an unknown one, nothing is told', async () => {
    for (const {path, method} of operations.filter(({operation: described}) => !described.security)) {
      const target = keyed.http + path.replace('{trace_id}', traceId).replace('{span_id}', rootId);
      for (const headers of [{}, {'x-honeycomb-team': 'nobody'}]) {
        const response = await fetch(target, {method, headers, ...(['POST', 'PUT'].includes(method) && {body: '{}'})});
        assert.equal(response.status, 401, `${method} ${path}`);
        assert.deepEqual(complaintsAboutSchema('Error', await response.json()), []);
      }
    }
  });
  test('the page itself needs none', async () => {
    assert.equal((await fetch(keyed.http, {headers: {accept: 'text/html'}})).status, 200);
  });
});
