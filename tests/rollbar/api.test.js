// Rollbar's API as its command lines, plugins and scripts call it: tokens and their scopes, deploys, people, projects.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Clew} from '../clients/clew.js';

const tokens = {full: 'f'.repeat(32), server: 'a'.repeat(32), browser: 'b'.repeat(32), reader: 'c'.repeat(32)};
let clew;
before(async () => clew = await Clew.start({
  keys: {[tokens.full]: 'default'},
  prepare: (stopped) => {
    stopped.run('keys', 'create', '--name', 'server', '--key', tokens.server, '--kind', 'ingest');
    stopped.run('keys', 'create', '--name', 'pages', '--key', tokens.browser, '--kind', 'ingest', '--permissions', 'send_events');
    stopped.run('keys', 'create', '--name', 'reader', '--key', tokens.reader, '--permissions', 'run_queries');
  },
}));
after(() => clew?.stop());

async function api(method, path, {token = tokens.full, body} = {}) {
  const response = await fetch(`${clew.http}/api/1${path}`, {method, headers: {'x-rollbar-access-token': token, 'content-type': 'application/json'}, body: body && JSON.stringify(body)});
  const answer = await response.json();
  assert.equal(response.headers.get('access-control-allow-origin'), '*');
  assert.ok(Number(response.headers.get('x-rate-limit-remaining-seconds')) > 0);
  for (const name of ['limit', 'remaining', 'reset']) assert.ok(Number(response.headers.get(`x-rate-limit-${name}`)) > 0, name);
  return {status: response.status, ...answer};
}
const item = (platform, more = {}) => ({data: {environment: 'production', ...(platform && {platform}), body: {message: {body: 'the till is empty'}}, ...more}});

test('what a token may do, and what it is told when it may not', async () => {
  const missing = (scope, has) => `insufficient privileges: ${scope} scope is required but the access token only has ${has}.`;
  for (const [token, method, path, body, status, message] of [
    ['browser', 'POST', '/item/', item('browser'), 200],
    ['browser', 'POST', '/item/', item('linux'), 403, missing('post_server_item', 'post_client_item')],
    ['browser', 'POST', '/item/', item(undefined), 403, missing('post_server_item', 'post_client_item')],
    ['browser', 'POST', '/deploy/', {environment: 'x', revision: '1'}, 403, missing('post_server_item', 'post_client_item')],
    ['browser', 'GET', '/items', undefined, 403, missing('read', 'post_client_item')],
    ['server', 'POST', '/item/', item('linux'), 200],
    ['server', 'POST', '/item/', item('android'), 200],
    ['server', 'GET', '/items', undefined, 403, missing('read', 'post_server_item')],
    ['reader', 'GET', '/items', undefined, 200],
    ['reader', 'POST', '/item/', item('linux'), 403, missing('post_client_item', 'read')],
    ['reader', 'PATCH', '/item/1', {status: 'resolved'}, 403, missing('write', 'read')],
    ['reader', 'GET', '/project/1/access_tokens', undefined, 403, missing('write', 'read')],
    ['full', 'PATCH', '/item/1', {status: 'active'}, 200],
  ]) {
    const answer = await api(method, path, {token: tokens[token], body});
    assert.deepEqual([answer.status, answer.err, answer.message], [status, status === 200 ? 0 : 1, message], `${token} ${method} ${path}`);
  }
  assert.equal((await api('GET', '/items', {token: 'unknown'})).status, 403);
});

test('projects, their tokens and environments', async () => {
  const {result: [project]} = await api('GET', '/projects');
  assert.deepEqual([project.name, project.status], ['default', 'enabled']);
  assert.ok(project.date_created > 1_700_000_000);
  assert.deepEqual((await api('GET', `/project/${project.id}`)).result, project);
  assert.equal((await api('GET', '/project/77')).status, 404);
  const {result: list} = await api('GET', `/project/${project.id}/access_tokens`);
  assert.deepEqual(list.map(({name, scopes}) => [name, scopes.join()]), [
    [`key ${tokens.full}`, 'read,write,post_server_item,post_client_item'], ['server', 'post_server_item,post_client_item'],
    ['pages', 'post_client_item'], ['reader', 'read']]);
  assert.ok(list.every(({access_token: shown}) => !Object.values(tokens).includes(shown)));
  const {result: {environments}} = await api('GET', '/environments');
  assert.ok(environments.some(({environment}) => environment === 'production'));
});

