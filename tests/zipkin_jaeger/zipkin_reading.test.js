// Zipkin's query API: what was sent comes back, and is found by what it says.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';

import {ZipkinExporter} from '@opentelemetry/exporter-zipkin';

import {eventually, newId, sendThroughSdk, startClew} from './clients.js';

let clew;
const traceId = newId(16), short = newId(8), now = Date.now() * 1000 - 1_000_000;
const [clientId, childId, shortId] = [newId(), newId(), newId()];
const spans = [
  {traceId, id: clientId, kind: 'CLIENT', name: 'get /cart', timestamp: now, duration: 90_000, localEndpoint: {serviceName: 'web', ipv4: '10.0.0.1'},
    remoteEndpoint: {serviceName: 'shop', ipv4: '10.0.0.2', port: 8080}, annotations: [{timestamp: now + 10, value: 'retry'}, {timestamp: now + 20, value: 'cache|{"hit":true}|0'}],
    tags: {'http.method': 'GET', tenant: 'acme', 'host.name': 'h1', 'otel.scope.name': 'brave'}},
  {traceId, id: clientId, kind: 'SERVER', name: 'get /cart', timestamp: now + 1000, duration: 80_000, localEndpoint: {serviceName: 'shop', port: 8080},
    tags: {'http.status_code': '500', error: 'no stock'}, shared: true},
  {traceId, parentId: clientId, id: childId, name: 'price', timestamp: now + 2000, duration: 5000, localEndpoint: {serviceName: 'shop'}, debug: true},
  {traceId: short, id: shortId, kind: 'PRODUCER', name: 'order', timestamp: now + 500_000, duration: 1, localEndpoint: {serviceName: 'orders'}, remoteEndpoint: {serviceName: 'kafka'}},
];

const ask = async (path) => {
  const response = await fetch(`http://127.0.0.1:${clew.zipkinPort}${path}`);
  const text = await response.text();
  return {status: response.status, text, headers: response.headers, json: response.ok ? JSON.parse(text) : undefined};
};
const answer = async (path) => {
  const {status, text, json} = await ask(path);
  assert.equal(status, 200, text);
  return json;
};

before(async () => {
  clew = await startClew();
  const sent = await fetch(`http://127.0.0.1:${clew.zipkinPort}/api/v2/spans`, {method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify(spans)});
  assert.equal(sent.status, 202);
  await eventually(async () => (await answer('/api/v2/services')).length === 3);
});
after(() => clew?.stop());

// In the order of the list that was sent.
const inOrder = (list) => spans.map((sent) => list.find((span) => span.id === sent.id && span.localEndpoint.serviceName === sent.localEndpoint.serviceName)).filter(Boolean);

