// Rollbar's clients, with nothing changed but the address.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {after, before, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import Rollbar from 'rollbar';
import {Clew} from '../clients/clew.js';
import {eventually} from '../notifications/receivers.js';

const token = 'aaaabbbbccccddddaaaabbbbccccdddd';
let clew;

before(async () => clew = await Clew.start({keys: {[token]: 'default'}}));
after(() => clew?.stop());

const ask = (path, options = {}) => clew.ask(path, {key: token, ...options});
const api = async (path, options = {}) => {
  const response = await fetch(`${clew.http}/api/1${path}`, {...options, headers: {'x-rollbar-access-token': token, ...options.headers}});
  return {status: response.status, headers: response.headers, body: await response.json()};
};
const errorTitled = async (text) => {
  const {errors} = await ask(`/errors?q=${encodeURIComponent(text)}`);
  return errors.length === 0 ? undefined : await ask(`/errors/${errors[0].id}`);
};

test('rollbar for Node.js', async () => {
  const rollbar = new Rollbar({accessToken: token, endpoint: `${clew.http}/api/1/item/`, environment: 'development', captureUncaught: false,
    payload: {code_version: '2.0.1'}});
  function checkout() { throw new TypeError('price of 17 is unknown'); }
  try { checkout(); } catch (error) {
    rollbar.error(error, {cart: 5, password: 'hunter2'});
  }
  rollbar.warning('Hello World!');
  await new Promise((done) => rollbar.wait(done));
  const error = await eventually(() => errorTitled('price of'), 'the error');
  assert.equal(error.type, 'TypeError');
  assert.deepEqual([error.language, error.framework, error.environment, error.level], ['javascript', 'node-js', 'development', 'error']);
  assert.equal(error.latest.frames[0].method, 'checkout');
  assert.match(error.latest.frames[0].file, /clients\.test\.js$/);
  assert.equal(error.latest.version, '2.0.1');
  assert.equal(error.latest.payload.custom.cart, 5);
  assert.doesNotMatch(JSON.stringify(error.latest), /hunter2/);
  const message = await eventually(() => errorTitled('Hello World'), 'the message');
  assert.equal(message.level, 'warning');
});

test('the calls of pyrollbar', async () => {
  const output = execFileSync('/usr/bin/python3', [fileURLToPath(new URL('pyrollbar_calls.py', import.meta.url)), `${clew.http}/api/1/`, token], {encoding: 'utf8'});
  const [first, second, again, message, wrong, deploy] = output.trim().split('\n').map((line) => JSON.parse(line));
  for (const {status, body} of [first, second, again, message]) assert.deepEqual([status, body.err], [200, 0]);
  assert.equal(again.body.result.uuid, first.body.result.uuid);
  assert.deepEqual([wrong.status, wrong.body.err], [422, 1]);
  assert.match(wrong.body.message, /environment/);
  assert.ok(deploy.body.data.deploy_id > 0);

  const error = await errorTitled('no result for');
  assert.equal(error.occurrences, 2, 'the third had a uuid that was known');
  assert.equal(error.people, 1);
  assert.equal(error.affected[0].email, 'ada@example.com');
  assert.equal(error.trace_id, '0af7651916cd43dd8448eb211c80319c');
  assert.deepEqual(error.latest.frames.map(({method}) => method), ['report_exc_info']);
  assert.deepEqual(error.latest.frames[0].locals, {user: 'ada', password: '********', card: '********'});
  assert.equal(error.latest.payload.custom.api_key, '********');
  assert.match(error.latest.stack, /Caused by: ZeroDivisionError/);

  const byUuid = await api(`/item/?uuid=${first.body.result.uuid}`);
  assert.equal(byUuid.body.result.id, error.id);
  const {result: {instances}} = (await api(`/item/${error.id}/instances`)).body;
  assert.equal(instances.length, 2);
  assert.equal(instances[0].data.body.trace_chain[0].exception.class, 'ValueError');
  assert.equal((await api(`/instance/${instances[1].id}`)).body.result.data.uuid, first.body.result.uuid);
});

