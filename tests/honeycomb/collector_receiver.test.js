// The receiver libhoney stands where Honeycomb would: events of its library become spans and log records of a pipeline.
import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import {after, before, test} from 'node:test';
import Libhoney from 'libhoney';

import {Backend, Collector, freePorts, until} from '../collector/collector.js';

let backend, collector, api, address;

before(async () => {
  backend = await Backend.start({tls: false});
  // Whoever knows the keys.
  api = createServer((request, response) => {
    response.writeHead(200, {'content-type': 'application/json'});
    response.end(JSON.stringify({asked: request.url, key: request.headers['x-honeycomb-team']}));
  });
  await new Promise((done) => api.listen(0, '127.0.0.1', done));
  const [port] = await freePorts(1);
  address = `http://127.0.0.1:${port}`;
  collector = await Collector.start({config: `
receivers:
  libhoney:
    http:
      endpoint: 127.0.0.1:${port}
      traces_url_paths: ["/1/events", "/1/batch", "/proxy/batch"]
      include_metadata: true
    auth_api: http://127.0.0.1:${api.address().port}/
    fields:
      attributes: {trace_id: trace_id, span_id: span_id, durationFields: [took_ms]}
exporters: {otlphttp: {endpoint: "http://127.0.0.1:${backend.port}", headers: {x-honeycomb-team: "${backend.key}"}}}
service:
  pipelines:
    traces: {receivers: [libhoney], exporters: [otlphttp]}
    logs: {receivers: [libhoney], exporters: [otlphttp]}
`});
});

after(async () => {
  assert.equal(await collector.stop(), 0, collector.output);
  await backend.stop();
  backend.remove();
  api.closeAllConnections();
  api.close();
});

test('libhoney: what says which span it is becomes one, the rest log records', async () => {
  const answers = [];
  const client = new Libhoney({apiHost: address, writeKey: 'any', dataset: 'Shop Api', sampleRate: 1, responseCallback: (all) => answers.push(...all)});
  client.sendNow({name: 'cart', trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16), took_ms: 12.5, 'service.name': 'shop', user: 7});
  client.sendNow({message: 'card denied', 'service.name': 'shop'});
  await until('both were answered', () => answers.length === 2);
  assert.deepEqual(answers.map(({status_code: status}) => status), [202, 202]);
  const [span] = await until('the span arrives', async () => {
    const found = await backend.query('traces', 'MAX(duration_ms), MAX(user) WHERE name = "cart" GROUP BY service.name, meta.dataset, trace.trace_id');
    return found.length > 0 && found;
  });
  assert.deepEqual(span, {'service.name': 'shop', 'meta.dataset': 'shop-api', 'trace.trace_id': 'a'.repeat(32), 'MAX(duration_ms)': 12.5, 'MAX(user)': 7});
  await until('the log record arrives', async () => (await backend.query('logs', 'COUNT WHERE message = "card denied" GROUP BY service.name')).length === 1);
});

test('a path of its own, and what is wrong with a batch', async () => {
  const post = (path, body) => fetch(`${address}${path}`, {method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify(body)});
  assert.deepEqual(await (await post('/proxy/batch/shop', [{data: {a: 1}}, {data: {}}])).json(), [{status: 202}, {status: 400, error: 'Request body should not be empty.'}]);
  assert.equal((await post('/1/batch/shop', {not: 'a list'})).status, 400);
  assert.equal((await post('/1/boards', {})).status, 404);
});

test('what a key is good for is asked where auth_api says', async () => {
  const answer = await fetch(`${address}/1/auth`, {headers: {'x-honeycomb-team': 'abc'}});
  assert.deepEqual([answer.status, await answer.json()], [200, {asked: '/1/auth', key: 'abc'}]);
});
