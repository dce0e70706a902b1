// Stacks of minified scripts, by real bundles of esbuild, read in the words of their sources.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {after, before, test} from 'node:test';
import {Clew} from '../clients/clew.js';
import {eventually} from '../notifications/receivers.js';
import {bundle, runBundle} from './bundle.js';

const token = 'aaaabbbbccccddddaaaabbbbccccdddd';
let clew;
before(async () => clew = await Clew.start({keys: {[token]: 'default'}}));
after(() => clew?.stop());

const ask = (path) => clew.ask(path, {key: token});
const errorTitled = async (text) => {
  const {errors} = await ask(`/errors?q=${encodeURIComponent(text)}`);
  assert.ok(errors.length <= 1, `one error, not ${errors.length}: ${text}`);
  return errors.length === 0 ? undefined : await ask(`/errors/${errors[0].id}`);
};

async function upload({version, minifiedUrl, map, sources = {}}, key = token) {
  const form = new FormData();
  form.append('access_token', key);
  if (version) form.append('version', version);
  form.append('minified_url', minifiedUrl);
  form.append('source_map', new Blob([map]), 'app.js.map');
  for (const [path, text] of Object.entries(sources)) form.append(path, new Blob([text]), path.split('/').at(-1));
  const response = await fetch(`${clew.http}/api/1/sourcemap`, {method: 'POST', body: form});
  return {status: response.status, body: await response.json()};
}

/** The innermost calls, as the sources have them. */
function assertMapped(occurrence) {
  const [thrown, callback] = occurrence.frames;
  assert.match(thrown.file, /shop\/cart\.ts$/);
  assert.deepEqual([thrown.method, thrown.line, thrown.in_app], ['priceOf', 16, true]);
  assert.match(thrown.code, /throw new RangeError/);
  assert.deepEqual(thrown.pre.slice(-1), ['function priceOf(item: Item): number {']);
  assert.match(thrown.post[0], /return item\.price\.amount/);
  assert.equal(callback.method, 'Cart.total.<anonymous>');
  assert.notEqual(thrown.minified.method, 'priceOf');
  const methods = occurrence.frames.map(({method}) => method);
  assert.ok(methods.includes('Cart.total') && methods.includes('checkout'), methods.join());
}