test('items, deploys and projects are read and changed', async () => {
  const {body: {err, result}} = await api('/items?status=active');
  assert.equal(err, 0);
  assert.ok(result.items.length >= 2 && result.total_count === result.items.length);
  const [item] = result.items;
  for (const member of ['id', 'counter', 'title', 'status', 'level', 'environment', 'total_occurrences', 'last_occurrence_timestamp', 'project_id']) {
    assert.ok(member in item, member);
  }
  const changed = await api(`/item/${item.id}`, {method: 'PATCH', headers: {'content-type': 'application/json'},
    body: JSON.stringify({status: 'resolved', resolved_in_version: '9.0.0'})});
  assert.deepEqual([changed.body.result.status, changed.body.result.resolved_in_version], ['resolved', '9.0.0']);
  assert.equal((await api(`/item_by_counter/${item.counter}`)).body.result.status, 'resolved');
  const {deploys} = (await api('/deploys')).body.result;
  assert.deepEqual([deploys[0].revision, deploys[0].status], ['abc123', 'succeeded']);
  assert.equal((await api('/projects')).body.result.length, 1);
  assert.equal((await api('/item/99999')).status, 404);
  const top = (await api('/reports/top_active_items?hours=24')).body.result;
  assert.equal(top[0].counts.length, 24);
});

test('what is refused says why, and a page of another origin may read it', async () => {
  const post = (body, headers = {}) => fetch(`${clew.http}/api/1/item/`, {method: 'POST', body, headers: {'content-type': 'application/json', origin: 'https://shop.example', ...headers}});
  for (const [body, headers, status, message] of [
    ['{"data": {', {'x-rollbar-access-token': token}, 400, /./],
    ['{"data": {}}', {}, 403, /access token required/],
    ['{"data": {}}', {'x-rollbar-access-token': 'wrong'}, 403, /not found/],
    [`{"access_token": "${token}"}`, {}, 422, /data is missing/],
    [`{"access_token": "${token}", "data": {"environment": "x", "body": {"trace": {}, "message": {}}}}`, {}, 422, /exactly one/],
    [`{"data": "${'x'.repeat(9 << 20)}"}`, {'x-rollbar-access-token': token}, 413, /too large/],
  ]) {
    const response = await post(body, headers);
    const answer = await response.json();
    assert.deepEqual([response.status, answer.err], [status, 1]);
    assert.match(answer.message, message);
    assert.equal(response.headers.get('access-control-allow-origin'), '*');
    assert.ok(Number(response.headers.get('x-rate-limit-remaining')) > 0);
  }
  const form = await post(`payload=${encodeURIComponent(JSON.stringify({access_token: token, data: {environment: 'x', body: {message: {body: 'as a form'}}}}))}`,
    {'content-type': 'application/x-www-form-urlencoded'});
  assert.equal(form.status, 200);
  assert.equal((await errorTitled('as a form')).level, 'info');
  assert.equal(await (await fetch(`${clew.http}/api/1/status/ping`)).text(), 'pong');
});

test('rollbar.js in a browser, from another origin', async () => {
  const script = readFileSync(new URL('node_modules/rollbar/dist/rollbar.min.js', import.meta.url));
  const page = `<script>_rollbarConfig = ${JSON.stringify({accessToken: token, endpoint: `${clew.http}/api/1/item/`, captureUncaught: true,
    captureUnhandledRejections: true, payload: {environment: 'production', person: {id: '42'}}})}</script><script src="/rollbar.js"></script>
    <button onclick="pay()">Pay</button><script>function pay() { throw new RangeError('no such price') }</script>`;
  const server = createServer((request, response) => {
    response.writeHead(200, {'content-type': request.url === '/rollbar.js' ? 'text/javascript' : 'text/html'});
    response.end(request.url === '/rollbar.js' ? script : page);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const {chromium} = await import('../browser/node_modules/playwright-core/index.mjs');
  const browser = await chromium.launch({executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox']});
  try {
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${server.address().port}/`);
    await tab.click('button');
    const error = await eventually(() => errorTitled('no such price'), 'the error of the page');
    assert.deepEqual([error.type, error.platform, error.framework, error.environment], ['RangeError', 'browser', 'browser-js', 'production']);
    assert.equal(error.affected[0].id, '42');
    assert.equal(error.latest.payload.request.user_ip, '127.0.0.1');
    assert.ok(error.latest.payload.body.telemetry.some(({type, body}) => type === 'dom' && body.subtype === 'click'), 'the click before it');
    assert.equal(error.latest.frames[0].method, 'pay');
  } finally {
    await browser.close();
    server.close();
    server.closeAllConnections?.();
  }
});