test('users are those who were given something to do', async () => {
  const {result: {items: [first]}} = await api('GET', '/items');
  await clew.ask(`/errors/${first.id}`, {key: tokens.full, body: {assignee: 'ada@example.com'}});
  await api('POST', '/deploy/', {body: {environment: 'staging', revision: 'abc', local_username: 'grace'}});
  const {result: {users}} = await api('GET', '/users');
  assert.deepEqual(users.map(({username, email}) => [username, email]), [['ada@example.com', 'ada@example.com'], ['grace', null]]);
  const [ada, grace] = users;
  assert.deepEqual((await api('GET', `/user/${ada.id}`)).result, ada);
  assert.equal((await api('GET', '/user/77')).status, 404);
  assert.equal((await api('GET', `/item/${first.id}`)).result.assigned_user_id, ada.id);
  const changed = await api('PATCH', `/item/${first.id}`, {body: {assigned_user_id: grace.id}});
  assert.equal(changed.result.assigned_user_id, grace.id);
  assert.equal((await api('PATCH', `/item/${first.id}`, {body: {assigned_user_id: 77}})).status, 422);
  assert.equal((await api('PATCH', `/item/${first.id}`, {body: {assigned_user_id: null}})).result.assigned_user_id, null);
  const {result: [team]} = await api('GET', '/teams');
  assert.equal(team.name, 'Everyone');
  assert.deepEqual((await api('GET', `/team/${team.id}`)).result, team);
  assert.ok((await api('GET', `/team/${team.id}/users`)).result.some(({user_id: id}) => id === grace.id));
  assert.deepEqual((await api('GET', `/user/${grace.id}/teams`)).result.teams, [team]);
});

test('deploys go from started to their end', async () => {
  const {data: {deploy_id: id}} = await api('POST', '/deploy/', {body: {environment: 'production', revision: 'f00dcafe1', status: 'started', comment: 'token=abc&card 4111 1111 1111 1111'}});
  const started = (await api('GET', `/deploy/${id}`)).result;
  assert.deepEqual([started.status, started.finish_time, started.comment], ['started', null, 'token=abc&card ********']);
  assert.equal((await api('PATCH', `/deploy/${id}`, {body: {status: 'exploded'}})).status, 422);
  for (const status of ['timed_out', 'failed', 'succeeded']) {
    const {result} = await api('PATCH', `/deploy/${id}`, {body: {status, comment: `it ${status}`}});
    assert.deepEqual([result.status, result.comment], [status, `it ${status}`]);
    assert.ok(result.finish_time >= result.start_time);
  }
  assert.equal((await api('PATCH', '/deploy/99999', {body: {status: 'failed'}})).status, 404);
  assert.equal((await api('POST', '/deploy/', {body: {environment: 'x'}})).status, 422);
  // As a shell sends it.
  const form = await fetch(`${clew.http}/api/1/deploy/`, {method: 'POST', body: new URLSearchParams({access_token: tokens.server, environment: 'staging', revision: 'f00'})});
  assert.ok((await form.json()).data.deploy_id > id);
  assert.deepEqual((await api('GET', '/deploys?environment=staging')).result.deploys.map(({revision}) => revision), ['f00', 'abc']);
});

test('a uuid is kept once: at the same time, later, and after a restart', async () => {
  const body = item('linux', {uuid: 'not-an-rfc-uuid', body: {message: {body: 'told once'}}});
  const answers = await Promise.all(Array.from({length: 20}, () => api('POST', '/item/', {body})));
  assert.ok(answers.every(({status, result}) => status === 200 && result.uuid === 'not-an-rfc-uuid'));
  const rows = async () => (await clew.query('logs', 'COUNT WHERE error.uuid = "not-an-rfc-uuid"', {key: tokens.full}))[0].COUNT;
  assert.equal(await rows(), 1);
  await api('POST', '/item/', {body});
  assert.equal(await rows(), 1);
  await clew.restart();
  assert.equal((await api('POST', '/item/', {body})).status, 200);
  assert.equal(await rows(), 1);
  const {result: found} = await api('GET', '/item/?uuid=not-an-rfc-uuid');
  assert.equal(found.total_occurrences, 1);
});

// What Rollbar's documents name; of each kind, or null where it says so.
const shapes = {
  item: {id: 'number', counter: 'number', project_id: 'number', title: 'string', hash: 'string', environment: 'string', status: 'string', level: 'string',
    framework: 'string', platform: 'string', total_occurrences: 'number', unique_occurrences: 'number', first_occurrence_id: 'number',
    first_occurrence_timestamp: 'number', last_occurrence_id: 'number', last_occurrence_timestamp: 'number', activating_occurrence_id: 'number',
    last_activated_timestamp: 'number', last_resolved_timestamp: 'null', resolved_in_version: 'null', assigned_user_id: 'null', assigned_team_id: 'null',
    group_item_id: 'null', group_status: 'number', title_lock: 'number', level_lock: 'number', controlling_id: 'number', public_item_id: 'null',
    integrations_data: 'null', last_modified_by: 'null'},
  instance: {id: 'number', project_id: 'number', item_id: 'number', timestamp: 'number', version: 'number', billable: 'number', data: 'object'},
  deploy: {id: 'number', project_id: 'number', environment: 'string', revision: 'string', status: 'string', local_username: 'string', user_id: 'number',
    comment: 'string', start_time: 'number', finish_time: 'number'},
  project: {id: 'number', account_id: 'number', name: 'string', status: 'string', date_created: 'number', date_modified: 'number', settings_data: 'object'},
  user: {id: 'number', username: 'string', email: 'string'},
};
const assertShape = (kind, document) => assert.deepEqual(
  Object.fromEntries(Object.keys(shapes[kind]).map((name) => [name, document[name] === null ? 'null' : typeof document[name]])), shapes[kind], JSON.stringify(document));