test('a page in Chromium, of two versions with other minified names: one error, in the words of the sources', async (t) => {
  const client = readFileSync(new URL('node_modules/rollbar/dist/rollbar.min.js', import.meta.url));
  const versions = {'1.0.0': await bundle('page.ts', {platform: 'browser', extra: 'a'}), '1.1.0': await bundle('page.ts', {platform: 'browser', extra: 'a longer one'})};
  const server = createServer((request, response) => {
    const version = new URL(request.url, 'http://page').searchParams.get('v');
    if (request.url.startsWith('/rollbar.js')) return response.writeHead(200, {'content-type': 'text/javascript'}).end(client);
    if (request.url.startsWith('/page.min.js')) return response.writeHead(200, {'content-type': 'text/javascript'}).end(versions[version].script);
    const settings = {accessToken: token, endpoint: `${clew.http}/api/1/item/`, captureUncaught: true,
      payload: {environment: 'production', client: {javascript: {source_map_enabled: true, code_version: version}}}};
    response.writeHead(200, {'content-type': 'text/html'});
    response.end(`<script>_rollbarConfig = ${JSON.stringify(settings)}</script><script src="/rollbar.js"></script>
      <button>Pay</button><script src="/page.min.js?v=${version}"></script>`);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const page = `http://127.0.0.1:${server.address().port}`;
  const {chromium} = await import('../browser/node_modules/playwright-core/index.mjs');
  const browser = await chromium.launch({executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox']});
  t.after(async () => {
    await browser.close();
    server.close();
    server.closeAllConnections?.();
    for (const version of Object.values(versions)) version.remove();
  });
  for (const [version, {map}] of Object.entries(versions)) {
    const {status, body} = await upload({version, minifiedUrl: `${page}/page.min.js`, map});
    assert.deepEqual([status, body.err], [200, 0], JSON.stringify(body));
    const tab = await browser.newPage();
    await tab.goto(`${page}/?v=${version}`);
    await tab.click('button');
    await eventually(async () => (await errorTitled('no price for thread'))?.last_version === version, `the error of ${version}`);
    await tab.close();
  }
  const error = await errorTitled('no price for thread');
  assert.deepEqual([error.type, error.occurrences, error.groups.length], ['RangeError', 2, 1]);
  assert.match(error.groups[0].hashed, /frame: .*cart\.ts priceOf\n/);
  assert.match(error.culprit, /cart\.ts in priceOf$/);
  assertMapped(error.latest);
  assert.ok(error.latest.frames.some(({method}) => method === 'pay'));
  assert.match(error.latest.stack, /page\.min\.js/, 'the stack is kept as it came');
});

test('rollbar.js in Node.js, by the end of the path', async (t) => {
  const {file, map, remove} = await bundle('server.ts', {platform: 'node', extra: 'b'});
  t.after(remove);
  assert.equal((await upload({version: '2.0.0', minifiedUrl: 'dist/server.cjs', map})).status, 200);
  await runBundle(file, `${clew.http}/api/1/item/`, token, '2.0.0');
  const error = await eventually(() => errorTitled('no price for needle'), 'the error');
  assertMapped(error.latest);
  assert.ok(error.latest.frames.some(({method}) => method === 'handle'));
});

test('exceptions of OpenTelemetry, of a service and its version; those before the map are read with it later', async (t) => {
  const {file, map, remove} = await bundle('traced.ts', {platform: 'node', extra: 'c'});
  t.after(remove);
  await runBundle(file, clew.http, token, '3.0.0');
  const before = await eventually(() => errorTitled('no price for bobbin'), 'the error');
  assert.equal(before.latest.frames.some(({minified}) => minified), false, 'no map yet');
  for (const version of ['3.0.0', '3.1.0']) {
    assert.equal((await upload({version, minifiedUrl: '/dist/traced.cjs', map})).status, 200);
  }
  assertMapped((await errorTitled('no price for bobbin')).latest);

  const trace = await runBundle(file, clew.http, token, '3.1.0');
  const mapped = await eventually(async () => {
    const {errors} = await ask('/errors?q=bobbin&version=3.1.0');
    return errors.length === 1 && errors[0].occurrences === 3 && ask(`/errors/${errors[0].id}`);
  }, 'three occurrences: of the span, of the record, of the text');
  assert.match(mapped.groups[0].hashed, /cart\.ts priceOf/);
  const {occurrences} = await ask(`/errors/${mapped.id}/occurrences`);
  assert.deepEqual(occurrences.map(({source}) => source).sort(), ['log record', 'log record', 'span event']);
  assert.deepEqual([...new Set(occurrences.map(({trace_id: id}) => id))], [trace]);
  for (const {id} of occurrences) assertMapped(await ask(`/errors/${mapped.id}/occurrences/${id}`));
});

test('sources that the map lacks are uploaded beside it', async (t) => {
  const {file, map, remove} = await bundle('server.ts', {platform: 'node', extra: 'd'});
  t.after(remove);
  const {sourcesContent, ...bare} = JSON.parse(map);
  const sources = Object.fromEntries(bare.sources.map((path, i) => [path, sourcesContent[i]]));
  assert.equal((await upload({version: '2.1.0', minifiedUrl: 'dist/server.cjs', map: JSON.stringify(bare), sources})).status, 200);
  await runBundle(file, `${clew.http}/api/1/item/`, token, '2.1.0');
  assertMapped(await eventually(async () => {
    const error = await errorTitled('no price for needle');
    return error.last_version === '2.1.0' && error.latest;
  }, 'the error of 2.1.0'));
});

test('a script is fetched with the map that it names, but only from hosts that were named', async (t) => {
  const {file, script, map, remove} = await bundle('server.ts', {platform: 'node', extra: 'e'});
  const site = createServer((request, response) => {
    if (request.url === '/dist/server.cjs') return response.end(`${script}\n//# sourceMappingURL=../maps/server.map\n`);
    if (request.url === '/dist/inline.cjs') return response.end(`${script}\n//# sourceMappingURL=data:application/json;base64,${map.toString('base64')}`);
    if (request.url === '/dist/header.cjs') return response.writeHead(200, {SourceMap: '/maps/server.map'}).end(script);
    if (request.url === '/maps/server.map') return response.end(map);
    if (request.url === '/dist/bare.cjs') return response.end(script);
    response.writeHead(404).end();
  });
  await new Promise((done) => site.listen(0, '127.0.0.1', done));
  const host = `127.0.0.1:${site.address().port}`;
  const other = await Clew.start({keys: {[token]: 'default'}, flags: ['--source-map-host', host]});
  t.after(async () => {
    remove();
    await other.stop();
    site.close();
    site.closeAllConnections?.();
  });
  const download = async (at, body) => {
    const response = await fetch(`${at.http}/api/1/sourcemap/download`, {method: 'POST', headers: {'x-rollbar-access-token': token, 'content-type': 'application/json'}, body: JSON.stringify(body)});
    return {status: response.status, ...(await response.json())};
  };
  const minified_url = `http://${host}/dist/server.cjs`;
  const elsewhere = await download(clew, {version: '5.0.0', minified_url});
  assert.deepEqual([elsewhere.status, elsewhere.err], [403, 1]);
  assert.match(elsewhere.message, /--source-map-host/);
  assert.equal((await download(other, {version: '5.0.0'})).status, 422);
  assert.match((await download(other, {version: '5.0.0', minified_url: `http://${host}/dist/bare.cjs`})).message, /names no source map/);
  assert.match((await download(other, {version: '5.0.0', minified_url: `http://${host}/none.js`})).message, /answered with 404/);
  for (const path of ['server', 'inline', 'header']) {
    assert.equal((await download(other, {version: '5.0.0', minified_url: `http://${host}/dist/${path}.cjs`})).status, 200, path);
  }
  // The stack is that of the page's script, wherever the program runs from: as a browser would tell it.
  const stack = await runBundle(file, `${other.http}/api/1/item/`, token, '4.9.9');
  assert.equal(stack, '');
  const told = await eventually(async () => {
    const {errors} = await other.ask('/errors?q=needle', {key: token});
    return errors[0] && other.ask(`/errors/${errors[0].id}`, {key: token});
  }, 'the error');
  const payload = structuredClone(told.latest.payload);
  const trace = payload.body.trace ?? payload.body.trace_chain[0];
  for (const path of ['server', 'inline', 'header']) {
    for (const frame of trace.frames) frame.filename = frame.filename.replace(/^.*\/dist\/[a-z]+\.cjs$/, `http://${host}/dist/${path}.cjs`);
    const data = {...payload, body: {trace}, uuid: path, code_version: '5.0.0', environment: path};
    const response = await fetch(`${other.http}/api/1/item/`, {method: 'POST', headers: {'x-rollbar-access-token': token, 'content-type': 'application/json'}, body: JSON.stringify({data})});
    assert.equal(response.status, 200);
    assertMapped(await eventually(async () => {
      const {errors} = await other.ask(`/errors?q=needle&environment=${path}`, {key: token});
      return errors[0] && (await other.ask(`/errors/${errors[0].id}`, {key: token})).latest;
    }, `the error of ${path}`));
  }
});

test('what is no source map is refused, and says why', async () => {
  for (const [what, status, message] of [
    [{version: '1', minifiedUrl: '', map: '{}'}, 422, /minified_url/],
    [{minifiedUrl: 'a.js', map: '{}'}, 422, /version/],
    [{version: '1', minifiedUrl: 'a.js', map: '{'}, 422, /./],
    [{version: '1', minifiedUrl: 'a.js', map: '{"version": 3, "sources": [], "mappings": "AAAA"}'}, 422, /source 0, of 0/],
  ]) {
    const {status: got, body} = await upload(what);
    assert.deepEqual([got, body.err], [status, 1]);
    assert.match(body.message, message);
  }
  assert.equal((await upload({version: '1', minifiedUrl: 'a.js', map: '{}'}, 'unknown')).status, 403);
});