describe('reading', () => {
  test('a trace comes back as it was sent', async () => {
    assert.deepEqual(inOrder(await answer(`/api/v2/trace/${traceId}`)), spans.slice(0, 3));
    assert.deepEqual(await answer(`/api/v2/trace/${short}`), [spans[3]]);
  });

  test('names', async () => {
    assert.deepEqual(await answer('/api/v2/services'), ['orders', 'shop', 'web']);
    assert.deepEqual(await answer('/api/v2/spans?serviceName=shop'), ['get /cart', 'price']);
    assert.deepEqual(await answer('/api/v2/remoteServices?serviceName=web'), ['shop']);
    assert.deepEqual(await answer('/api/v2/spans?serviceName=nobody'), []);
  });

  test('tags and their values are offered', async () => {
    const keys = await answer('/api/v2/autocompleteKeys');
    assert.ok(['http.method', 'tenant', 'host.name'].every((key) => keys.includes(key)), keys.join());
    assert.deepEqual(await answer('/api/v2/autocompleteValues?key=tenant'), ['acme']);
    assert.deepEqual(await answer('/api/v2/autocompleteValues?key=nothing'), []);
    assert.equal((await ask('/api/v2/autocompleteValues')).status, 400);
  });

  test("what Zipkin's page asks first", async () => {
    const {queryLimit, defaultLookback, searchEnabled, dependency} = await answer('/config.json');
    assert.deepEqual([queryLimit, defaultLookback, searchEnabled, dependency.enabled], [10, 900_000, true, true]);
    assert.deepEqual(await answer('/zipkin/config.json'), await answer('/config.json'));
  });

  for (const [situation, search, expected] of [
    ['nothing said', '', [short, traceId]], ['a service', 'serviceName=web', [traceId]], ['a service and any name', 'serviceName=orders&spanName=all', [short]],
    ['a name', 'serviceName=shop&spanName=price', [traceId]], ['a name of another service', 'serviceName=web&spanName=price', []],
    ['the other side', 'remoteServiceName=kafka', [short]], ['a tag', 'annotationQuery=tenant%3Dacme', [traceId]], ['a tag of another service', 'serviceName=shop&annotationQuery=tenant%3Dacme', []],
    ['an error and a tag', 'annotationQuery=error%20and%20http.status_code%3D500', [traceId]], ['an annotation', 'serviceName=web&annotationQuery=retry', [traceId]],
    ['a shortest duration', 'minDuration=85000', [traceId]], ['a longest duration', 'maxDuration=10&serviceName=orders', [short]], ['a longer one than there is', 'minDuration=95000', []],
    ['a limit', 'limit=1', [short]], ['another time', `endTs=${Math.floor(now / 1000) - 60_000}&lookback=1000`, []],
  ]) {
    test(`traces by ${situation}`, async () => {
      const found = await answer(`/api/v2/traces?${search}`);
      assert.deepEqual(found.map(([first]) => first.traceId), expected);
    });
  }

  test('several traces by their ids', async () => {
    const found = await answer(`/api/v2/traceMany?traceIds=${traceId},${short},${newId(16)}`);
    assert.deepEqual(found.map((trace) => trace.length), [3, 1]);
  });

  test('who calls whom', async () => {
    const links = await answer(`/api/v2/dependencies?endTs=${Date.now()}&lookback=3600000`);
    assert.ok(links.some(({parent, child, callCount}) => parent === 'web' && child === 'shop' && callCount === 1), JSON.stringify(links));
  });

  test('on the map the halves of a shared span are one call from service to service', async () => {
    const response = await fetch(`http://127.0.0.1:${clew.zipkinPort}/clew/v1/map?from=now-1h`);
    const {nodes, edges} = await response.json();
    const told = edges.map(({from, to, requests}) => [nodes[from], nodes[to]].map(({kind, name}) => `${kind} ${name}`).join(' -> ') + ` ${requests}`);
    assert.deepEqual(told.filter((line) => line.includes('shop')), ['service web -> service shop 1']);
  });

  for (const [situation, path, status, said] of [
    ['a trace that is not there', '/api/v2/trace/00000000000000ab', 404, '00000000000000ab not found\n'],
    ['no trace id', '/api/v2/trace/xyz', 400, 'xyz should be lower-hex encoded with no prefix\n'],
    ['one id where several are asked for', '/api/v2/traceMany?traceIds=1234567890abcdef', 400, 'traceIds: expected two or more ids\n'],
    ['a limit that is no number', '/api/v2/traces?limit=many', 400, "limit: expected a whole number, got 'many'\n"],
    ['dependencies without an end', '/api/v2/dependencies', 400, 'endTs: which is missing\n'],
  ]) {
    test(`${situation} is told`, async () => {
      const {status: got, text} = await ask(path);
      assert.deepEqual([got, text], [status, said]);
    });
  }

  test("OpenTelemetry's spans read as its exporter writes them", async () => {
    const sent = await sendThroughSdk(new ZipkinExporter({url: `http://127.0.0.1:${clew.zipkinPort}/api/v2/spans`}), 'sdk');
    const trace = await eventually(async () => {
      const {status, json} = await ask(`/api/v2/trace/${sent.traceId}`);
      return status === 200 && json.length === 2 && json;
    });
    const server = trace.find(({id}) => id === sent.serverId);
    assert.equal(server.kind, 'SERVER');
    assert.equal(server.tags.error, 'no stock');
    assert.equal(server.tags['http.method'], 'GET');
    assert.equal(server.tags['service.version'], '1.2.3');
  });
});

test('a key that may send may not ask', async () => {
  const guarded = await startClew({prepare: (stopped) => stopped.run('keys', 'create', '--name', 'edge', '--key', 'edge', '--kind', 'ingest')});
  try {
    const get = (key) => fetch(`http://127.0.0.1:${guarded.zipkinPort}/api/v2/services`, {headers: key ? {'x-honeycomb-team': key} : {}});
    assert.equal((await get()).status, 401);
    assert.equal((await get('edge')).status, 403);
  } finally {
    await guarded.stop();
  }
});