test('documents have the members that Rollbar names, of its kinds', async () => {
  const frames = [{filename: 'views.py', lineno: 3, method: 'show'}, {filename: 'cart.py', lineno: 12, method: 'total', code: 'raise Empty()', locals: {price: 7}}];
  const data = {environment: 'shapes', level: 'critical', language: 'python', framework: 'flask', platform: 'linux', code_version: '7', uuid: 'shape-1', own: {kept: true},
    body: {trace: {frames, exception: {class: 'Empty', message: 'no things'}}}};
  assert.equal((await api('POST', '/item/', {body: {data}})).status, 200);
  const {result: {items: [item], page, total_count: total}} = await api('GET', '/items?environment=shapes');
  assert.deepEqual([page, total], [1, 1]);
  assertShape('item', item);
  assert.deepEqual([item.level, item.framework, item.platform, item.title], ['critical', 'flask', 'linux', 'Empty: no things']);
  assert.deepEqual((await api('GET', `/item_by_counter/${item.counter}`)).result, item);
  const {result: {instances: [instance]}} = await api('GET', `/item/${item.id}/instances`);
  assertShape('instance', instance);
  assert.deepEqual([instance.item_id, instance.data.own, instance.data.body.trace.frames], [item.id, {kept: true}, frames]);
  assert.deepEqual((await api('GET', `/instance/${instance.id}`)).result, instance);
  assert.ok((await api('GET', '/instances')).result.instances.some(({id}) => id === instance.id));
  const {data: {deploy_id: id}} = await api('POST', '/deploy/', {body: {environment: 'shapes', revision: '7', rollbar_username: 'linus@example.com', local_username: 'linus', comment: 'new'}});
  const {result: deploy} = await api('GET', `/deploy/${id}`);
  assertShape('deploy', deploy);
  assertShape('project', (await api('GET', '/projects')).result[0]);
  // Who rolled something out is a user.
  const {result: {users}} = await api('GET', '/users');
  const linus = users.find(({id: user}) => user === deploy.user_id);
  assert.ok(linus, JSON.stringify(users));
  assertShape('item', (await api('GET', '/reports/top_active_items?environments=shapes&hours=2')).result.map(({item: top, counts}) => {
    assert.deepEqual([top.level, top.framework, top.platform, counts[0] + counts[1]], [50, 16, 0, 1]);
    return {...top, level: 'critical', framework: 'flask', platform: 'linux'};
  })[0]);
});

test('items are filtered, by several values of each kind', async () => {
  for (const [environment, level, framework] of [['one', 'error', 'django'], ['two', 'critical', 'rails'], ['three', 'warning', 'rails']]) {
    const body = {data: {environment, level, framework, body: {message: {body: `filtered in ${environment}`}}}};
    assert.equal((await api('POST', '/item/', {body})).status, 200);
  }
  const found = async (query) => (await api('GET', `/items?${query}`)).result.items.filter(({title}) => title.startsWith('filtered')).map(({environment}) => environment).sort();
  const all = (await api('GET', '/items?query=filtered')).result.items;
  assert.equal(all.length, 3);
  assert.deepEqual(await found('level=error'), ['one'], 'not those that are worse');
  assert.deepEqual(await found('level=error&level=warning'), ['one', 'three']);
  assert.deepEqual(await found('environment=one&environment=two'), ['one', 'two']);
  assert.deepEqual(await found('framework=rails&environment=one,two'), ['two']);
  const [first, second] = all;
  assert.deepEqual((await api('GET', `/items?ids=${first.id},${second.id}`)).result.items.map(({id}) => id).sort(), [first.id, second.id].sort());
  const change = async (id, body) => assert.equal((await api('PATCH', `/item/${id}`, {body})).status, 200);
  await change(first.id, {snooze_enabled: true, snooze_expiration_in_seconds: 3600});
  assert.deepEqual(await found('is_snoozed=true'), [first.environment]);
  await change(first.id, {snooze_enabled: false});
  assert.deepEqual(await found('is_snoozed=true'), []);
  await change(second.id, {status: 'muted'});
  assert.deepEqual(await found('status=muted'), [second.environment]);
  assert.equal((await found('status=muted&status=active')).length, 3);
  await clew.ask(`/errors/${first.id}`, {key: tokens.full, body: {assignee: 'ada'}});
  assert.deepEqual(await found('assigned_user=ada'), [first.environment]);
  assert.deepEqual(await found('assigned_user=assigned'), [first.environment]);
  assert.deepEqual(await found(`query=${encodeURIComponent('environment:two level:critical')}`), ['two']);
  assert.equal((await api('GET', '/items?level=loud')).status, 422);
});

test('counts by day', async () => {
  const counts = (await api('GET', '/reports/occurrence_counts')).result;
  assert.equal(counts.length, 60);
  assert.ok(counts.at(-1)[1] > 0);
  const activations = (await api('GET', '/reports/activated_counts')).result;
  assert.equal(activations.length, 60);
  assert.ok(activations.at(-1)[1] >= 3 && activations.at(-1)[0] > activations.at(-2)[0]);
});
